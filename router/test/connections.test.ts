import { fixedClock } from '@pasar/shared/clock'
import { localTransport } from '@pasar/shared/process/addresses'
import { iteratorOf } from '@pasar/shared/flow/iterators'
import { openLog } from '@pasar/shared/log'
import { guest, type Viewer } from '@pasar/shared/identity/viewer'
import type { ExecutionResult } from 'graphql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openConnections } from '../src/live/connections.ts'
import { routerLimits } from '../src/safety/limits.ts'
import { readEvents } from './support/event-stream.ts'
import { liveClient } from './support/live-client.ts'
import { startTestMarket } from './support/test-market.ts'

const account: Viewer = { kind: 'account', accountId: 'usr_budi' as never, sessionId: 'ses_1' as never, roles: [], shopIds: [] }

describe('open connections', () => {
  const open = () => openConnections({ clock: fixedClock(), log: openLog('silent', 'router') })
  const nothing = () => undefined

  it('are limited for each account, wherever it comes from', () => {
    const connections = open()
    const opened = Array.from({ length: routerLimits.connectionsPerAccountMax }, (_, index) =>
      connections.open(`10.0.0.${index}`, nothing)!,
    )
    expect(opened.map((one) => one.signIn(account, undefined))).not.toContain(false)
    expect(connections.open('10.0.1.1', nothing)?.signIn(account, undefined)).toBe(false)
    opened[0]?.leave()
    expect(connections.open('10.0.1.2', nothing)?.signIn(account, undefined)).toBe(true)
    connections.stop()
  })

  it('are limited for each address, and so are their subscriptions', () => {
    const connections = open()
    const opened = Array.from({ length: routerLimits.connectionsPerAddressMax }, () => connections.open('10.0.0.1', nothing)!)
    expect(connections.open('10.0.0.1', nothing)).toBeUndefined()
    const other = connections.open('10.0.0.2', nothing)
    expect(other?.signIn(guest, undefined)).toBe(true)
    const taken = Array.from({ length: routerLimits.subscriptionsPerAddressMax }, (_, index) =>
      opened[index % opened.length]!.subscribe(),
    )
    expect(taken).not.toContain(undefined)
    expect(opened[0]?.subscribe()).toBeUndefined()
    taken[0]?.()
    taken[0]?.()
    expect(opened[0]?.subscribe()).toBeDefined()
    expect(opened[0]?.subscribe()).toBeUndefined()
    connections.stop()
  })

  it('are limited for each household, however many IPv6 addresses it uses', () => {
    const connections = open()
    const at = (network: string, host: number) => `2001:db8:0:${network}::${host.toString(16)}`
    const opened = Array.from({ length: routerLimits.connectionsPerAddressMax }, (_, host) =>
      connections.open(at('1', host + 1), nothing),
    )
    expect(opened).not.toContain(undefined)
    expect(connections.open(at('1', 0xffff), nothing)).toBeUndefined()
    expect(connections.open(at('2', 1), nothing)).toBeDefined()
    const taken = Array.from({ length: routerLimits.subscriptionsPerAddressMax }, (_, index) =>
      opened[index % opened.length]!.subscribe(),
    )
    expect(taken).not.toContain(undefined)
    expect(opened[0]?.subscribe()).toBeUndefined()
    connections.stop()
  })

  it('are not opened any more by a router that stops', () => {
    const connections = open()
    connections.stop()
    expect(connections.open('10.0.0.1', nothing)).toBeUndefined()
  })
})

describe('a session that is ended elsewhere', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterEach(() => void vi.useRealTimers())

  it('takes its sockets and event streams along within half a minute, and no others', async () => {
    const ended = new Set<string>()
    const asked: (readonly string[])[] = []
    const market = await startTestMarket({
      endedSessions: async (ids) => {
        asked.push(ids)
        if (asked.length === 1) throw new Error('users does not answer')
        return ids.filter((id) => ended.has(id))
      },
    })
    const query = 'subscription { stockChanged(upc: "p1") { left } }'
    const authorization = `Bearer ${await market.token()}`
    const [signedIn, anyone] = [liveClient(market.url, { authorization }), liveClient(market.url)]
    const streams = [signedIn.open({ query }), anyone.open({ query })]
    const events = await readEvents(market.url, { query }, { authorization })
    await expect.poll(() => market.journal.count('stock p1')).toBe(2)
    vi.advanceTimersByTime(routerLimits.sessionCheckMs)
    await expect.poll(() => asked).toEqual([['ses_1']])
    ended.add('ses_1')
    vi.advanceTimersByTime(routerLimits.sessionCheckMs)
    expect(await streams[0]?.ended).toEqual([{ message: 'closed: 4403 Session ended' }])
    expect(await events.next()).toEqual({ event: 'alive' })
    expect(await events.next()).toMatchObject({ event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
    expect(await events.next()).toEqual({ event: 'complete' })
    expect(3 * routerLimits.sessionCheckMs).toBeLessThanOrEqual(30_000)
    market.journal.add('stock p1', { left: 1, product: { upc: 'p1' } })
    expect(await streams[1]?.next()).toEqual({ data: { stockChanged: { left: 1 } } })
    await anyone.dispose()
    await market.stop()
  })

  it('does not hold an event stream open by taking its frames slowly', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
    let made = 0
    const frames = () =>
      iteratorOf<ExecutionResult>(
        async () => {
          made += 1
          const product = { upc: 'x'.repeat(20_000) }
          return { value: { data: { stockChanged: { left: made, product, _cursor: `${made}` } } }, done: false }
        },
        async () => undefined,
      )
    const ended: string[] = []
    const market = await startTestMarket({
      endedSessions: async () => ended,
      transport: (subgraph) => ({ ...localTransport(() => subgraph), subscribe: async () => frames() }),
    })
    const headers = { authorization: `Bearer ${await market.token()}` }
    const follow = async (upc: string) => {
      const query = `subscription { stockChanged(upc: "${upc}") { left product { upc } } }`
      const events = await readEvents(market.url, { query }, headers)
      expect(await events.next()).toMatchObject({ event: 'next', data: { data: { stockChanged: { left: expect.any(Number) } } } })
      events.pause(true)
      let before = -1
      await expect.poll(() => before === (before = made), { interval: 200, timeout: 10_000 }).toBe(true)
      return events
    }
    const [late, deaf] = [await follow('p1'), await follow('p2')]
    expect(market.router.upstreams()).toBe(2)
    ended.push('ses_1')
    vi.advanceTimersByTime(routerLimits.sessionCheckMs)
    await expect.poll(() => market.router.upstreams()).toBe(0)
    late.pause(false)
    let said = await late.next()
    while (said !== 'closed' && said.event === 'next' && said.data.data) said = await late.next()
    expect(said).toMatchObject({ event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
    expect(await late.next()).toEqual({ event: 'complete' })
    vi.advanceTimersByTime(routerLimits.socketGoodbyeMs)
    deaf.pause(false)
    do said = await deaf.next()
    while (said !== 'closed' && said.event === 'next' && said.data.data)
    expect(said).toBe('closed')
    await market.stop()
  })
})
