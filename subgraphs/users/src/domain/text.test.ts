import { expect, it, vi } from 'vitest'
import { parseText } from './text.ts'

const rule = { field: 'name', max: 100 }

it('a text is refused unread where it is far too long, however much work it would make', () => {
  const normalize = vi.spyOn(String.prototype, 'normalize')
  expect(() => parseText('\u0301\u0323'.repeat(43_500), rule)).toThrow('name: expected 1 to 100 characters')
  expect(normalize).not.toHaveBeenCalled()
  normalize.mockRestore()
})

it('a text may be as long as it may, whatever it was typed with and whatever space is around it', () => {
  expect(parseText('\u03B1\u0313\u0300\u0345'.repeat(100), rule)).toBe('\u1F82'.repeat(100))
  expect(parseText(`${' '.repeat(500)}Budi${' '.repeat(500)}`, rule)).toBe('Budi')
})
