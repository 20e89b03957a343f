import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { liveClient, type LiveStream } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const update = (status: string, upcs: readonly string[] = ['p1']) => ({ id: '1', status, products: upcs.map((upc) => ({ upc })) })

describe('live frames over graphql-ws', () => {
  let market: TestMarket
  let client: ReturnType<typeof liveClient>
  beforeAll(async () => {
    market = await startTestMarket()
  })
  beforeEach(async () => {
    client = liveClient(market.url, { authorization: `Bearer ${await market.token()}`, 'accept-language': 'en' })
  })
  afterEach(async () => {
    await client.dispose()
    await expect.poll(() => market.news.count('order 1') + market.news.count('events')).toBe(0)
  })
  afterAll(() => market.stop())

  /** Subscribes and waits until the subgraph listens, and the router has heard of it. */
  const follow = async (query: string, variables: Record<string, unknown> = {}, topic = 'order 1'): Promise<LiveStream> => {
    const stream = client.open({ query, variables })
    await client.open({ query: '{ whoAsks }' }).ended
    await expect.poll(() => market.news.count(topic)).toBe(1)
    return stream
  }

  it('bring fields of three subgraphs for one event', async () => {
    const stream = await follow('subscription { orderUpdated(id: "1") { id status products { name shippingCost viewedBy } } }')
    market.news.tell('order 1', update('PAID', ['p1', 'p2', 'p1']))
    const one = { name: 'name of p1', shippingCost: 1000, viewedBy: 'usr_budi in en' }
    const two = { name: 'name of p2', shippingCost: 2000, viewedBy: 'usr_budi in en' }
    expect(await stream.next()).toEqual({ data: { orderUpdated: { id: '1', status: 'PAID', products: [one, two, one] } } })
  })

  it('take aliases, fragments, and variables that only other subgraphs use', async () => {
    const query = `subscription S($id: ID!, $n: Int!, $cur: String = "USD") { o: orderUpdated(id: $id) { ...F st: status } }
      fragment F on Order { p: products { n: name idr: price usd: price(currency: $cur) ...G } } fragment G on Product { reviews(first: $n) __typename }`
    const stream = await follow(query, { id: '1', n: 2 })
    market.news.tell('order 1', update('PAID'))
    const product = { n: 'name of p1', idr: 53_500, usd: 3, reviews: ['baik', 'bagus'], __typename: 'Product' }
    expect(await stream.next()).toEqual({ data: { o: { p: [product], st: 'PAID' } } })
  })

  it('do not take a client’s alias for a key', async () => {
    const stream = await follow('subscription { orderUpdated(id: "1") { id: status products { upc: name shippingCost } } }')
    market.news.tell('order 1', update('PAID'))
    expect(await stream.next()).toEqual({
      data: { orderUpdated: { id: 'PAID', products: [{ upc: 'name of p1', shippingCost: 1000 }] } },
    })
  })

  it.each([true, false])('bring a field of another subgraph only when it is included: %s', async (wanted) => {
    const stream = await follow(
      'subscription S($b: Boolean!) { orderUpdated(id: "1") { status products @include(if: $b) { name } } }',
      { b: wanted },
    )
    market.fetches.length = 0
    market.news.tell('order 1', update('PAID'))
    const { data } = await stream.next()
    expect(data).toEqual({ orderUpdated: { status: 'PAID', ...(wanted && { products: [{ name: 'name of p1' }] }) } })
    expect(market.fetches.length).toBe(wanted ? 1 : 0)
  })

  it('tell what kind of event it was', async () => {
    const stream = await follow(
      'subscription { orderEvents { __typename order { id products { name } } ... on Shipped { carrier } ... on Paid { amount } } }',
      {},
      'events',
    )
    market.news.tell('events', { __typename: 'Shipped', carrier: 'JNE', order: update('SHIPPED') })
    expect(await stream.next()).toEqual({
      data: { orderEvents: { __typename: 'Shipped', carrier: 'JNE', order: { id: '1', products: [{ name: 'name of p1' }] } } },
    })
  })

  it('keep the rest of a frame when a field of the event fails, and say which', async () => {
    const stream = await follow('subscription { orderUpdated(id: "1") { id secret products { name } } }')
    market.news.tell('order 1', update('PAID'))
    const { data, errors } = await stream.next()
    expect(data).toEqual({ orderUpdated: { id: '1', secret: null, products: [{ name: 'name of p1' }] } })
    expect(errors).toEqual([
      { message: 'The secret changed', path: ['orderUpdated', 'secret'], extensions: { code: 'CONFLICT' } },
    ])
  })

  it('go on when another subgraph fails for one of them', async () => {
    const stream = await follow('subscription { orderUpdated(id: "1") { id products { price } } }')
    market.switches.productsFail = true
    market.news.tell('order 1', update('PAID'))
    const failed = await stream.next()
    expect(failed.data).toEqual({ orderUpdated: { id: '1', products: [{ price: null }] } })
    expect(failed.errors?.[0]).toMatchObject({ message: 'Internal server error', path: ['orderUpdated', 'products', 0] })
    market.switches.productsFail = false
    market.news.tell('order 1', update('SHIPPED'))
    expect(await stream.next()).toEqual({ data: { orderUpdated: { id: '1', products: [{ price: 53_500 }] } } })
  })

  it('may be empty', async () => {
    const stream = await follow('subscription { orderUpdated(id: "1") { id products { name } } }')
    market.news.tell('order 1', null)
    expect(await stream.next()).toEqual({ data: { orderUpdated: null } })
  })

  it('come in the order of the events, however many come at once, to each subscriber', async () => {
    const query = 'subscription { orderUpdated(id: "1") { status products { name } } }'
    const streams = [await follow(query), await follow(query), await follow(query)]
    for (let index = 0; index < 50; index += 1) market.news.tell('order 1', update(String(index), [`p${index}`]))
    for (const stream of streams) {
      for (let index = 0; index < 50; index += 1) {
        expect(await stream.next()).toEqual({
          data: { orderUpdated: { status: String(index), products: [{ name: `name of p${index}` }] } },
        })
      }
    }
  })

  it('equal what a query says at that moment', async () => {
    const selection = '{ id status products { name price shippingCost } }'
    const stream = await follow(`subscription { orderUpdated(id: "1") ${selection} }`)
    market.news.tell('order 1', update('NEW', ['p1', 'p2']))
    const query = await market.post(`{ order(id: "1") ${selection} }`, { token: await market.token() })
    expect((await stream.next()).data?.['orderUpdated']).toEqual(query.data?.['order'])
  })

  it('release the upstream when the client has enough', async () => {
    const stream = await follow('subscription { orderUpdated(id: "1") { id } }')
    stream.stop()
    await expect.poll(() => market.news.count('order 1')).toBe(0)
  })

  it('release the upstream when the socket closes', async () => {
    await follow('subscription { orderUpdated(id: "1") { id } }')
    client.terminate()
    await expect.poll(() => market.news.count('order 1')).toBe(0)
  })

  it('share a socket with queries and mutations', async () => {
    const query = client.open({ query: '{ whoAsks products { upc: name } }' })
    expect(await query.next()).toEqual({
      data: { whoAsks: 'usr_budi in en', products: [{ upc: 'name of p1' }, { upc: 'name of p2' }] },
    })
    expect(await query.ended).toBe('complete')
    const mutation = client.open({ query: 'mutation ($t: String!) { note(text: $t) }', variables: { t: 'halo' } })
    expect(await mutation.next()).toEqual({ data: { note: 'halo' } })
  })
})

describe('subscriptions that cannot start', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket()
  })
  afterAll(() => market.stop())

  it.each([
    ['two root fields', 'subscription { orderEvents { __typename } refusing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a condition on the root field',
      'subscription S($b: Boolean = true) { orderEvents @include(if: $b) { __typename } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a condition in a fragment',
      'subscription S($b: Boolean = true) { ...F } fragment F on Subscription { orderEvents @skip(if: $b) { __typename } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a missing variable', 'subscription S($id: ID!) { orderUpdated(id: $id) { id } }', 'BAD_USER_INPUT'],
    ['no such field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no syntax', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['a deferred part', 'subscription { orderEvents { ... @defer { __typename } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a guest where an account is needed', 'subscription { orderUpdated(id: "1") { id } }', 'UNAUTHENTICATED'],
    ['a field that only staff may see', 'subscription { orderEvents { order { margin } } }', 'UNAUTHENTICATED'],
    [
      'too many aliases',
      `subscription { orderEvents { ${Array.from({ length: 31 }, (_, index) => `a${index}: __typename`).join(' ')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['what the subgraph refuses', 'subscription { refusing }', 'FORBIDDEN'],
    ['a query that is refused', '{ ledger }', 'UNAUTHENTICATED'],
  ])('say why: %s', async (_, query, code) => {
    const client = liveClient(market.url)
    const ending = await client.open({ query }).ended
    expect(ending).toMatchObject([{ extensions: { code } }])
    await client.dispose()
  })
})
