import { parse, print } from 'graphql'
import { expect, it } from 'vitest'
import { resumedAt } from './upstream-payload.ts'

const variables = { id: 'chk_1', after: 'chk_1 7', coded: true }

const resumed = (query: string) => {
  const { query: text, variables: left } = resumedAt({ query, variables }, 'chk_1 9')
  return { text, left }
}

it('a stream goes on behind the cursor, and what only said where it began is asked no more', () => {
  const { text, left } = resumed('subscription ($id: ID!, $after: String) { checkout(id: $id, after: $after) { total } }')
  expect(text).toBe(print(parse('subscription ($id: ID!) { checkout(id: $id, after: "chk_1 9") { total } }')))
  expect(left).toEqual({ id: 'chk_1' })
})

it('a stream keeps the variables that only a fragment takes, and those of its own directives', () => {
  const fragments = 'fragment M on Money { amount ...N } fragment N on Money { text @include(if: $coded) }'
  const { text, left } = resumed(
    `subscription ($id: ID!, $coded: Boolean! = true) { checkout(id: $id) { items { ...M } total { ...M } } } ${fragments}`,
  )
  expect(text).toBe(
    print(
      parse(
        `subscription ($id: ID!, $coded: Boolean! = true) { checkout(id: $id, after: "chk_1 9") { items { ...M } total { ...M } } } ${fragments}`,
      ),
    ),
  )
  expect(left).toEqual({ id: 'chk_1', coded: true })
  expect(resumed('subscription ($id: ID!, $coded: Boolean!) @live(if: $coded) { checkout(id: $id) { total } }').left).toEqual({
    id: 'chk_1',
    coded: true,
  })
})
