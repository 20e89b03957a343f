import { localTransport } from '@pasar/shared/process/addresses'
import type { HttpServer } from '@pasar/shared/http/server'
import { iteratorOf } from '@pasar/shared/flow/iterators'
import { openLog } from '@pasar/shared/log'
import type { Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { serveSubgraph } from '@pasar/shared/subgraph/server'
import { httpTransport } from '@pasar/shared/http/transport'
import { guest } from '@pasar/shared/identity/viewer'
import type { ExecutionResult, GraphQLError } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifyBearer } from '../src/identity/identify.ts'
import { Mailbox } from '../src/live/mailbox.ts'
import { Pipe } from '../src/live/pipe.ts'
import { routerLimits } from '../src/safety/limits.ts'
import type { Caller } from '../src/subgraph/send.ts'
import { readEvents } from './support/event-stream.ts'
import { liveClient, type Frame, type LiveStream } from './support/live-client.ts'
import { composeTestMarket, startTestMarket, type TestMarket } from './support/test-market.ts'
import { testMarketSdl } from './support/test-market-sdl.ts'

const stock = `subscription Stock($upc: ID!, $after: String) { stockChanged(upc: $upc, after: $after) { left product { name } } }`
const stockWithCursor = stock.replace('left', 'cursor left')
const frame = (upc: string, left: number) => ({ data: { stockChanged: { left, product: { name: `name of ${upc}` } } } })
const leftOf = ({ data }: Frame) => (data as { stockChanged: { left: number } }).stockChanged.left
const entry = (upc: string, left: number) => ({ left, product: { upc } })

describe('subscriptions to the same thing', () => {
  let market: TestMarket
  let client: ReturnType<typeof liveClient>
  beforeAll(async () => {
    market = await startTestMarket()
    client = liveClient(market.url)
  })
  afterAll(async () => {
    await client.dispose()
    await market.stop()
  })

  /** Subscribes; resolves when the router knows of it and the subgraph listens. */
  const follow = async (
    upc: string,
    { query = stock, as = client, after }: { query?: string; as?: typeof client; after?: string } = {},
  ): Promise<LiveStream> => {
    const stream = as.open({ query, variables: { upc, ...(after !== undefined && { after }) } })
    await as.open({ query: '{ whoAsks }' }).ended
    await expect.poll(() => market.journal.count(`stock ${upc}`)).toBeGreaterThan(0)
    return stream
  }

  it('are one stream of the subgraph, and one frame, for all who ask the same', async () => {
    const streams = [await follow('p1'), await follow('p1'), await follow('p1')]
    expect(market.journal.count('stock p1')).toBe(1)
    market.fetches.length = 0
    market.journal.add('stock p1', entry('p1', 7))
    for (const stream of streams) expect(await stream.next()).toEqual(frame('p1', 7))
    expect(market.fetches).toHaveLength(1)
    streams.forEach((stream) => stream.stop())
    await expect.poll(() => market.journal.count('stock p1')).toBe(0)
  })

  it('are one frame also where variables were sent that no operation declares', async () => {
    const streams = [1, 2].map((unknown) => client.open({ query: stock, variables: { upc: 'p1', unknown } }))
    await client.open({ query: '{ whoAsks }' }).ended
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    market.fetches.length = 0
    market.journal.add('stock p1', entry('p1', 5))
    for (const stream of streams) expect(await stream.next()).toEqual(frame('p1', 5))
    expect(market.fetches).toHaveLength(1)
    streams.forEach((stream) => stream.stop())
    await expect.poll(() => market.journal.count('stock p1')).toBe(0)
  })

  it('are refused where they hold more than anybody needs, in their text or in what they declare', async () => {
    const long = 'x'.repeat(routerLimits.subscriptionCharactersMax)
    const { subscriptionCharactersMax: max } = routerLimits
    for (const payload of [
      { query: `${stock} #${long}`, variables: { upc: 'p1' } },
      { query: `${stock} #`.padEnd(max + 1 - '{"upc":"p1"}'.length, 'x'), variables: { upc: 'p1' } },
      { query: stock, variables: { upc: long } },
      { query: stock, variables: { upc: 'p1', after: long } },
    ])
      expect(await client.open(payload).ended).toMatchObject([{ extensions: { limit: 'subscriptionCharacters', max } }])
    expect(await client.open({ query: `{ whoAsks } #${long}` }).next()).toEqual({ data: { whoAsks: 'guest in id' } })
    expect(market.journal.count('stock p1')).toBe(0)
  })

  const inEachWay = {
    'over a socket': async (payload: { query: string; variables: Record<string, unknown> }) => client.open(payload),
    'over an event stream': async (payload: object) => {
      const events = await readEvents(market.url, payload)
      return { next: async () => ((await events.next()) as { data: Frame }).data, stop: () => events.close() }
    },
  }
  it.each(Object.entries(inEachWay))('%s follow a hundred sizes, and go on at the limit also with a cursor', async (_, open) => {
    const sized = `subscription ($upc: ID!, $sizes: [ID!], $since: String) { stockChanged(upc: $upc, sizes: $sizes, after: $since) { left product { name } } }`
    const sizes = Array.from({ length: 100 }, (__, n) => `var_01jd${String(n).padStart(22, '0')}`)
    const variables = { upc: 'p9', sizes }
    const textMax = routerLimits.subscriptionCharactersMax - JSON.stringify(variables).length
    for (const length of [1_000, textMax]) {
      const query = `${sized} #`.padEnd(length, 'x')
      const stream = await open({ query, variables })
      await expect.poll(() => market.journal.count('stock p9')).toBe(1)
      market.journal.add('stock p9', entry('p9', 9))
      expect(await stream.next()).toEqual(frame('p9', 9))
      stream.stop()
      await expect.poll(() => market.journal.count('stock p9')).toBe(0)
      const resumed = await open({ query, variables: { ...variables, since: 'stock p9 0' } })
      expect(await resumed.next()).toEqual(frame('p9', 9))
      resumed.stop()
      await expect.poll(() => market.journal.count('stock p9')).toBe(0)
    }
  })

  it('are one stream also where the rest of the operations differs', async () => {
    const plain = await follow('p1')
    const detailed = await follow('p1', { query: stock.replace('name', 'name price') })
    expect(market.journal.count('stock p1')).toBe(1)
    market.journal.add('stock p1', entry('p1', 6))
    expect(await plain.next()).toEqual(frame('p1', 6))
    expect(await detailed.next()).toEqual({ data: { stockChanged: { left: 6, product: { name: 'name of p1', price: 53_500 } } } })
    plain.stop()
    detailed.stop()
  })

  it('are not shared between accounts, sessions or languages', async () => {
    const others = [
      liveClient(market.url, { 'accept-language': 'en' }),
      liveClient(market.url, { authorization: `Bearer ${await market.token()}` }),
      liveClient(market.url, { authorization: `Bearer ${await market.token({ roles: ['support'] })}` }),
    ]
    const query = stock.replace('name', 'viewedBy')
    const streams = [await follow('p2', { query })]
    for (const as of others) streams.push(await follow('p2', { query, as }))
    expect(market.journal.count('stock p2')).toBe(4)
    market.journal.add('stock p2', entry('p2', 1))
    const seen = await Promise.all(streams.map(async (stream) => (await stream.next()).data?.['stockChanged']))
    expect(seen.map((one) => (one as { product: { viewedBy: string } }).product.viewedBy)).toEqual([
      'guest in id',
      'guest in en',
      'usr_budi in id',
      'usr_budi in id',
    ])
    for (const other of others) await other.dispose()
    streams[0]?.stop()
  })

  it('begin now for who comes later, and behind their cursor for who has one', async () => {
    const first = await follow('p3', { query: stockWithCursor })
    market.journal.add('stock p3', entry('p3', 3))
    const { data } = await first.next()
    const { cursor } = (data as { stockChanged: { cursor: string } }).stockChanged
    market.journal.add('stock p3', entry('p3', 2))
    await first.next()
    const late = await follow('p3', { query: stockWithCursor })
    const resumed = [await follow('p3', { after: cursor }), await follow('p3', { after: cursor })]
    for (const stream of resumed) expect(await stream.next()).toEqual(frame('p3', 2))
    market.journal.add('stock p3', entry('p3', 1))
    for (const stream of resumed) expect(await stream.next()).toEqual(frame('p3', 1))
    expect(await late.next()).toMatchObject({ data: { stockChanged: { left: 1 } } })
    for (const stream of [first, late, ...resumed]) stream.stop()
    await expect.poll(() => market.journal.count('stock p3')).toBe(0)
  })

  it('are not shared late where the schema does not say that a stream begins now', async () => {
    const open = () => client.open({ query: 'subscription { orderEvents { __typename } }' })
    const first = open()
    await expect.poll(() => market.news.count('events')).toBe(1)
    market.news.tell('events', { __typename: 'Paid' })
    await first.next()
    const second = open()
    await expect.poll(() => market.news.count('events')).toBe(2)
    first.stop()
    second.stop()
  })
})

describe.each(['in one process', 'in a fleet'])('a stream that its subgraph loses %s', (way) => {
  let market: TestMarket
  let client: ReturnType<typeof liveClient>
  const servers: HttpServer[] = []
  const transport = async (subgraph: Subgraph) => {
    const server = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, log: openLog('silent', subgraph.name) })
    servers.push(server)
    return httpTransport(subgraph.name, `http://127.0.0.1:${server.port}`)
  }
  beforeAll(async () => {
    market = await startTestMarket(way === 'in a fleet' ? { transport } : {})
    client = liveClient(market.url)
  })
  afterAll(async () => {
    await client.dispose()
    await market.stop()
    for (const one of [...Object.values(market.transports), ...servers]) await one.stop()
  })

  const open = async (variables: Record<string, unknown>): Promise<LiveStream> => {
    const stream = client.open({ query: stock, variables })
    await expect.poll(() => market.journal.count(`stock ${String(variables['upc'])}`)).toBe(1)
    return stream
  }

  it('goes on behind its last event, without gap or duplicate, though the client did not ask for cursors', async () => {
    const stream = await open({ upc: 'p1' })
    market.journal.add('stock p1', entry('p1', 9))
    expect(await stream.next()).toEqual(frame('p1', 9))
    market.journal.lose('stock p1')
    for (const left of [8, 7]) market.journal.add('stock p1', entry('p1', left))
    for (const left of [8, 7]) expect(await stream.next()).toEqual(frame('p1', left))
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    market.journal.add('stock p1', entry('p1', 6))
    expect(await stream.next()).toEqual(frame('p1', 6))
    expect(market.journal.opened).toContain('stock p1 1')
    stream.stop()
  })

  it('goes on where only a fragment that its client uses twice takes a variable', async () => {
    const query = `subscription ($upc: ID!, $coded: Boolean!) { stockChanged(upc: $upc) { left sold: product { ...P } kept: product { ...P } } }
      fragment P on Product { upc code: upc @include(if: $coded) }`
    const stream = client.open({ query, variables: { upc: 'p4', coded: true } })
    await expect.poll(() => market.journal.count('stock p4')).toBe(1)
    const product = { upc: 'p4', code: 'p4' }
    for (const left of [5, 4]) {
      market.journal.add('stock p4', entry('p4', left))
      expect(await Promise.race([stream.next(), stream.ended])).toEqual({
        data: { stockChanged: { left, sold: product, kept: product } },
      })
      market.journal.lose('stock p4')
      await expect.poll(() => market.journal.count('stock p4')).toBe(1)
    }
    stream.stop()
  })

  it('begins again where its client wanted it to, when nothing had come yet', async () => {
    market.journal.add('stock p2', entry('p2', 2))
    const stream = await open({ upc: 'p2', after: 'stock p2 1' })
    market.journal.lose('stock p2')
    market.journal.add('stock p2', entry('p2', 1))
    expect(await stream.next()).toEqual(frame('p2', 1))
    stream.stop()
  })

  it('begins again there also when the subgraph is not well again at once', async () => {
    market.journal.add('stock p5', entry('p5', 2))
    const stream = await open({ upc: 'p5', after: 'stock p5 1' })
    market.journal.failNext('stock p5')
    market.journal.lose('stock p5')
    market.journal.add('stock p5', entry('p5', 1))
    expect(await stream.next()).toEqual(frame('p5', 1))
    stream.stop()
  })

  it('ends with an error that can be retried when nobody knows where it stood', async () => {
    const stream = await open({ upc: 'p3' })
    market.journal.lose('stock p3')
    expect(await stream.ended).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_UPSTREAM_LOST', retryable: true } }])
  })
})

describe('clients that are slow', () => {
  afterEach(() => void vi.useRealTimers())
  /** A thousand of them are more than the buffers of a connection hold whose client does not read: Linux keeps 4 MB to send. */
  const product = (index: number) => ({ upc: `${index} ${'x'.repeat(20_000)}` })

  const anyone: Caller = { viewer: guest, locale: 'en', requestId: 'req_1' }
  const p1 = 'subscription { stockChanged(upc: "p1") { left product { upc } } }'

  /** A client whose connection takes as many frames as the test says. */
  const heldClient = ({ router }: TestMarket, caller = anyone) => {
    let free = 0
    const taken: unknown[] = []
    const write = (said: string) => {
      free -= 1
      taken.push(JSON.parse(said))
    }
    const pipe = new Pipe({ isFree: () => free > 0, write })
    const wording = {
      next: (text: string) => String(leftOf(JSON.parse(text) as Frame)),
      complete: () => '"complete"',
      fail: ([error]: readonly GraphQLError[]) => JSON.stringify(error?.extensions['code']),
    }
    const mailbox = new Mailbox(pipe, wording, () => undefined)
    const admitted = router.admit({ query: p1 }, caller)
    if ('errors' in admitted) throw admitted.errors[0]!
    router.subscribe(admitted, caller, mailbox)
    const takes = (frames: number) => {
      free += frames
      pipe.flush()
    }
    return { taken, takes, isFull: () => !mailbox.hasRoom() }
  }

  it('are told so with a code when others keep up, who get everything', async () => {
    const events = 1_000
    const market = await startTestMarket()
    const [quick, slow] = [liveClient(market.url), liveClient(market.url)]
    const query = 'subscription { stockChanged(upc: "p1") { left product { name } } }'
    const taken = quick.open({ query })
    await quick.open({ query: '{ whoAsks }' }).ended
    const late = slow.open({ query })
    await slow.open({ query: '{ whoAsks }' }).ended
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    slow.pause(true)
    for (let index = 0; index < events; index += 1) {
      market.journal.add('stock p1', { left: index, product: product(index) })
      // One by one: twenty megabytes at once are more than anybody's connection takes before its client has had its turn to read.
      expect(await taken.next()).toMatchObject({ data: { stockChanged: { left: index } } })
    }
    slow.pause(false)
    expect(await late.ended).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_TOO_SLOW', retryable: true } }])
    const told = late.taken().map(leftOf)
    expect(told).toEqual(told.map((_, index) => index))
    expect(told.length).toBeLessThan(events)
    await quick.dispose()
    await slow.dispose()
    await market.stop()
  })

  it('hold the stream back, and lose nothing, when they are alone', async () => {
    const events = 1_500
    let given = 0
    const source = () =>
      iteratorOf<ExecutionResult>(
        async () => {
          if (given === events) return { value: undefined, done: true }
          given += 1
          return { value: { data: { stockChanged: { left: given, product: product(given), _cursor: `${given}` } } }, done: false }
        },
        async () => undefined,
      )
    const market = await startTestMarket({
      transport: (subgraph) => ({ ...localTransport(() => subgraph), subscribe: async () => source() }),
    })
    const client = liveClient(market.url)
    const stream = client.open({ query: 'subscription { stockChanged(upc: "p1") { left product { upc } } }' })
    await stream.next()
    client.pause(true)
    let before = -1
    await expect.poll(() => before === (before = given), { interval: 200, timeout: 10_000 }).toBe(true)
    expect(given).toBeLessThan(events)
    client.pause(false)
    expect(await stream.ended).toBe('complete')
    expect(stream.taken().map(leftOf)).toEqual(Array.from({ length: events }, (_, index) => index + 2).slice(0, -1))
    await client.dispose()
    await market.stop()
  })

  it('are not cut off by the first that takes one more frame, but by who has taken everything', async () => {
    const events = routerLimits.framesWaitingMax + 20
    const market = await startTestMarket()
    const [quick, slow] = [heldClient(market), heldClient(market)]
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    for (let left = 0; left < events; left += 1) market.journal.add('stock p1', entry('p1', left))
    await expect.poll(() => [quick.isFull(), slow.isFull()]).toEqual([true, true])
    for (let frames = 1; frames <= 10; frames += 1) {
      quick.takes(1)
      await market.post('{ whoAsks }')
      slow.takes(1)
      await expect.poll(() => [quick.isFull(), slow.isFull()]).toEqual([true, true])
    }
    quick.takes(events)
    await expect.poll(() => quick.taken.length).toBe(events)
    slow.takes(events)
    const wanted = Array.from({ length: events }, (_, left) => left)
    expect(quick.taken).toEqual(wanted)
    expect(slow.taken).toEqual([...wanted.slice(0, routerLimits.framesWaitingMax + 10), 'SUBSCRIPTION_TOO_SLOW'])
    await market.stop()
  })

  it('are not measured by an event stream whose session was ended and that does not take its last word', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
    const ended: string[] = []
    const market = await startTestMarket({ endedSessions: async () => ended })
    const authorization = `Bearer ${await market.token()}`
    const verified = await verifyBearer(market.router.options.verifyAccessToken, authorization)
    const deaf = await readEvents(market.url, { query: p1 }, { authorization })
    const slow = heldClient(market, { ...anyone, viewer: verified!.viewer, locale: 'id' })
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    expect(market.router.upstreams()).toBe(1)
    deaf.pause(true)
    const events = routerLimits.framesWaitingMax + 20
    slow.takes(1)
    // More than the buffers of a connection hold.
    market.journal.add('stock p1', { left: 0, product: { upc: 'x'.repeat(20_000_000) } })
    for (let left = 1; left < events; left += 1) market.journal.add('stock p1', entry('p1', left))
    await expect.poll(() => slow.isFull()).toBe(true)
    ended.push('ses_1')
    vi.advanceTimersByTime(routerLimits.sessionCheckMs)
    await market.post('{ whoAsks }')
    for (let taken = 2; taken < 10; taken += 1) {
      slow.takes(1)
      await expect.poll(() => slow.isFull()).toBe(true)
    }
    slow.takes(events)
    await expect.poll(() => slow.taken.at(-1)).toBe(events - 1)
    expect(slow.taken).toEqual(Array.from({ length: events }, (_, left) => left))
    deaf.close()
    await market.stop()
  })
})

describe('a schema that is replaced while streams are open', () => {
  const changed = (from: string | RegExp, to: string) => {
    const entries = Object.entries(testMarketSdl).map(([name, sdl]) => [name, sdl.replace(from, to)])
    return composeTestMarket(Object.fromEntries(entries) as Record<string, string>)
  }

  it('lets those go on whose upstream stays the same, with the rest of the new plan', async () => {
    const market = await startTestMarket()
    const client = liveClient(market.url)
    const stream = client.open({ query: stock, variables: { upc: 'p1' } })
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    await market.router.replace(
      changed('price(currency: String = "IDR"): Int', 'price(currency: String = "IDR"): Int  brand: String'),
    )
    market.journal.add('stock p1', entry('p1', 5))
    expect(await stream.next()).toEqual(frame('p1', 5))
    expect(market.journal.opened).toEqual(['now'])
    await client.dispose()
    await market.stop()
  })

  it.each([
    ['selects what is no longer there', ['left: Int!', 'remaining: Int!'], false],
    ['may not be seen by its viewer any more', ['left: Int!', 'left: Int! @authenticated'], false],
    ['asks the subgraph for something else', ['type StockChange { cursor: String!', 'type StockChange { cursor: String'], true],
  ] as const)('ends those whose operation %s', async (_, [from, to], retryable) => {
    const market = await startTestMarket()
    const client = liveClient(market.url)
    const stream = client.open({ query: stock, variables: { upc: 'p1' } })
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    await market.router.replace(changed(from, to))
    expect(await stream.ended).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD', retryable } }])
    await expect.poll(() => market.router.upstreams()).toBe(0)
    await client.dispose()
    await market.stop()
  })
})
