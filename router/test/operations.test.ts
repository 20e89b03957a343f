import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

describe('operations through the router', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket()
  })
  afterAll(() => market.stop())

  it('answers one query from three subgraphs, each entity asked for once', async () => {
    market.fetches.length = 0
    market.bodies.length = 0
    const { status, data, errors } = await market.post('{ newest { id products { name shippingCost } } }', {
      token: await market.token(),
    })
    expect({ status, errors }).toEqual({ status: 200, errors: undefined })
    const one = { name: 'name of p1', shippingCost: 1000 }
    const two = { name: 'name of p2', shippingCost: 2000 }
    expect(data).toEqual({
      newest: [
        { id: '1', products: [one, two] },
        { id: '2', products: [two, one] },
        { id: '3', products: [one] },
      ],
    })
    expect(market.fetches.map(({ domain }) => domain)).toEqual(['orders', 'products', 'logistics'])
    const asked = market.bodies.flatMap(
      (body) => (JSON.parse(body) as { variables: { representations?: object[] } }).variables.representations ?? [],
    )
    expect(asked.map((entity) => 'upc' in entity && entity.upc)).toEqual(['p1', 'p2', 'p1', 'p2'])
  })

  it('tells subgraphs who asks, in which language, and under which request id', async () => {
    const id = '0194d0e2-1111-7000-8000-000000000000'
    const guest = await market.post('{ whoAsks }', { headers: { 'accept-language': 'en-GB' } })
    expect(guest.data).toEqual({ whoAsks: 'guest in en' })
    const account = await market.post('{ whoAsks order(id: "1") { requestId } }', {
      token: await market.token(),
      headers: { 'x-request-id': id },
    })
    expect(account.data).toEqual({ whoAsks: 'usr_budi in id', order: { requestId: id } })
    expect(account.headers.get('x-request-id')).toBe(id)
  })

  it('gives a request an id of its own when the client’s is not a UUID', async () => {
    const { headers } = await market.post('{ echo }', { headers: { 'x-request-id': 'injected level=error' } })
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  })

  it.each(['include', 'skip'])('does nothing when a condition of @%s is null, also where it has a default', async (directive) => {
    market.fetches.length = 0
    const query = `mutation Pay($b: Boolean = true) { pay(id: "1") { id status @${directive}(if: $b) } }`
    const { data, errors } = await market.post(query, { variables: { b: null }, token: await market.token() })
    expect([data, errors?.[0]?.extensions['code'], market.fetches]).toEqual([undefined, 'BAD_USER_INPUT', []])
    const { errors: absent } = await market.post(query, { token: await market.token() })
    expect(absent).toBeUndefined()
  })

  it('asks no variable that only another operation of the document decides by', async () => {
    const query = `query A($b: Boolean! = true) { ...Asked echo @include(if: $b) } query B($b: String) { ...Asked echo(text: $b) }
      fragment Asked on Query { whoAsks }`
    const { data, errors } = await market.post(query, { operationName: 'B', variables: { b: null } })
    expect([data, errors]).toEqual([{ whoAsks: 'guest in id', echo: null }, undefined])
  })

  it('refuses null for a condition that stands in a fragment, however deep', async () => {
    const query = `query ($b: Boolean = true) { ...One } fragment One on Query { ...Two } fragment Two on Query { echo @skip(if: $b) }`
    const { errors } = await market.post(query, { variables: { b: null } })
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT')
  })

  it('does not take a client’s alias for a key or a required field', async () => {
    const query = '{ products { upc: name shippingCost weight: price __typename: upc } }'
    const { data, errors } = await market.post(query)
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      products: [
        { upc: 'name of p1', shippingCost: 1000, weight: 53_500, __typename: 'p1' },
        { upc: 'name of p2', shippingCost: 2000, weight: 53_500, __typename: 'p2' },
      ],
    })
  })

  it('puts errors of privately named fields at the names that the client chose', async () => {
    const { data, errors } = await market.post('{ products { upc: stock shippingCost } }')
    expect(data).toEqual({
      products: [
        { upc: null, shippingCost: 1000 },
        { upc: null, shippingCost: 2000 },
      ],
    })
    expect(errors?.map(({ path }) => path)).toEqual([
      ['products', 0, 'upc'],
      ['products', 1, 'upc'],
    ])
  })

  it('runs the named operation with its variables, and says when it cannot choose', async () => {
    const query = 'query A($text: String) { echo(text: $text) } query B { couriers }'
    expect((await market.post(query, { operationName: 'A', variables: { text: 'halo' } })).data).toEqual({ echo: 'halo' })
    expect((await market.post(query)).errors?.[0]?.extensions['code']).toBe('OPERATION_RESOLUTION_FAILURE')
  })

  it('says readably which variable is wrong', async () => {
    const { data, errors } = await market.post('query ($id: ID!) { order(id: $id) { id } }', { token: await market.token() })
    expect(data).toBeUndefined()
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('$id'), extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('runs mutations one after the other', async () => {
    const { data } = await market.post(
      'mutation { a: note(text: "1") pay(id: "1") { status products { name } } b: note(text: "2") }',
      { token: await market.token() },
    )
    expect(data).toEqual({ a: '1', pay: { status: 'PAID', products: [{ name: 'name of p1' }, { name: 'name of p2' }] }, b: '2' })
    expect(Object.keys(data ?? {})).toEqual(['a', 'pay', 'b'])
  })
})
