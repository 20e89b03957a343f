import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { routerLimits } from '../src/safety/limits.ts'
import { readEvents } from './support/event-stream.ts'
import { liveClient } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const stock = 'subscription ($after: String) { stockChanged(upc: "p1", after: $after) { cursor left product { name } } }'

describe('operations over server-sent events', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket()
  })
  afterAll(() => market.stop())

  it('bring the frames of a subscription, and share its stream with sockets', async () => {
    const events = await readEvents(market.url, { query: stock })
    expect(events.status).toBe(200)
    expect(events.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    })
    const client = liveClient(market.url)
    const stream = client.open({ query: stock })
    await client.open({ query: '{ whoAsks }' }).ended
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    market.journal.add('stock p1', { left: 4, product: { upc: 'p1' } })
    const frame = { data: { stockChanged: { cursor: 'stock p1 1', left: 4, product: { name: 'name of p1' } } } }
    expect(await events.next()).toEqual({ event: 'next', data: frame })
    expect(await stream.next()).toEqual(frame)
    events.close()
    await client.dispose()
    await expect.poll(() => market.journal.count('stock p1')).toBe(0)
    const resumed = await readEvents(market.url, { query: stock, variables: { after: 'stock p1 0' } })
    expect(await resumed.next()).toEqual({ event: 'next', data: frame })
    resumed.close()
  })

  it.each([
    ['a query', { query: '{ whoAsks }' }, { data: { whoAsks: 'guest in en' } }],
    ['a mutation', { query: 'mutation { note(text: "halo") }' }, { data: { note: 'halo' } }],
    ['a refusal', { query: '{ ledger }' }, { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }],
    [
      'a deferred part',
      { query: '{ products { ... @defer { name } } }' },
      {
        errors: [
          { message: expect.stringContaining('@defer is not available'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
        ],
      },
    ],
    [
      'a subscription that its subgraph refuses',
      { query: 'subscription { refusing }' },
      { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ],
  ])('bring the one result of %s, and end', async (_, body, result) => {
    const events = await readEvents(market.url, body, { 'accept-language': 'en' })
    expect(await events.next()).toMatchObject({ event: 'next', data: result })
    expect(await events.next()).toEqual({ event: 'complete' })
    expect(await events.next()).toBe('closed')
  })

  it('need a valid token, and JSON, as over HTTP', async () => {
    const { status, headers } = await readEvents(market.url, { query: stock }, { authorization: 'Bearer nonsense' })
    expect([status, headers['content-type']]).toEqual([401, 'application/json; charset=utf-8'])
    expect((await readEvents(market.url, { query: stock }, { 'content-type': 'text/plain' })).status).toBe(415)
    const subscription = await market.post(stock)
    expect(subscription.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
  })

  it('end with an error when their token expires', async () => {
    const authorization = `Bearer ${await market.token({ expiresInSeconds: 1 })}`
    const events = await readEvents(market.url, { query: stock }, { authorization })
    expect(await events.next()).toMatchObject({ event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
    expect(await events.next()).toEqual({ event: 'complete' })
    await expect.poll(() => market.journal.count('stock p1')).toBe(0)
  })

  it('tell their client to come again when the router stops', async () => {
    const own = await startTestMarket()
    const events = await readEvents(own.url, { query: stock })
    await expect.poll(() => own.journal.count('stock p1')).toBe(1)
    await own.stop()
    expect(await events.next()).toMatchObject({
      event: 'next',
      data: { errors: [{ extensions: { code: 'SUBSCRIPTION_GOING_AWAY', retryable: true } }] },
    })
    expect(await events.next()).toEqual({ event: 'complete' })
    expect(own.journal.count('stock p1')).toBe(0)
  })

  it('begin one at a time on a connection, and leave nothing behind when it closes', async () => {
    const authorization = `Bearer ${await market.token()}`
    const post = (upc: string) => {
      const body = JSON.stringify({ query: stock.replace('p1', upc) })
      const headers = { host: 'pasar', 'content-type': 'application/json', accept: 'text/event-stream', authorization }
      const lines = Object.entries({ ...headers, 'content-length': body.length }).map(([name, value]) => `${name}: ${value}\r\n`)
      return `POST /graphql HTTP/1.1\r\n${lines.join('')}\r\n${body}`
    }
    for (let pairs = 0; pairs < routerLimits.connectionsPerAccountMax; pairs += 1) {
      const socket = connect(market.http.port, '127.0.0.1')
      socket.write(post('p1') + post('p2'))
      const [said] = (await once(socket, 'data')) as [Buffer]
      expect(String(said)).toContain('HTTP/1.1 200')
      await expect.poll(() => market.journal.count('stock p1'), { interval: 5 }).toBe(1)
      await market.post('{ whoAsks }')
      expect([market.journal.count('stock p1'), market.journal.count('stock p2')]).toEqual([1, 0])
      socket.destroy()
      await expect.poll(() => market.router.upstreams(), { interval: 5 }).toBe(0)
    }
    const events = await readEvents(market.url, { query: stock }, { authorization })
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    events.close()
    await expect.poll(() => market.router.upstreams()).toBe(0)
  })

  it('show a sign of life while nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const events = await readEvents(market.url, { query: stock })
      await expect.poll(() => market.journal.count('stock p1')).toBe(1)
      vi.advanceTimersByTime(12_000)
      expect(await events.next()).toEqual({ event: 'alive' })
      events.close()
    } finally {
      vi.useRealTimers()
    }
  })
})
