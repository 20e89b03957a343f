import { buildSchema, parse, print } from 'graphql'
import { expect, it } from 'vitest'
import { openAliasGuard } from './private-aliases.ts'

const guard = openAliasGuard(
  buildSchema(`type Query { things: [Thing] lamp: Lamp } union Thing = Lamp | Desk
    type Lamp { maker: Maker watts: Int } type Desk { maker: Maker legs: Int } type Maker { rank(of: Int, in: In): Int boss: Maker } input In { a: Int b: Int }`),
)

it.each([
  '{ things { ... on Lamp { maker { x: rank(of: 1) } } ... on Desk { maker { x: rank(of: 1) } } } }',
  '{ things { ... on Lamp { maker { x: rank(in: { a: 1, b: 2 }) } } ... on Desk { maker { x: rank(in: { b: 2, a: 1 }) } } } }',
  '{ things { ... on Lamp { maker { x: rank(of: 1) } } ... on Desk { maker { boss { x: rank(of: 2) } } } } lamp { x: watts } }',
])('leaves an operation as it is in which no name means several things at one path: %s', (query) => {
  const document = parse(query)
  expect(guard(document)).toEqual({ document, aliases: new Map() })
})

it('gives a name of its own to each further thing that a name means at one path, and leaves other names', () => {
  const { document, aliases } = guard(
    parse(`{ things { ... on Lamp { maker { x: rank(of: 1) y: rank boss { x: rank(of: 2) } } } ...D } lamp { x: watts maker { y: rank } } }
      fragment D on Desk { maker { x: rank(of: 2) boss { x: rank(of: 2) } } }`),
  )
  expect(print(document)).toBe(
    print(
      parse(`{ things { ... on Lamp { maker { x: rank(of: 1) y: rank boss { _1x: rank(of: 2) } } } ...D } lamp { _2x: watts maker { y: rank } } }
        fragment D on Desk { maker { _1x: rank(of: 2) boss { _1x: rank(of: 2) } } }`),
    ),
  )
  expect([...aliases]).toEqual([
    ['_1x', 'x'],
    ['_2x', 'x'],
  ])
})
