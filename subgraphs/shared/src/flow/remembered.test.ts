import { expect, it } from 'vitest'
import { remembered } from './remembered.ts'

it('what was made of a text is made once, until there are too many or the text is long', () => {
  const made: string[] = []
  const upper = remembered(2, (text) => {
    made.push(text)
    return text.toUpperCase()
  })
  expect([upper('a'), upper('a'), upper('b')]).toEqual(['A', 'A', 'B'])
  expect(made).toEqual(['a', 'b'])
  upper('c')
  upper('a')
  expect(made).toEqual(['a', 'b', 'c', 'a'])
  const long = 'x'.repeat(1_000)
  upper(long)
  expect(upper(long)).toBe(long.toUpperCase())
  expect(made.filter((text) => text === long)).toHaveLength(2)
})
