import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '@pasar/shared/http/free-port'
import type { Client, ClientOptions, Sink, SubscribePayload } from 'graphql-ws'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Frame } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

type Subscribe = Pick<Client, 'subscribe'>

/** What the page about clients shows. */
interface Shown {
  openSocket(url: string, accessToken: () => Promise<string>, options: Partial<ClientOptions>): Client
  resuming(socket: Subscribe): Subscribe
}

let folder: string
let shown: Shown

beforeAll(async () => {
  const page = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8')
  const [, program = ''] = /```js\n(\/\/ live\.js\n[^]*?)```/.exec(page) ?? []
  folder = mkdtempSync(join(tmpdir(), 'pasar-live-'))
  const file = join(folder, 'live.mjs')
  writeFileSync(file, program.replace("'graphql-ws'", JSON.stringify(import.meta.resolve('graphql-ws'))))
  shown = (await import(pathToFileURL(file).href)) as Shown
})

afterAll(() => rmSync(folder, { recursive: true }))

const query = 'subscription Stock($upc: ID!, $after: String) { stockChanged(upc: $upc, after: $after) { cursor left } }'

/** A sink that keeps what it is told. */
const keeping = () => {
  const left: number[] = []
  const errors: unknown[] = []
  const sink: Sink = {
    next: ({ data }) => left.push((data as { stockChanged: { left: number } }).stockChanged.left),
    error: (error) => errors.push(error),
    complete: () => undefined,
  }
  return { left, errors, sink }
}

/** Until `comeBack` a client that lost its connection waits; from then on it tries again at once. */
function openAway() {
  let comeBack = () => undefined as void
  const away = new Promise<void>((resolve) => (comeBack = resolve))
  return { away, comeBack }
}

describe('the client that the page about clients shows', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket()
  })
  afterAll(() => market.stop())

  it('misses nothing when its connection breaks, gets nothing twice, and comes back with a new token', async () => {
    const sockets: WebSocket[] = []
    class Recorded extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given)
        sockets.push(this)
      }
    }
    const { away, comeBack } = openAway()
    const tokens = vi.fn<() => Promise<string>>(() => market.token())
    const url = `${market.url.replace('http', 'ws')}/graphql`
    const socket = shown.openSocket(url, tokens, { webSocketImpl: Recorded, retryWait: () => away })
    const { left, errors, sink } = keeping()
    const stop = shown.resuming(socket).subscribe({ query, variables: { upc: 'p1' } }, sink)
    await expect.poll(() => market.journal.count('stock p1')).toBe(1)
    const change = (units: number) => market.journal.add('stock p1', { left: units, product: { upc: 'p1' } })
    for (const units of [9, 8]) change(units)
    await expect.poll(() => left).toEqual([9, 8])
    sockets[0]!.terminate()
    await expect.poll(() => market.journal.count('stock p1')).toBe(0)
    for (const units of [7, 6]) change(units)
    comeBack()
    await expect.poll(() => left).toEqual([9, 8, 7, 6])
    change(5)
    await expect.poll(() => left).toEqual([9, 8, 7, 6, 5])
    expect([errors, sockets.length, tokens.mock.calls.length]).toEqual([[], 2, 2])
    stop()
    await socket.dispose()
  })

  it('goes on trying when it finds nobody, and when no token can be had', async () => {
    const nowhere = `ws://127.0.0.1:${await freePort()}`
    const sockets: WebSocket[] = []
    /** A socket that finds nobody the first time that it comes back. */
    class Recorded extends WebSocket {
      constructor(address: string, protocol: string) {
        super(sockets.length === 1 ? nowhere : address, protocol)
        sockets.push(this)
      }
    }
    const tokens = vi.fn<() => Promise<string>>(() => market.token())
    const url = `${market.url.replace('http', 'ws')}/graphql`
    const { away, comeBack } = openAway()
    const socket = shown.openSocket(url, tokens, { webSocketImpl: Recorded, retryWait: () => away })
    const { left, errors, sink } = keeping()
    const stop = shown.resuming(socket).subscribe({ query, variables: { upc: 'p2' } }, sink)
    await expect.poll(() => market.journal.count('stock p2')).toBe(1)
    const change = (units: number) => market.journal.add('stock p2', { left: units, product: { upc: 'p2' } })
    change(9)
    await expect.poll(() => left).toEqual([9])
    tokens.mockRejectedValueOnce(new Error('the session cannot be refreshed right now'))
    sockets[0]!.terminate()
    await expect.poll(() => market.journal.count('stock p2')).toBe(0)
    change(8)
    comeBack()
    await expect.poll(() => [left, errors], { timeout: 5_000 }).toEqual([[9, 8], []])
    expect(tokens.mock.calls.length).toBeGreaterThanOrEqual(3)
    stop()
    await socket.dispose()
  })
})

describe('a socket of the client that the page about clients shows', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    return () => void vi.useRealTimers()
  })

  it('is not given up for a ping that went over the one before', async () => {
    const opened: Scripted[] = []
    /** A socket that greets back, and answers nothing else. */
    class Scripted {
      static readonly CONNECTING = 0
      static readonly OPEN = 1
      static readonly CLOSING = 2
      static readonly CLOSED = 3
      readyState = Scripted.OPEN
      readonly closings: number[] = []
      onopen: () => void = () => undefined
      onmessage: (event: { data: string }) => void = () => undefined
      onclose: (event: { code: number; reason: string }) => void = () => undefined
      constructor() {
        opened.push(this)
        queueMicrotask(() => this.onopen())
      }
      send(text: string) {
        if (text.includes('connection_init')) this.onmessage({ data: '{"type":"connection_ack"}' })
      }
      close(code: number) {
        this.closings.push(code)
      }
    }
    const retryWait = () => Promise.resolve()
    const socket = shown.openSocket('ws://market', async () => 'token', { webSocketImpl: Scripted, retryWait })
    const { errors, sink } = keeping()
    socket.subscribe({ query }, sink)
    await vi.advanceTimersByTimeAsync(11_000)
    opened[0]!.onclose({ code: 1006, reason: '' })
    await vi.advanceTimersByTimeAsync(8_000)
    expect([opened.length, opened[1]?.closings, errors]).toEqual([2, [], []])
  })
})

describe('a stream of the client that the page about clients shows', () => {
  const asked: SubscribePayload[] = []
  let told: Sink
  const socket: Subscribe = {
    subscribe: (payload, sink) => {
      asked.push({ ...payload, variables: { ...payload.variables } })
      told = sink
      return () => undefined
    },
  }
  beforeEach(() => {
    asked.length = 0
    vi.useFakeTimers()
    return () => void vi.useRealTimers()
  })
  const frame = (cursor: string, left: number): Frame => ({ data: { stockChanged: { cursor, left } } })
  const errorOf = (extensions: object) => [{ message: 'x', extensions }]

  it('goes on behind its last frame when the market says that it may', () => {
    const { left, errors, sink } = keeping()
    shown.resuming(socket).subscribe({ query, variables: { upc: 'p1' } }, sink)
    told.next(frame('c1', 9))
    told.error(errorOf({ code: 'SUBSCRIPTION_TOO_SLOW', retryable: true }))
    vi.advanceTimersByTime(2_000)
    expect(asked.map(({ variables }) => variables)).toEqual([{ upc: 'p1' }, { upc: 'p1', after: 'c1' }])
    told.next(frame('c2', 8))
    expect([left, errors]).toEqual([[9, 8], []])
  })

  it('does not begin again once it is stopped', () => {
    const stop = shown.resuming(socket).subscribe({ query, variables: { upc: 'p1' } }, keeping().sink)
    told.error(errorOf({ retryable: true }))
    stop()
    vi.advanceTimersByTime(60_000)
    expect(asked).toHaveLength(1)
  })

  it('ends with what cannot be mended by asking again', () => {
    const { errors, sink } = keeping()
    shown.resuming(socket).subscribe({ query, variables: { upc: 'p1' } }, sink)
    const refusal = errorOf({ code: 'BAD_USER_INPUT' })
    told.error(refusal)
    vi.advanceTimersByTime(60_000)
    expect([asked.length, errors]).toEqual([1, [refusal]])
  })
})
