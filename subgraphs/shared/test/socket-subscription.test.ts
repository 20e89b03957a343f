import type { AddressInfo } from 'node:net'
import { limits } from '@pasar/shared/limits'
import { socketSubscription } from '@pasar/shared/http/socket-subscription'
import { handleProtocols } from 'graphql-ws'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'

/** A subgraph that gives so many results at once, and then falls silent. */
async function fallSilentAfter(results: number) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  let pings = 0
  server.on('connection', (socket) =>
    socket.on('message', (text: Buffer) => {
      const { type, id } = JSON.parse(String(text)) as { type: string; id?: string }
      if (type === 'ping') pings += 1
      if (type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }))
      if (type !== 'subscribe') return
      for (let index = 0; index < results; index += 1)
        socket.send(JSON.stringify({ type: 'next', id, payload: { data: { index } } }))
    }),
  )
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pings: () => pings,
    stop: () => {
      server.clients.forEach((socket) => socket.terminate())
      server.close()
    },
  }
}

describe('a subscription at a subgraph that falls silent', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['while nothing is read, because enough waits', limits.upstreamReadyMax + 8],
    ['while all is read', 1],
  ])('is lost: %s', async (_, results) => {
    const subgraph = await fallSilentAfter(results)
    const payload = { query: 'subscription { index }' }
    const events = socketSubscription({ name: 'orders', url: subgraph.url }, { headers: {}, payload })
    expect((await events.next()).value).toEqual({ data: { index: 0 } })
    vi.advanceTimersByTime(limits.upstreamPingMs)
    await expect.poll(() => subgraph.pings()).toBe(1)
    for (let index = 1; index < results; index += 1) expect((await events.next()).value).toEqual({ data: { index } })
    let ending: unknown
    events.next().catch((error: unknown) => (ending = error))
    await expect
      .poll(() => {
        vi.advanceTimersByTime(limits.upstreamPongMs)
        return ending
      })
      .toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
    subgraph.stop()
  })
})
