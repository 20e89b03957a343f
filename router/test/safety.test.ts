import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getIntrospectionQuery } from 'graphql'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

/** Fragments that spread the next one `base` times: a few hundred bytes that write out to base^levels fields. */
const bomb = (base: number, levels: number) =>
  `{ ...F0 } ${times(levels, (level) => `fragment F${level} on Query { ${times(base, () => (level === levels - 1 ? 'echo' : `...F${level + 1}`))} }`)}`

const nested = (depth: number) => `query { search { ${'... on Order { products { '.repeat(depth)} upc ${'} }'.repeat(depth)} } }`

const hostile: readonly (readonly [string, string, string, string?])[] = [
  ['2,001 tokens', `{ ${times(2000, () => 'echo')} }`, 'GRAPHQL_PARSE_FAILED'],
  ['a bomb of fragments by two', bomb(2, 30), 'GRAPHQL_VALIDATION_FAILED', 'selections'],
  ['a bomb of fragments by ten', bomb(10, 9), 'GRAPHQL_VALIDATION_FAILED', 'selections'],
  ['a fragment that contains itself', '{ ...F } fragment F on Query { ...F }', 'GRAPHQL_VALIDATION_FAILED', 'selections'],
  [
    '2,000 fragments around a few fields',
    `{ products { ${times(20, () => '...F0')} } } ${times(100, (index) => `fragment F${index} on Product { ...F${index + 1} }`)} fragment F100 on Product { upc }`,
    'GRAPHQL_VALIDATION_FAILED',
    'selections',
  ],
  ['31 aliases', `{ products { ${times(31, (index) => `a${index}: name`)} } }`, 'GRAPHQL_VALIDATION_FAILED', 'aliases'],
  ['16 root fields', `{ ${times(16, () => 'echo')} }`, 'GRAPHQL_VALIDATION_FAILED', 'rootFields'],
  ['21 levels', nested(20), 'GRAPHQL_VALIDATION_FAILED', 'depth'],
  ['51 directives', `{ echo ${times(51, () => '@skip(if: false)')} }`, 'GRAPHQL_VALIDATION_FAILED', 'directives'],
  [
    'two tries of a password',
    'mutation { a: signIn(email: "a") b: signIn(email: "b") }',
    'GRAPHQL_VALIDATION_FAILED',
    'sensitiveMutations',
  ],
  [
    'two tries through fragments',
    'mutation { a: signIn(email: "a") ...F } fragment F on Mutation { b: signIn(email: "b") }',
    'GRAPHQL_VALIDATION_FAILED',
    'sensitiveMutations',
  ],
  [
    'a fragment named like introspection that is deep',
    `{ ...__schema } fragment __schema on Query { ${nested(20).slice(8, -1)} }`,
    'GRAPHQL_VALIDATION_FAILED',
    'depth',
  ],
  ['a value 900 objects deep', `{ tree(where: ${'{and:'.repeat(900)}{}${'}'.repeat(900)}) }`, 'GRAPHQL_PARSE_FAILED'],
  [
    'a value 25 objects deep',
    `{ tree(where: ${'{and:'.repeat(25)}{}${'}'.repeat(25)}) }`,
    'GRAPHQL_VALIDATION_FAILED',
    'valueDepth',
  ],
  [
    'a default value 11 lists deep',
    `query ($w: Where = {and:${'['.repeat(10)}${']'.repeat(10)}}) { tree(where: $w) }`,
    'GRAPHQL_VALIDATION_FAILED',
    'valueDepth',
  ],
  ['a field under a name of 101 characters', `{ ${'a'.repeat(101)}: echo }`, 'GRAPHQL_VALIDATION_FAILED', 'nameCharacters'],
  [
    'an operation with a name of 101 characters',
    `query ${'a'.repeat(101)} { echo }`,
    'GRAPHQL_VALIDATION_FAILED',
    'nameCharacters',
  ],
  ['a query that does not parse', '{ echo', 'GRAPHQL_PARSE_FAILED'],
  ['a subscription over HTTP', 'subscription { orderEvents { order { id } } }', 'BAD_REQUEST'],
]

describe('operations that ask too much', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket()
  })
  afterAll(() => market.stop())

  const cases = hostile.map(([name, query, code, limit]) => ({ name, query, code, limit }))

  it.each(cases)('refuses $name before any subgraph hears of it', async ({ query, code, limit }) => {
    market.fetches.length = 0
    const { data, errors, status } = await market.post(query)
    expect({ status, data, code: errors?.[0]?.extensions['code'] }).toEqual({ status: 200, data: undefined, code })
    if (limit) expect(errors?.map(({ extensions }) => extensions['limit'])).toContain(limit)
    expect(market.fetches).toEqual([])
  })

  it('lets an ordinary operation of the allowed size pass', async () => {
    const { errors } = await market.post(`{ ${times(15, (index) => `a${index}: echo(text: "${index}")`)} }`)
    expect(errors).toBeUndefined()
  })

  it('lets names of the allowed length pass', async () => {
    const name = 'a'.repeat(100)
    const { data, errors } = await market.post(`query ${name} { ${name}: echo(text: "x") }`)
    expect({ data, errors }).toEqual({ data: { [name]: 'x' }, errors: undefined })
  })

  it('plans values of the allowed depth', async () => {
    const { data } = await market.post(`{ tree(where: ${'{and:'.repeat(9)}{}${'}'.repeat(9)}) }`)
    expect(data).toEqual({ tree: 'tree' })
  })

  it('refuses variables that nest without end', async () => {
    const deep = JSON.parse(`${'{"and":['.repeat(30)}{}${']}'.repeat(30)}`) as object
    const { errors } = await market.post('query ($where: Where) { tree(where: $where) }', { variables: { where: deep } })
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT')
  })

  it('refuses variables that nest deeper than any stack', async () => {
    const depth = 100_000
    const variables = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const { status, errors } = await market.postText(`{"query":"{ __typename }","variables":${variables}}`)
    expect([status, errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_USER_INPUT'])
  })

  it('keeps nothing of hostile names: no object of the process learns a property', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      const { data, errors } = await market.post(
        `query ($${name}: String) { ${name}: echo(text: $${name}) products { ${name}: name } }`,
        { variables: { other: 1 } },
      )
      expect(errors).toBeUndefined()
      expect(Object.keys(data ?? {})).toContain(name)
    }
    expect(({} as Record<string, unknown>)['name of p1']).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('answers the playground’s question for the schema', async () => {
    const { data, errors } = await market.post(getIntrospectionQuery())
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).toContain('orderUpdated')
    expect(JSON.stringify(data)).not.toMatch(/join__|_entities|requiresScopes/)
  })

  it('helps a developer with a misspelt name', async () => {
    expect((await market.post('{ ech }')).errors?.[0]?.message).toContain('Did you mean "echo"')
  })
})

describe('in production', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket({ env: { NODE_ENV: 'production' } })
  })
  afterAll(() => market.stop())

  it.each(['{ __schema { queryType { name } } }', '{ __type(name: "Query") { name } }', getIntrospectionQuery()])(
    'keeps the schema to itself',
    async (query) => {
      const { data, errors } = await market.post(query)
      expect({ data, code: errors?.[0]?.extensions['code'] }).toEqual({ data: undefined, code: 'GRAPHQL_VALIDATION_FAILED' })
    },
  )

  it('suggests no names', async () => {
    const { errors } = await market.post('query ($w: Where) { ech tree(wher: $w) }', { variables: { w: { tex: 'x' } } })
    expect(errors?.length).toBeGreaterThan(1)
    expect(JSON.stringify(errors)).not.toContain('Did you mean')
    const { errors: unfit } = await market.post('query ($w: Where) { tree(where: $w) }', { variables: { w: { tex: 'x' } } })
    expect(JSON.stringify(unfit)).not.toContain('Did you mean')
  })
})
