import { fixedClock } from '@pasar/shared/clock'
import type { Follower } from '@pasar/shared/events/bus'
import { limits } from '@pasar/shared/limits'
import { openLog } from '@pasar/shared/log'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openVoidTokens, type Voided } from '../src/identity/void-tokens.ts'
import { routerLimits } from '../src/safety/limits.ts'
import { liveClient } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const nothing: Voided = { sessions: [], accounts: [] }
const users = { position: 1, keys: [], occurredAt: '', id: 'users:1' }

/** A market whose router hears of void tokens what a test says. */
async function openHearing({ voided }: { readonly voided: Voided | undefined } = { voided: nothing }) {
  const clock = fixedClock()
  const answer = { voided, times: 0 }
  let follower: Follower | undefined
  const voidTokens = await openVoidTokens({
    clock,
    log: openLog('silent', 'router'),
    ask: async function* () {
      answer.times += 1
      if (!answer.voided) throw new Error('users does not answer')
      yield answer.voided
    },
    follow: (one) => {
      follower = one
      one.found()
      return async () => undefined
    },
  })
  const market = await startTestMarket({ voidTokens })
  const tell = (type: string, aggregateId: string, seq = 1) =>
    follower!.handle({ ...users, type, aggregateId, seq, payload: {} } as never)
  const stop = async () => {
    await market.stop()
    await voidTokens.stop()
  }
  return { market, clock, answer, tell, follower: () => follower!, stop }
}

const codeFor = async (market: TestMarket, rights?: number) => {
  const { errors } = await market.post('{ whoAsks }', { token: await market.token({ ...(rights !== undefined && { rights }) }) })
  return errors?.[0]?.extensions['code'] ?? 'welcome'
}

it('while nobody can say which tokens are void all are refused for the moment, and the router is not ready', async () => {
  const { market, answer, stop } = await openHearing({ voided: undefined })
  const ready = async () => (await fetch(`${market.url}/ready`)).status
  expect(await codeFor(market)).toBe('SERVICE_UNAVAILABLE')
  expect((await market.post('{ whoAsks }')).data).toEqual({ whoAsks: 'guest in id' })
  expect(await ready()).toBe(503)
  answer.voided = { ...nothing, sessions: ['ses_other'] }
  expect(await codeFor(market)).toBe('welcome')
  market.clock.advance(routerLimits.readyCheckMs)
  expect(await ready()).toBe(200)
  await stop()
})

it('a token is refused as soon as an event says that its session has ended', async () => {
  const { market, tell, stop } = await openHearing()
  tell('SessionRevoked', 'ses_other')
  expect(await codeFor(market)).toBe('welcome')
  tell('SessionRevoked', 'ses_1')
  expect(await codeFor(market)).toBe('UNAUTHENTICATED')
  await stop()
})

it('a token that says what its account was allowed before is refused, and the one of the next refresh is not', async () => {
  const { market, tell, stop } = await openHearing()
  tell('AccountRightsChanged', 'usr_budi', 5)
  tell('AccountRightsChanged', 'usr_budi', 4)
  tell('AccountRegistered', 'usr_budi', 9)
  expect(await codeFor(market, 4)).toBe('UNAUTHENTICATED')
  expect(await codeFor(market, 5)).toBe('welcome')
  // From before there was such a number.
  expect(await codeFor(market)).toBe('welcome')
  await stop()
})

it('where no events are heard it is asked again within ten seconds, and no more when they are', async () => {
  const { market, answer, follower, stop } = await openHearing()
  expect(answer.times).toBe(1)
  vi.advanceTimersByTime(10 * routerLimits.sessionCheckMs)
  expect(answer.times).toBe(1)
  follower().lost()
  answer.voided = { ...nothing, sessions: ['ses_1'] }
  vi.advanceTimersByTime(routerLimits.sessionCheckMs)
  await expect.poll(() => codeFor(market)).toBe('UNAUTHENTICATED')
  expect(answer.times).toBe(2)
  follower().found()
  await expect.poll(() => answer.times).toBe(3)
  vi.advanceTimersByTime(10 * routerLimits.sessionCheckMs)
  expect(answer.times).toBe(3)
  expect(routerLimits.sessionCheckMs).toBeLessThanOrEqual(10_000)
  await stop()
})

it('what voids tokens is forgotten when the last of them is over by itself, and the oldest where it is too much', async () => {
  const { market, clock, tell, stop } = await openHearing()
  tell('SessionRevoked', 'ses_1')
  clock.advance(limits.accessTokenMinutes * 60_000)
  tell('SessionRevoked', 'ses_2')
  expect(await codeFor(market)).toBe('UNAUTHENTICATED')
  clock.advance((limits.voidTokensMinutes - limits.accessTokenMinutes) * 60_000)
  tell('SessionRevoked', 'ses_3')
  expect(await codeFor(market)).toBe('welcome')
  tell('SessionRevoked', 'ses_1')
  for (let number = 1; number < routerLimits.voidTokensMax; number += 1) tell('SessionRevoked', `ses_many_${number}`)
  expect(await codeFor(market)).toBe('UNAUTHENTICATED')
  tell('SessionRevoked', 'ses_one_more')
  expect(await codeFor(market)).toBe('welcome')
  await stop()
})

it('a socket whose account has other rights by now has a moment for its last answers', async () => {
  const { market, tell, stop } = await openHearing()
  const authorization = `Bearer ${await market.token({ rights: 1 })}`
  const client = liveClient(market.url, { authorization })
  const stream = client.open({ query: 'subscription { stockChanged(upc: "p1") { left } }' })
  await expect.poll(() => market.journal.count('stock p1')).toBe(1)
  tell('AccountRightsChanged', 'usr_budi', 2)
  market.journal.add('stock p1', { left: 7, product: { upc: 'p1' } })
  expect(await stream.next()).toEqual({ data: { stockChanged: { left: 7 } } })
  vi.advanceTimersByTime(routerLimits.changedRightsMs)
  expect(await stream.ended).toEqual([{ message: 'closed: 4403 Token expired' }])
  expect(routerLimits.changedRightsMs).toBeLessThan(1_000)
  await client.dispose()
  await stop()
})
