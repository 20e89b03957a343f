import { expect, it } from 'vitest'
import { parseJson } from './parse-json.ts'

const nested = (depth: number) => `${'{"a":['.repeat(depth)}${']}'.repeat(depth)}`
const long = ' '.repeat(5_000)

it('JSON is measured by its brackets, and not by those that stand in its texts', () => {
  expect(() => parseJson(nested(50) + long)).not.toThrow()
  expect(() => parseJson(nested(51) + long)).toThrow('nests at most 100 deep')
  const quoted = { a: '[\\"['.repeat(2_000), b: ['\\'], c: '\\'.repeat(101) }
  expect(parseJson(JSON.stringify(quoted))).toEqual(quoted)
  expect(parseJson(`[${Array(2_000).fill('{}').join()}]`)).toHaveLength(2_000)
})

it('JSON that nests deeper than anybody needs is refused before it is parsed, however it ends', () => {
  for (const text of [nested(10_000), '{"a":'.repeat(10_000)]) expect(() => parseJson(text)).toThrow('nests at most 100 deep')
})
