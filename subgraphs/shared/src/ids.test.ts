import { expect, it } from 'vitest'
import { derivedId, idParser, newId } from './ids.ts'

it('says at a glance what an id is of and sorts by time', () => {
  const first = newId('order')
  const second = newId('order')
  expect(first).toMatch(/^ord_[0-9a-z]{26}$/)
  expect(first < second || first.slice(0, 14) === second.slice(0, 14)).toBe(true)
})

it("refuses another kind's id, naming the field", () => {
  const parse = idParser('order')
  expect(parse(newId('order'))).toMatch(/^ord_/)
  expect(() => parse(newId('shop'), 'orderId')).toThrow('orderId: expected an id that starts with ord_')
  expect(() => parse("ord_'; DROP TABLE orders")).toThrow('expected an id')
  expect(() => parse('')).toThrow('expected an id')
  const id = newId('order')
  for (const wrong of [`${id}0`, id.slice(0, -1), `${id}\n`, id.toUpperCase(), id.replace(/.$/, 'u'), id.replace('_0', '_8')])
    expect(() => parse(wrong)).toThrow('expected an id')
})

it('gives one outside identity always the same id', () => {
  const id = derivedId('product', 'Keyboard', 'Jakarta Utara', '53500')
  expect(derivedId('product', 'Keyboard', 'Jakarta Utara', '53500')).toBe(id)
  expect(derivedId('product', 'Keyboard', 'Jakarta', 'Utara53500')).not.toBe(id)
  expect(idParser('product')(id)).toBe(id)
})
