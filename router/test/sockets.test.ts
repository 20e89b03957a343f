import { createServer, type AddressInfo, type Socket } from 'node:net'
import { localTransport } from '@pasar/shared/process/addresses'
import { Unavailable } from '@pasar/shared/problems'
import { iteratorOf } from '@pasar/shared/flow/iterators'
import { limits } from '@pasar/shared/limits'
import { openLog } from '@pasar/shared/log'
import { serveSubgraph } from '@pasar/shared/subgraph/server'
import { httpTransport } from '@pasar/shared/http/transport'
import { guest } from '@pasar/shared/identity/viewer'
import type { ExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { routerLimits } from '../src/safety/limits.ts'
import { bareSocket, liveClient, type LiveStream } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

describe('sockets', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket()
  })
  afterAll(() => market.stop())

  it.each([['Bearer nonsense'], ['nonsense']])('close with 4403 for a token that is not valid: %s', async (authorization) => {
    const socket = await bareSocket(market.url)
    socket.say({ type: 'connection_init', payload: { authorization } })
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Forbidden' })
  })

  it('close with 4403 when their token expires, and bring nothing after it', async () => {
    const client = liveClient(market.url, { Authorization: `Bearer ${await market.token({ expiresInSeconds: 1 })}` })
    const stream = client.open({ query: 'subscription { orderUpdated(id: "1") { id } }' })
    await expect.poll(() => market.news.count('order 1')).toBe(1)
    expect(await stream.ended).toEqual([{ message: 'closed: 4403 Token expired' }])
    await expect.poll(() => market.news.count('order 1')).toBe(0)
  })

  it('close when nobody says hello', async () => {
    const socket = await bareSocket(market.url)
    expect((await socket.closed).code).toBe(4408)
  })

  it('close for a second hello, an operation before it, a name that is taken, and what is no message', async () => {
    const twice = await bareSocket(market.url)
    twice.say({ type: 'connection_init' })
    twice.say({ type: 'connection_init' })
    expect((await twice.closed).code).toBe(4429)
    const early = await bareSocket(market.url)
    early.say({ type: 'subscribe', id: '1', payload: { query: '{ echo }' } })
    expect((await early.closed).code).toBe(4401)
    const same = await bareSocket(market.url)
    same.say({ type: 'connection_init' })
    expect(await same.said()).toEqual({ type: 'connection_ack' })
    const query = 'subscription { orderEvents { __typename } }'
    same.say({ type: 'subscribe', id: '1', payload: { query } })
    same.say({ type: 'subscribe', id: '1', payload: { query } })
    expect(await same.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' })
    const odd = await bareSocket(market.url)
    odd.say({ type: 'nonsense' })
    expect((await odd.closed).code).toBe(4400)
  })

  it('answer pings, and forget what their client has completed', async () => {
    const socket = await bareSocket(market.url)
    socket.say({ type: 'connection_init' })
    await socket.said()
    socket.say({ type: 'ping', payload: { n: 1 } })
    expect(await socket.said()).toEqual({ type: 'pong', payload: { n: 1 } })
    const start = { type: 'subscribe', id: 'a', payload: { query: 'subscription { orderEvents { __typename } }' } }
    socket.say(start)
    await expect.poll(() => market.news.count('events')).toBe(1)
    socket.say({ type: 'complete', id: 'a' })
    await expect.poll(() => market.news.count('events')).toBe(0)
    socket.say({ ...start, payload: { query: '{ whoAsks }' } })
    expect(await socket.said()).toEqual({ id: 'a', type: 'next', payload: { data: { whoAsks: 'guest in id' } } })
    socket.end()
  })

  it('are not read on while their client takes no answers', async () => {
    const socket = await bareSocket(market.url)
    socket.say({ type: 'connection_init' })
    await socket.said()
    socket.pause(true)
    // More than the buffers of a connection hold in both directions: Linux keeps 6 MB to read and 4 MB to send.
    const pings = 4_000
    let taken = 0
    const sendAll = async () => {
      for (; taken < pings; taken += 1) await socket.tell({ type: 'ping', payload: { text: 'x'.repeat(15_000) } })
    }
    const sending = sendAll()
    let before = -1
    await expect.poll(() => before === (before = taken), { interval: 200, timeout: 10_000 }).toBe(true)
    expect(taken).toBeLessThan(pings / 2)
    socket.pause(false)
    await sending
    socket.end()
  })

  it('end when a ping is not answered, whatever else is heard of their client', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const [deaf, quick] = [await bareSocket(market.url, { autoPong: false }), await bareSocket(market.url)]
      const greet = async ({ say, said }: typeof deaf, type = 'ping') => {
        say({ type })
        expect((await said()).type).toBe(type === 'ping' ? 'pong' : 'connection_ack')
      }
      for (const socket of [deaf, quick]) await greet(socket, 'connection_init')
      vi.advanceTimersByTime(routerLimits.socketPingMs)
      deaf.pong()
      for (const socket of [deaf, quick]) await greet(socket)
      vi.advanceTimersByTime(routerLimits.socketPingMs)
      expect((await deaf.closed).code).toBe(1006)
      await greet(quick)
      quick.end()
    } finally {
      vi.useRealTimers()
    }
  })

  it('close for what nests deeper than anything that is asked, and for much that asks nothing, before any hello', async () => {
    const errors: unknown[] = []
    const log = { ...openLog('silent', 'router'), error: (...told: unknown[]) => void errors.push(told) }
    const own = await startTestMarket({ log })
    const nested = (depth: number) => `{"type":"ping","payload":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`
    const long = (type: string) => JSON.stringify({ type, payload: { text: 'x'.repeat(20_000) } })
    for (const text of [nested(10_000), long('ping'), long('pong'), long('connection_init')]) {
      const socket = await bareSocket(own.url)
      socket.sayText(nested(90))
      expect((await socket.said()).type).toBe('pong')
      socket.sayText(text)
      expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' })
    }
    await own.stop()
    expect(errors).toEqual([])
  })

  it('close for a message that is too long', async () => {
    const socket = await bareSocket(market.url)
    socket.say({ type: 'connection_init', payload: { padding: 'x'.repeat(100_000) } })
    expect((await socket.closed).code).toBe(1009)
  })

  it('close for a name of an operation that is longer than names are', async () => {
    const socket = await bareSocket(market.url)
    socket.say({ type: 'connection_init' })
    await socket.said()
    const ask = (id: string) => socket.say({ type: 'subscribe', id, payload: { query: '{ whoAsks }' } })
    const name = 'x'.repeat(routerLimits.operationIdCharactersMax)
    ask(name)
    expect(await socket.said()).toMatchObject({ id: name, type: 'next' })
    ask('x'.repeat(10_000))
    expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' })
  })

  it('carry at most fifty operations at once', async () => {
    const client = liveClient(market.url, { authorization: `Bearer ${await market.token()}` })
    const follow = (id: number) => client.open({ query: `subscription { orderUpdated(id: "${id}") { id } }` })
    const streams = Array.from({ length: 51 }, (_, id) => follow(id))
    expect(await streams.at(-1)?.ended).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
    await expect.poll(() => market.router.upstreams(), { timeout: 10_000 }).toBe(50)
    streams[0]?.stop()
    await expect.poll(() => market.router.upstreams()).toBe(49)
    const again = follow(50)
    await expect.poll(() => market.news.count('order 50')).toBe(1)
    again.stop()
    await client.dispose()
    await expect.poll(() => market.router.upstreams()).toBe(0)
    await expect.poll(() => market.news.count('order 1')).toBe(0)
  })

  it('count what a client no longer waits for as long as it runs', async () => {
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const slow = await startTestMarket({
      transport: (subgraph) => {
        const local = localTransport(() => subgraph)
        return { ...local, execute: (request) => gate.then(() => local.execute(request)) }
      },
    })
    const query = 'query ($text: String) { echo(text: $text) }'
    const known = slow.router.admit({ query }, { viewer: guest, locale: 'id', requestId: 'known' })
    if (!('errors' in known)) known.compiled()
    const socket = await bareSocket(slow.url)
    socket.say({ type: 'connection_init' })
    await socket.said()
    const ask = (id: string) => socket.say({ type: 'subscribe', id, payload: { query, variables: { text: id } } })
    for (let index = 0; index < routerLimits.operationsPerSocketMax; index += 1) {
      ask(`${index}`)
      socket.say({ type: 'complete', id: `${index}` })
    }
    const refusal = socket.said()
    ask('one more')
    const error = { message: expect.stringContaining('50'), extensions: { code: 'RATE_LIMITED' } }
    expect(await refusal).toMatchObject({ id: 'one more', type: 'error', payload: [error] })
    open()
    const answered = async () => {
      const said = socket.said()
      ask('again')
      return (await said).type
    }
    await expect.poll(answered).toBe('next')
    socket.end()
    await slow.stop()
  })

  it('count what a client no longer waits for as long as it stands in line', async () => {
    const socket = await bareSocket(market.url)
    socket.say({ type: 'connection_init' })
    await socket.said()
    // Some may have had their turn by then: what is sent at once does not always come at once.
    for (let index = 0; index < 2 * routerLimits.operationsPerSocketMax; index += 1) {
      socket.say({ type: 'subscribe', id: `${index}`, payload: { query: `{ echo(text: "in line ${index}") }` } })
      socket.say({ type: 'complete', id: `${index}` })
    }
    socket.say({ type: 'subscribe', id: 'one more', payload: { query: '{ whoAsks }' } })
    expect(await socket.said()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] })
    socket.end()
  })

  it('speak the language of their parameters', async () => {
    const client = liveClient(market.url, { 'accept-language': 'en' })
    expect(await client.open({ query: '{ whoAsks }' }).next()).toEqual({ data: { whoAsks: 'guest in en' } })
    await client.dispose()
  })

  it('exist only at the path of the graph', async () => {
    await expect(bareSocket(`${market.url}/elsewhere#`).then(() => 'open')).rejects.toThrow()
  })

  it('are closed as going away when the router stops', async () => {
    const own = await startTestMarket()
    const client = liveClient(own.url)
    const stream = client.open({ query: 'subscription { orderEvents { __typename } }' })
    await expect.poll(() => own.news.count('events')).toBe(1)
    await own.stop()
    expect(await stream.ended).toEqual([{ message: 'closed: 1001 Going away' }])
    expect(own.news.count('events')).toBe(0)
  })
})

describe('a live stream whose subgraph is lost', () => {
  const lost = [{ extensions: { code: 'SUBSCRIPTION_UPSTREAM_LOST', retryable: true } }]

  it('ends with an error that invites to come again, in a fleet', async () => {
    const stops: Record<string, () => Promise<void>> = {}
    const market = await startTestMarket({
      transport: async (subgraph) => {
        const server = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, log: openLog('silent', subgraph.name) })
        stops[subgraph.name] = () => server.stop()
        return httpTransport(subgraph.name, `http://127.0.0.1:${server.port}`)
      },
    })
    const client = liveClient(market.url, { authorization: `Bearer ${await market.token()}` })
    const stream = client.open({ query: 'subscription { orderUpdated(id: "1") { status products { upc: name } } }' })
    await expect.poll(() => market.news.count('order 1')).toBe(1)
    market.news.tell('order 1', { id: '1', status: 'PAID', products: [{ upc: 'p1' }] })
    expect(await stream.next()).toEqual({ data: { orderUpdated: { status: 'PAID', products: [{ upc: 'name of p1' }] } } })
    const second = client.open({ query: 'subscription { orderEvents { __typename } }' })
    await expect.poll(() => market.news.count('events')).toBe(1)
    second.stop()
    await expect.poll(() => market.news.count('events')).toBe(0)
    await stops['orders']?.()
    expect(await stream.ended).toMatchObject(lost)
    const late = client.open({ query: 'subscription { orderEvents { __typename } }' })
    expect(await late.ended).toMatchObject([{ extensions: { retryable: true } }])
    await client.dispose()
    await market.stop()
    await Promise.all(Object.values(market.transports).map((transport) => transport.stop()))
    await Promise.all([stops['products']?.(), stops['logistics']?.()])
  })

  it('is not taken for finished, and its upstream is let go', async () => {
    let released = 0
    const failing = () =>
      iteratorOf<ExecutionResult>(
        () => Promise.reject(new Unavailable('orders')),
        async () => void (released += 1),
      )
    const market = await startTestMarket({
      transport: (subgraph) => ({ ...localTransport(() => subgraph), subscribe: async () => failing() }),
    })
    const client = liveClient(market.url)
    expect(await client.open({ query: 'subscription { orderEvents { __typename } }' }).ended).toMatchObject(lost)
    await client.dispose()
    await market.stop()
    expect(released).toBe(1)
  })

  it('is let go at once when the socket closed while the upstream was opened', async () => {
    let released = 0
    let open: () => void = () => undefined
    let asked = false
    const gate = new Promise<void>((resolve) => (open = resolve))
    const slow = async () => {
      asked = true
      await gate
      const waiting = () => new Promise<IteratorResult<ExecutionResult>>(() => undefined)
      return iteratorOf<ExecutionResult>(waiting, async () => void (released += 1))
    }
    const market = await startTestMarket({ transport: (subgraph) => ({ ...localTransport(() => subgraph), subscribe: slow }) })
    const client = liveClient(market.url)
    const stream = client.open({ query: 'subscription { orderEvents { __typename } }' })
    await expect.poll(() => asked).toBe(true)
    client.terminate()
    await stream.ended
    await market.http.stop()
    open()
    await expect.poll(() => released).toBe(1)
    await market.router.stop()
  })

  it('completes when the subgraph says that the stream is over', async () => {
    const over = () =>
      iteratorOf<ExecutionResult>(
        async () => ({ value: undefined, done: true }),
        async () => undefined,
      )
    const market = await startTestMarket({
      transport: (subgraph) => ({ ...localTransport(() => subgraph), subscribe: async () => over() }),
    })
    const client = liveClient(market.url)
    expect(await client.open({ query: 'subscription { orderEvents { __typename } }' }).ended).toBe('complete')
    await client.dispose()
    await market.stop()
  })
})

describe('a live stream whose subgraph stands still', () => {
  const lost = [{ extensions: { code: 'SUBSCRIPTION_UPSTREAM_LOST', retryable: true } }]

  /** Takes connections and never says a word, as a process does that was stopped. */
  const standStill = async (port = 0) => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      taken: () => sockets.size,
      stop: () => {
        sockets.forEach((socket) => socket.destroy())
        server.close()
      },
    }
  }
  /** How a stream ends while time goes by. */
  const endingOf = async ({ ended }: LiveStream) => {
    let ending: unknown
    void ended.then((one) => (ending = one))
    const secondLater = () => {
      vi.advanceTimersByTime(1_000)
      return ending
    }
    await expect.poll(secondLater, { timeout: 10_000 }).toBeDefined()
    return ending
  }
  const fakeTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })

  it('ends with an error that invites to come again when it never began', async () => {
    const still = await standStill()
    const market = await startTestMarket({ transport: () => httpTransport('orders', still.url) })
    const client = liveClient(market.url)
    fakeTime()
    try {
      const stream = client.open({ query: 'subscription { orderEvents { __typename } }' })
      await expect.poll(() => still.taken()).toBe(1)
      expect(await endingOf(stream)).toMatchObject(lost)
    } finally {
      vi.useRealTimers()
      still.stop()
    }
    await client.dispose()
    await market.stop()
  })

  it('ends likewise when it had begun, and was to go on there', async () => {
    const log = openLog('silent', 'orders')
    let server: Awaited<ReturnType<typeof serveSubgraph>> | undefined
    const market = await startTestMarket({
      transport: async (subgraph) => {
        if (subgraph.name !== 'orders') return localTransport(() => subgraph)
        server = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, log })
        return httpTransport('orders', `http://127.0.0.1:${server.port}`)
      },
    })
    const client = liveClient(market.url)
    fakeTime()
    try {
      const stream = client.open({ query: 'subscription { stockChanged(upc: "p1") { left } }' })
      await expect.poll(() => market.journal.count('stock p1')).toBe(1)
      market.journal.add('stock p1', { left: 7, product: { upc: 'p1' } })
      expect(await stream.next()).toEqual({ data: { stockChanged: { left: 7 } } })
      await server!.stop()
      const still = await standStill(server!.port)
      await expect.poll(() => still.taken()).toBe(1)
      expect(await endingOf(stream)).toMatchObject(lost)
      still.stop()
    } finally {
      vi.useRealTimers()
    }
    await client.dispose()
    await market.stop()
  })

  it('is not taken for one that lives: a try is over before a life counts', () => {
    expect(limits.upstreamOpenMs).toBeLessThan(routerLimits.reattachMs)
  })
})
