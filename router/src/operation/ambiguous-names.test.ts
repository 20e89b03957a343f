import { parse, visit, type DocumentNode } from 'graphql'
import { expect, it } from 'vitest'
import { ambiguousNames } from './ambiguous-names.ts'

/** Counts how often somebody reads what is selected in the field of that name. */
function countLooks(document: DocumentNode, name: string): () => number {
  let looks = 0
  visit(document, {
    Field({ name: { value }, selectionSet }) {
      if (value !== name || !selectionSet) return
      const { selections } = selectionSet
      const get = () => {
        looks += 1
        return selections
      }
      Object.defineProperty(selectionSet, 'selections', { get, enumerable: true })
    },
  })
  return () => looks
}

const many = Array.from({ length: 200 }, (_, number) => `query Look${number} { ...Shelf }`).join(' ')

it('a place that many operations lead to is looked at as often as one that a single one leads to', () => {
  const [looksOfOne, looksOfMany] = ['query Look { ...Shelf }', many].map((operations) => {
    const document = parse(
      `${operations} fragment Shelf on Query { lamp(of: 1) { id } lowest { lamp(of: 2) { id } lamp(of: 3) { id } } }`,
    )
    const looks = countLooks(document, 'lowest')
    expect([...ambiguousNames(document)]).toEqual([['lamp', ['lamp(of: 1)', 'lamp(of: 2)', 'lamp(of: 3)']]])
    return looks()
  })
  expect(looksOfOne).toBeGreaterThan(0)
  expect(looksOfMany).toBe(looksOfOne)
})
