import { parse } from 'graphql'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { composeSupergraph } from '../src/compose/compose-supergraph.ts'
import { staleFiles } from '../src/compose/stale-files.ts'
import { apiOf, stripAccess } from '../src/compose/strip.ts'
import { StartProblem } from '../src/start-problem.ts'

const common = readFileSync(new URL('../../schema/common.graphql', import.meta.url), 'utf8')
const subgraph = (name: string, text: string) => ({ name, sdl: parse(common + text) })

const orders = subgraph(
  'orders',
  `type Query { order(id: ID!): Order @authenticated  ledger: [Order!]! @requiresScopes(scopes: [["admin"], ["support", "ledger"]]) }
   type Order @key(fields: "id") @authenticated { id: ID! total: Money  note: String @requiresScopes(scopes: [["support"]]) }`,
)
const products = subgraph(
  'products',
  `type Query { greeting: String! @public } type Order @key(fields: "id") { id: ID! lines: Int! }`,
)

const message = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(StartProblem)
    return (error as Error).message
  }
  throw new Error('it composed')
}

describe('composing the market', () => {
  const { full, gateway } = composeSupergraph([orders, products])

  it('keeps every access rule in the full supergraph, and addresses that nobody can own', () => {
    expect(full).toContain(
      'ledger: [Order!]! @join__field(graph: ORDERS) @requiresScopes(scopes: [["admin"], ["support", "ledger"]])',
    )
    expect(full).toContain('greeting: String! @join__field(graph: PRODUCTS) @public')
    expect(full).toContain('http://orders.invalid')
  })

  it('takes exactly the access directives and the marks of the cache out of what the gateway loads', () => {
    expect(full).toMatch(/type Money[^{]*@cacheControl\(maxAge: 3600, scope: PUBLIC\)/)
    expect(gateway).not.toMatch(/@authenticated|requiresScopes|cacheControl|SECURITY\)/)
    expect(gateway).toContain('greeting: String! @join__field(graph: PRODUCTS) @public')
    expect(gateway).toContain('@link(url: "https://pasar.example/specs/access/v1.0", import: ["@public"])')
    const used = (text: string) => (text.match(/@join__\w+\([^)]*\)/g) ?? []).toSorted()
    expect(used(gateway)).toEqual(used(full.replace(/enum cacheControl__Scope[^}]*}/, '')))
    expect(apiOf(gateway)).toBe(apiOf(full))
  })

  it('composes the same subgraphs to the same text', () => {
    expect(composeSupergraph([orders, products])).toEqual({ full, gateway })
  })

  it('refuses a security feature that the router does not enforce', () => {
    const policy = full.replace('schema\n', 'schema\n  @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)\n')
    expect(message(() => stripAccess(policy))).toBe('The supergraph links a security feature that the router does not enforce.')
  })

  it('leaves it to the gateway to hide what is inaccessible', () => {
    const hiding = subgraph('users', 'type Query { visible: String! @public  hidden: String! @inaccessible @public }')
    const composed = composeSupergraph([orders, hiding])
    expect(composed.gateway).toContain('@inaccessible')
    expect(apiOf(composed.gateway)).not.toContain('hidden')
  })

  it('names the root fields that say nobody may see them', () => {
    const open = subgraph('users', 'type Query { everyone: String! } type Mutation { signIn: String! @public  forget: String! }')
    expect(message(() => composeSupergraph([products, open]))).toMatch(/@requiresScopes:\n- Query.everyone\n- Mutation.forget$/)
  })

  it('says readably what does not compose', () => {
    const other = subgraph('users', 'type Query { greeting: String! @public }')
    expect(message(() => composeSupergraph([products, other]))).toMatch(
      /^The subgraphs do not compose:\n- INVALID_FIELD_SHARING: .*Query.greeting/,
    )
  })
})

it('says which committed file is stale, and where', () => {
  const found: Record<string, string> = { same: 'a\n', other: 'a\nb\nc\n' }
  const expected = { same: 'a\n', other: 'a\nB\nc\n', absent: 'x' }
  expect(staleFiles(expected, (path) => found[path])).toEqual(['- other, line 2', '- absent is missing'])
})
