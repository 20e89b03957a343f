import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAccessIndex } from '../src/access/access-index.ts'
import { composeTestMarket, startTestMarket, type TestMarket } from './support/test-market.ts'
import { testMarketSdl } from './support/test-market-sdl.ts'

type Who = 'guest' | 'buyer' | 'support' | 'admin'
const everyone: readonly Who[] = ['guest', 'buyer', 'support', 'admin']
const signedIn = everyone.slice(1)

/** Operation, the path that a refusal names, and who passes. */
const rules: readonly (readonly [string, readonly string[], readonly Who[]])[] = [
  ['{ echo }', [], everyone],
  ['{ ledger }', ['ledger'], ['support', 'admin']],
  ['{ named: ledger }', ['named'], ['support', 'admin']],
  ['{ ... { ...F } } fragment F on Query { ledger }', ['ledger'], ['support', 'admin']],
  ['{ order(id: "1") { id } }', ['order'], signedIn],
  ['{ order(id: "1") { margin } }', ['order', 'margin'], ['admin']],
  ['{ order(id: "1") { products { cost } } }', ['order', 'products', 'cost'], ['admin']],
  ['{ products { name } }', [], everyone],
  ['{ products { name cost } }', ['products', 'cost'], ['admin']],
  ['{ products { ...F } } fragment F on Product { ... on Product { profit: cost } }', ['products', 'profit'], ['admin']],
  ['{ products @skip(if: true) { cost } }', ['products', 'cost'], ['admin']],
  ['{ anything { id } }', [], everyone],
  ['{ sealed { id } }', ['sealed'], signedIn],
  ['{ search { ... on Named { name } } }', ['search', 'name'], signedIn],
  ['{ search { ... on Label { ... on Named { name } } } }', [], everyone],
  ['{ anything { ... on Order { private } } }', ['anything', 'private'], signedIn],
  ['{ anything { ... on Node { ... on Order { margin } } } }', ['anything', 'margin'], ['admin']],
  ['{ search { ... on Product { name } ... on Order { status } } }', [], everyone],
  ['{ search { ... on Product { cost } } }', ['search', 'cost'], ['admin']],
  ['{ search { ... on Card { number } } }', ['search', 'number'], signedIn],
  ['{ search { ... on Order { products { cost } } } }', ['search', 'products', 'cost'], ['admin']],
  ['{ search { ... on Node { ... on Order { products { cost } } } } }', ['search', 'products', 'cost'], ['admin']],
  ['{ search { ... on Node { ... on Order { margin } } } }', ['search', 'margin'], ['admin']],
  ['{ card { number } }', ['card'], signedIn],
  ['{ card { __typename } }', ['card'], signedIn],
  ['mutation { pay(id: "1") { id } }', ['pay'], signedIn],
  ['mutation { note(text: "") pay(id: "1") { margin } }', ['pay', 'margin'], ['admin']],
]

describe('who may ask what', () => {
  let market: TestMarket
  const tokens: Partial<Record<Who, string>> = {}
  beforeAll(async () => {
    market = await startTestMarket()
    tokens.buyer = await market.token()
    tokens.support = await market.token({ roles: ['support'] })
    tokens.admin = await market.token({ roles: ['admin'] })
  })
  afterAll(() => market.stop())

  const cases = rules.flatMap(([query, path, allowed]) =>
    everyone.map((who) => ({ query, path, who, passes: allowed.includes(who) })),
  )

  it.each(cases)('$query as $who: $passes', async ({ query, path, who, passes }) => {
    market.fetches.length = 0
    const token = tokens[who]
    const { data, errors } = await market.post(query, token === undefined ? {} : { token })
    if (passes) {
      expect(errors).toBeUndefined()
      expect(data).not.toBeNull()
      return
    }
    expect(data).toBeUndefined()
    const code = who === 'guest' ? 'UNAUTHENTICATED' : 'FORBIDDEN'
    expect(errors?.map((error) => error.extensions['code'])).toContain(code)
    expect(errors?.map((error) => error.path)).toContainEqual(path)
    expect(market.fetches).toEqual([])
  })
})

describe('a supergraph with a gap in its access rules', () => {
  it('does not open when a root field has no rule', () => {
    const open = {
      ...testMarketSdl,
      logistics: testMarketSdl.logistics.replace('couriers: [String!]! @public', 'couriers: [String!]!'),
    }
    expect(() => openAccessIndex(composeTestMarket(open).full)).toThrow('Query.couriers')
  })

  it('does not open from the stripped artefact, which has lost the rules', () => {
    expect(() => openAccessIndex(composeTestMarket().gateway)).toThrow('Query.order')
  })

  it('asks for the rules of the type, of the field and of its values', () => {
    const index = openAccessIndex(`
      type Query @public { any: Thing  closed: Closed }
      interface Thing { id: ID  note: String }
      type Open implements Thing { id: ID  note: String }
      type Closed implements Thing @authenticated { id: ID  note: String @requiresScopes(scopes: [["admin"]]) }
      directive @public on OBJECT | FIELD_DEFINITION
      directive @authenticated on OBJECT | FIELD_DEFINITION
      directive @requiresScopes(scopes: [[String]]) on FIELD_DEFINITION`)
    expect(index.rulesOf('Closed', 'note')).toEqual([{ kind: 'authenticated' }, { kind: 'scopes', anyOf: [['admin']] }])
    expect(index.rulesOf('Query', 'closed')).toEqual([{ kind: 'authenticated' }])
    expect(index.rulesOf('Open', 'note')).toEqual([])
    expect([...index.possibleTypes('Thing')]).toEqual(['Open', 'Closed'])
  })
})
