import type { FetchNode } from '@apollo/query-planner'
import { describe, expect, it } from 'vitest'
import { openCacheIndex } from '../../src/cache/cache-index.ts'
import { compileFetchPolicy } from '../../src/cache/fetch-policy.ts'
import { composeMarks } from './small-graph.ts'

const mark = '@cacheControl(maxAge: 60, scope: PUBLIC)'
const index = openCacheIndex(
  composeMarks(`
    type Product @key(fields: "id") { id: ID!  title: String ${mark}  maker: Maker ${mark}  any: Any ${mark}  note: String }
    type Maker @key(fields: "id") { id: ID!  name: String @cacheControl(maxAge: 5, scope: PUBLIC) }
    union Any = Maker | Shop
    type Shop @key(fields: "id") { id: ID!  name: String ${mark} }
  `),
)

const requires = (...names: string[]) => {
  const selections = ['__typename', ...names].map((name) => ({ kind: 'Field' as const, name }))
  return [{ kind: 'InlineFragment' as const, typeCondition: 'Product', selections }]
}

const policyOf = (fields: string, { isTold = true, ...rest }: Partial<FetchNode> & { isTold?: boolean } = {}) => {
  const operation = `query Some__one__1($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { ${fields} } } }`
  const fetch = { kind: 'Fetch', serviceName: 'one', requires: requires('id'), operation, ...rest } as FetchNode
  return compileFetchPolicy(index, fetch, isTold)
}

describe('the answers to a fetch may be kept', () => {
  it('for the time of the shortest-lived field', () => {
    expect(policyOf('title', { isTold: false })?.maxAgeMs).toBe(60_000)
    expect(policyOf('title maker { id name }', { isTold: false })?.maxAgeMs).toBe(5_000)
  })

  it('for a minute at least where events drop what has changed', () => {
    expect(policyOf('title maker { id name }')?.maxAgeMs).toBe(60_000)
  })

  it('not when a field, or what names the entities, is not marked', () => {
    expect(policyOf('title note')).toBeUndefined()
    expect(policyOf('title', { requires: requires('id', 'note') })).toBeUndefined()
    expect(policyOf('title', { inputRewrites: [{ kind: 'ValueSetter', path: ['__typename'], setValueTo: 'X' }] })).toBeUndefined()
  })

  it('not when values of another entity come without its id, under its own name', () => {
    expect(policyOf('maker { id }')).toBeDefined()
    for (const fields of ['maker { name }', 'maker { id: name }', 'maker { key: id name }', 'any { ... on Shop { id name } }'])
      expect([fields, policyOf(fields)]).toEqual([fields, undefined])
  })
})

it('an answer says of which entities it is, or is not kept', () => {
  const policy = policyOf('title maker { id name }')!
  const product = '{"__typename":"Product","id":"p1"}'
  expect(policy.tagsOf(product, { title: 'Kopi', maker: { id: 'm1', name: 'Pabrik' } })).toEqual(['Product p1', 'Maker m1'])
  expect(policy.tagsOf(product, { title: 'Kopi', maker: null })).toEqual(['Product p1'])
  expect(policy.tagsOf(product, { title: 'Kopi', maker: { name: 'Pabrik' } })).toBeUndefined()
  expect(policy.tagsOf('{"__typename":"Product","upc":"1"}', { title: 'Kopi' })).toBeUndefined()
})
