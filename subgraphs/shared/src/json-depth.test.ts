import { expect, it } from 'vitest'
import { parseJson } from './http.ts'
import { jsonNestsDeeperThan } from './json-depth.ts'

const nested = (depth: number) => `${'{"a":['.repeat(depth)}${']}'.repeat(depth)}`

it('JSON is measured by its brackets, and not by those that stand in its texts', () => {
  expect(jsonNestsDeeperThan(nested(5), 10)).toBe(false)
  expect(jsonNestsDeeperThan(nested(5), 9)).toBe(true)
  expect(jsonNestsDeeperThan(JSON.stringify({ a: '{[\\"{[', b: ['\\'] }), 2)).toBe(false)
  expect(jsonNestsDeeperThan('{}{}{}{}', 1)).toBe(false)
})

it('JSON that nests deeper than anybody needs is refused before it is parsed, however it ends', () => {
  for (const text of [nested(10_000), '{"a":'.repeat(10_000)]) expect(() => parseJson(text)).toThrow('nests at most 100 deep')
  expect(parseJson(JSON.stringify({ note: '['.repeat(5_000) }))).toEqual({ note: '['.repeat(5_000) })
})
