import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { breakingChanges } from './breaking-changes.ts'
import { composeSupergraph } from './compose-supergraph.ts'

const head = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])
`
const composed = (sdl: string) => composeSupergraph([{ name: 'shops', sdl: parse(head + sdl) }]).full

const before = composed('type Query { shop(id: ID): Shop @authenticated } type Shop { name: String open: Boolean }')

describe('a change of the graph', () => {
  it('breaks no client when it only adds', () => {
    const after = composed(
      'type Query { shop(id: ID): Shop @authenticated } type Shop { name: String! open: Boolean city: String }',
    )
    expect(breakingChanges(before, after)).toEqual([])
  })

  it('breaks clients when a field goes, an argument becomes required or a type changes, and says which', () => {
    const after = composed('type Query { shop(id: ID!): Shop @authenticated } type Shop { name: Int }')
    const told = breakingChanges(before, after).join('\n')
    for (const what of ['Query.shop arg id', 'Shop.name changed type', 'Shop.open was removed']) expect(told).toContain(what)
  })
})
