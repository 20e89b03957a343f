import { fixedClock } from '@pasar/shared/clock'
import { openLog } from '@pasar/shared/log'
import { closeRedis, openRedis, type RedisClient } from '@pasar/shared/events/redis'
import { redisInstalled, startRedis, type TestRedis } from '@pasar/shared/testing/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryBudgets, type BudgetSize, type Budgets } from '../src/cost/budgets.ts'
import { redisBudgets } from '../src/cost/redis-budgets.ts'

/** What every kind of budget keeps. */
function contract(open: (size: BudgetSize) => Budgets): void {
  const perMinute = 600

  it('lets through as much as a minute brings, and then says how long to wait', () => {
    const budgets = open({ perMinute, clock: fixedClock() })
    budgets.charge('budi', 550)
    expect(budgets.wait('budi', 50)).toBe(0)
    expect(budgets.wait('budi', 100)).toBe(5)
    expect(budgets.wait('rina', 600)).toBe(0)
  })

  it('comes back steadily, up to what it holds', () => {
    const clock = fixedClock()
    const budgets = open({ perMinute, clock })
    budgets.charge('budi', 600)
    expect(budgets.wait('budi', 1)).toBe(1)
    clock.advance(10_000)
    expect([budgets.wait('budi', 100), budgets.wait('budi', 110)]).toEqual([0, 1])
    clock.advance(3_600_000)
    expect([budgets.wait('budi', 600), budgets.wait('budi', 9_000)]).toEqual([0, 0])
  })

  it('may owe, but never more than a minute’s worth', () => {
    const clock = fixedClock()
    const budgets = open({ perMinute, clock })
    for (let index = 0; index < 100; index += 1) budgets.charge('budi', 600)
    expect(budgets.wait('budi', 1)).toBe(61)
  })

  it('has no bound where none is set', () => {
    const budgets = open({ perMinute: 0, clock: fixedClock() })
    budgets.charge('budi', 1e12)
    expect(budgets.wait('budi', 1e12)).toBe(0)
  })

  it('is not fooled by a clock that goes back', () => {
    const clock = fixedClock()
    const budgets = open({ perMinute, clock })
    budgets.charge('budi', 600)
    clock.advance(-60_000)
    expect(budgets.wait('budi', 600)).toBe(60)
  })
}

describe('budgets in memory', () => contract(memoryBudgets))

describe.runIf(redisInstalled())('budgets that a fleet shares over Redis', () => {
  let redis: TestRedis
  let client: RedisClient
  const log = openLog('silent', 'router')
  beforeAll(async () => {
    redis = await startRedis()
    client = await openRedis(redis.url, log)
  })
  afterAll(async () => {
    await client.close()
    await redis.stop()
  })
  let markets = 0
  const shared = (size: BudgetSize, prefix = `market-${(markets += 1)}`) => redisBudgets({ client, prefix, log, ...size })

  contract(shared)

  it('what one router let through, another one knows', async () => {
    const clock = fixedClock()
    const [here, there] = [shared({ perMinute: 600, clock }, 'one'), shared({ perMinute: 600, clock }, 'one')]
    here.charge('budi', 400)
    await here.settle()
    there.charge('budi', 150)
    await there.settle()
    expect(there.wait('budi', 100)).toBeGreaterThan(0)
    here.charge('budi', 1)
    await here.settle()
    expect(here.wait('budi', 100)).toBeGreaterThan(0)
    expect(here.wait('rina', 600)).toBe(0)
  })

  it('charge nobody for the time by which the clock of a Redis that takes over is behind', async () => {
    const budgets = shared({ perMinute: 600, clock: fixedClock() }, 'taken-over')
    budgets.charge('budi', 1)
    await budgets.settle()
    const aheadMs = 60_000
    const { at } = await client.hGetAll('taken-over:budi')
    await client.hSet('taken-over:budi', 'at', String(Number(at) + aheadMs))
    budgets.charge('budi', 1)
    await budgets.settle()
    expect(budgets.wait('budi', 500)).toBe(0)
  })

  const back = (own: TestRedis) => startRedis(Number(new URL(own.url).port))
  const thawed = async (own: TestRedis, noticed: Promise<unknown>) => {
    await noticed
    own.freeze(false)
    return own
  }

  /** Twenty minutes pass in one moment below: that the connection is lost has to be known before. */
  const cut = async (own: TestRedis, lost: RedisClient) => {
    await own.kill()
    await expect.poll(() => lost.isReady, { timeout: 10_000 }).toBe(false)
  }

  it.each([
    ['stopped', cut, back],
    ['silent', async (own: TestRedis) => own.freeze(true), thawed],
  ])('charge nobody afterwards for what was spent in time while Redis was %s', async (_, lose, find) => {
    const own = await startRedis()
    const lost = await openRedis(own.url, log)
    const clock = fixedClock()
    const budgets = redisBudgets({ client: lost, prefix: 'away', log, perMinute: 600, clock, answerMs: 100 })
    budgets.charge('budi', 1)
    await budgets.settle()
    await lose(own, lost)
    const settling: Promise<void>[] = []
    for (let minute = 0; minute < 20; minute += 1) {
      clock.advance(60_000)
      budgets.charge('budi', 100)
      settling.push(budgets.settle())
    }
    clock.advance(60_000)
    const again = await find(own, Promise.all(settling))
    await expect.poll(() => lost.isReady, { timeout: 10_000 }).toBe(true)
    await Promise.all(settling)
    budgets.charge('budi', 1)
    await budgets.settle()
    expect(budgets.wait('budi', 5)).toBe(0)
    await budgets.stop()
    await closeRedis(lost, 100)
    await again.stop()
    await own.stop()
  })
})
