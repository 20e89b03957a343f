import type { Log } from '@pasar/shared/log'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEvents, type EventReader } from './support/event-stream.ts'
import { liveClient } from './support/live-client.ts'
import { composeTestMarket, startTestMarket, type Sending, type TestMarket } from './support/test-market.ts'
import { testMarketSdl } from './support/test-market-sdl.ts'

const from = (address: string): Sending => ({ headers: { 'x-forwarded-for': address } })

const budi = from('198.51.100.7')
const rina = from('198.51.100.8')

describe('what a viewer may spend', () => {
  let market: TestMarket
  const open = async (env: Record<string, string>) => {
    market = await startTestMarket({ env: { TRUSTED_PROXIES: '127.0.0.1', ...env } })
  }
  afterEach(() => market.stop())
  const codeOf = async (query: string, sending: Sending = {}) =>
    (await market.post(query, sending)).errors?.[0]?.extensions['code']

  it('is used up by operations that are refused, too, and comes back', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    for (let index = 0; index < 6; index += 1) expect(await codeOf('{ nothing }', budi)).toBe('GRAPHQL_VALIDATION_FAILED')
    const { errors } = await market.post('{ echo }', budi)
    expect(errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 })
    expect(await codeOf('{ echo }', rina)).toBeUndefined()
    market.clock.advance(1_000)
    expect(await codeOf('{ echo }', budi)).toBeUndefined()
  })

  it('is used up by operations that cost more than is left, and the wait is long enough', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    for (let index = 0; index < 3; index += 1) expect(await codeOf('{ nothing }', budi)).toBe('GRAPHQL_VALIDATION_FAILED')
    const waits: unknown[] = []
    for (let index = 0; index < 3; index += 1)
      waits.push((await market.post('{ survey }', budi)).errors?.[0]?.extensions['retryAfterSeconds'])
    expect(waits).toEqual([30, 40, 50])
    expect(await codeOf('{ echo }', budi)).toBe('RATE_LIMITED')
    market.clock.advance(50_000)
    expect(await codeOf('{ survey }', budi)).toBeUndefined()
  })

  it('is used up by operations that ask for next to nothing, each in other words', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    const codes = new Set<unknown>()
    for (let index = 0; index < 61; index += 1) codes.add(await codeOf(`{ __typename #${index}\n}`, budi))
    expect(codes).toEqual(new Set([undefined, 'RATE_LIMITED']))
  })

  it('lasts longer for operations that are known, and not for ever', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    expect(await codeOf('{ __typename }', rina)).toBeUndefined()
    for (let index = 0; index < 60; index += 1) expect(await codeOf('{ __typename }', budi)).toBeUndefined()
    expect(await codeOf('{ __typename }', budi)).toBe('RATE_LIMITED')
  })

  it('is counted by account, wherever its owner is', async () => {
    await open({ BUDGET_ACCOUNT: '30', BUDGET_ADDRESS: '0' })
    const token = await market.token()
    for (const where of [budi, rina, budi])
      expect(await codeOf('{ nothing }', { ...where, token })).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await codeOf('{ echo }', { ...rina, token })).toBe('RATE_LIMITED')
    expect(await codeOf('{ echo }', rina)).toBeUndefined()
  })

  it('cannot be stretched by inventing addresses', async () => {
    await open({ BUDGET_ADDRESS: '20', TRUSTED_PROXIES: '' })
    for (const address of ['1.1.1.1', '2.2.2.2'])
      expect(await codeOf('{ nothing }', from(address))).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await codeOf('{ echo }', from('3.3.3.3'))).toBe('RATE_LIMITED')
  })

  it('cannot be stretched by inventing addresses in front of the one that a trusted proxy writes', async () => {
    await open({ BUDGET_ADDRESS: '20' })
    const invented = (last: number) => from(`${`203.0.113.${last}, `.repeat(64)}198.51.100.7`)
    for (const last of [1, 2]) expect(await codeOf('{ nothing }', invented(last))).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await codeOf('{ echo }', invented(3))).toBe('RATE_LIMITED')
    expect(await codeOf('{ echo }', rina)).toBeUndefined()
  })

  it('has few tries of a secret for one address, whoever asks', async () => {
    await open({ BUDGET_TRIES: '3' })
    const signIn = 'mutation { signIn(email: "budi@pasar.example") }'
    const token = await market.token()
    expect([await codeOf(signIn, budi), await codeOf(signIn, { ...budi, token }), await codeOf(signIn, budi)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(await codeOf(signIn, budi)).toBe('RATE_LIMITED')
    expect(await codeOf(signIn, { ...budi, token })).toBe('RATE_LIMITED')
    expect(await codeOf(signIn, rina)).toBeUndefined()
    expect(await codeOf('mutation { note(text: "") }', budi)).toBeUndefined()
  })

  it('has a refresh for everybody behind one address, as far as the cost goes: its token cannot be guessed', async () => {
    await open({ BUDGET_TRIES: '2', BUDGET_ADDRESS: '50' })
    const refresh = 'mutation { refreshSession(refreshToken: "satu") }'
    const codes = []
    for (let index = 0; index < 5; index += 1) codes.push(await codeOf(refresh, budi))
    expect(codes).toEqual([undefined, undefined, undefined, undefined, 'RATE_LIMITED'])
  })

  it('says when to come again in the header of HTTP as well', async () => {
    await open({ BUDGET_TRIES: '1' })
    const accept = { accept: 'application/graphql-response+json' }
    const signIn = () => market.post('mutation { signIn(email: "budi@pasar.example") }', { headers: accept })
    await signIn()
    const { status, headers } = await signIn()
    expect([status, headers.get('retry-after')]).toEqual([429, '60'])
  })
})

describe('what the frames of a subscription may cost', () => {
  const priced = testMarketSdl.orders.replace('"@key"', '"@key", "@cost"').replace('left: Int!', 'left: Int! @cost(weight: 9)')
  const supergraph = composeTestMarket({ ...testMarketSdl, orders: priced })
  /** Costs 20: ten for the stream, one for the change, nine for what is left. */
  const stock = 'subscription ($after: String) { stockChanged(upc: "p1", after: $after) { left } }'
  let market: TestMarket
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(async () => {
    vi.useRealTimers()
    await market.stop()
  })
  const open = async (env: Record<string, string>, log?: Log) => {
    market = await startTestMarket({ supergraph, env: { TRUSTED_PROXIES: '127.0.0.1', ...env }, ...(log && { log }) })
  }
  const change = (times: number) => {
    for (let left = 0; left < times; left += 1) market.journal.add('stock p1', { left, product: { upc: 'p1' } })
  }
  const goOn = (seconds: number) => {
    market.clock.advance(seconds * 1_000)
    vi.advanceTimersByTime(seconds * 1_000)
  }
  const frame = (left: number) => ({ data: { stockChanged: { left } } })

  it('is paid by whoever replays the past, frame by frame, and does not keep them from asking', async () => {
    await open({ BUDGET_ADDRESS: '120' })
    change(200)
    const client = liveClient(market.url)
    const past = client.open({ query: stock, variables: { after: 'stock p1 0' } })
    for (let left = 0; left < 6; left += 1) expect(await past.next()).toEqual(frame(left))
    for (let asked = 0; asked < 3; asked += 1)
      expect(await client.open({ query: '{ whoAsks }' }).next()).toEqual({ data: { whoAsks: 'guest in id' } })
    expect(past.taken()).toEqual([])
    goOn(10)
    expect(await past.next()).toEqual(frame(6))
    goOn(30)
    for (let left = 7; left < 10; left += 1) expect(await past.next()).toEqual(frame(left))
    await client.open({ query: '{ whoAsks }' }).ended
    expect(past.taken()).toEqual([])
    past.stop()
    await expect.poll(() => market.journal.count('stock p1')).toBe(0)
    await client.dispose()
  })

  it('is counted by account, wherever its owner follows from, and who waits is let go with the token', async () => {
    await open({ BUDGET_ACCOUNT: '60', BUDGET_ADDRESS: '0' })
    change(10)
    const authorization = `Bearer ${await market.token()}`
    const client = liveClient(market.url, { authorization })
    const past = client.open({ query: stock, variables: { after: 'stock p1 0' } })
    for (let left = 0; left < 3; left += 1) expect(await past.next()).toEqual(frame(left))
    await client.open({ query: '{ whoAsks }' }).ended
    expect(past.taken()).toEqual([])
    const guest = liveClient(market.url)
    const everything = guest.open({ query: stock, variables: { after: 'stock p1 0' } })
    for (let left = 0; left < 10; left += 1) expect(await everything.next()).toEqual(frame(left))
    vi.advanceTimersByTime(600_000)
    expect(await past.ended).toEqual([{ message: 'closed: 4403 Token expired' }])
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    await guest.dispose()
  })

  it('keeps nobody waiting as long as one who follows the same can pay, and each frame is paid once', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    const follow = ({ headers = {} }: Sending) => readEvents(market.url, { query: stock }, headers)
    const [first, second] = [await follow(budi), await follow(rina)]
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    const hears = async (events: EventReader, left: number) =>
      expect(await events.next()).toEqual({ event: 'next', data: frame(left) })
    for (let left = 0; left < 6; left += 1) {
      market.journal.add('stock p1', { left, product: { upc: 'p1' } })
      await hears(first, left)
      await hears(second, left)
    }
    change(1)
    await market.post('{ whoAsks }', from('198.51.100.9'))
    first.close()
    goOn(20)
    await hears(second, 0)
    second.close()
    await expect.poll(() => market.journal.count('stock p1')).toBe(0)
  })

  it('lets who comes later begin now, where a stream is behind because nobody who follows it can pay', async () => {
    const warned: object[] = []
    const quiet = () => undefined
    const log: Log = { debug: quiet, info: quiet, error: quiet, warn: (details, what) => void warned.push({ ...details, what }) }
    await open({ BUDGET_ADDRESS: '60' }, log)
    const follow = ({ headers = {} }: Sending) => readEvents(market.url, { query: stock }, headers)
    const first = await follow(budi)
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    change(40)
    for (let left = 0; left < 3; left += 1) expect(await first.next()).toEqual({ event: 'next', data: frame(left) })
    await expect.poll(() => warned.length).toBe(1)
    const later = [await follow(rina), await follow(from('198.51.100.9'))]
    await expect.poll(() => market.journal.count('stock p1')).toBe(2)
    market.journal.add('stock p1', { left: 99, product: { upc: 'p1' } })
    for (const one of later) expect(await one.next()).toEqual({ event: 'next', data: frame(99) })
    goOn(20)
    expect(await first.next()).toEqual({ event: 'next', data: frame(3) })
    const what = 'a stream is held back by its budget'
    expect(warned).toEqual([{ subgraph: 'orders', cost: 20, requestId: expect.any(String), what }])
    for (const one of [first, ...later]) one.close()
    await expect.poll(() => market.router.upstreams()).toBe(0)
  })

  it('keeps no dear frame waiting for ever behind the cheap ones of the same viewer', async () => {
    await open({ BUDGET_ADDRESS: '120' })
    change(200)
    const client = liveClient(market.url)
    const after = 'stock p1 0'
    const cheap = client.open({ query: stock, variables: { after } })
    for (let left = 0; left < 6; left += 1) expect(await cheap.next()).toEqual(frame(left))
    const dear = client.open({ query: stock.replace('left', 'left again: left'), variables: { after } })
    await expect.poll(() => market.journal.count('stock p1')).toBe(2)
    for (let seconds = 0; seconds < 60; seconds += 1) {
      goOn(1)
      await client.open({ query: '{ whoAsks }' }).ended
    }
    await expect.poll(() => [cheap.taken().length > 0, dear.taken().length > 0]).toEqual([true, true])
    await client.dispose()
  })
})
