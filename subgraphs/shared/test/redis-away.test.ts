import type { Bus } from '@pasar/shared/events/bus'
import { fixedClock } from '@pasar/shared/clock'
import { limits } from '@pasar/shared/limits'
import { followEvents } from '@pasar/shared/events/live'
import { openLog } from '@pasar/shared/log'
import { enqueue } from '@pasar/shared/events/outbox'
import { redisBus } from '@pasar/shared/events/redis-bus'
import { openRelay } from '@pasar/shared/events/relay'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { redisInstalled, startRedis, type TestRedis } from '@pasar/shared/testing/redis'
import { openSeam, type TestSeam } from '@pasar/shared/testing/seam'
import { startLoop } from '@pasar/shared/process/worker'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

/** How Redis is lost, and how it is there again. */
const ways = [
  ['stopped', (redis: TestRedis) => redis.kill(), (redis: TestRedis) => startRedis(Number(new URL(redis.url).port))],
  [
    'silent',
    async (redis: TestRedis) => redis.freeze(true),
    async (redis: TestRedis) => {
      redis.freeze(false)
      return redis
    },
  ],
] as const

describe.runIf(redisInstalled())('while Redis is away', () => {
  const clock = fixedClock()
  const log = openLog('silent', 'test')
  let database: FreshDatabase
  let seam: TestSeam
  let redis: TestRedis
  let bus: Bus
  let loop: ReturnType<typeof startLoop>
  beforeAll(async () => {
    database = await freshDatabase('orders')
    seam = openSeam(database.url)
  })
  beforeEach(async () => {
    redis = await startRedis()
    bus = await redisBus({ url: redis.url, prefix: 'x', log, answerMs: 200 })
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    loop = startLoop({ name: 'orders relay', everyMs: limits.relayPollMs, run: () => relay.run() }, log)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await loop.stop()
    await bus.stop()
    await redis.stop()
  })
  afterAll(async () => {
    await seam.stop()
    await database.drop()
  })

  const move = (orderId: string) =>
    seam.transaction((tx) =>
      enqueue(tx, clock, {
        type: 'OrderShipped',
        aggregateId: orderId,
        keys: [],
        payload: { orderId, checkoutId: 'chk_1', buyerId: 'usr_1', shopId: 'shp_1' },
      }),
    )
  /** The numbers of an order's moves, as they come to its buyer. */
  const watch = async (orderId: string) => {
    const live = await followEvents({ domain: 'orders', db: seam.db, bus }, { key: orderId })
    const seen: number[] = []
    const reading = (async () => {
      for await (const { seq } of live) seen.push(seq)
    })()
    return {
      seen,
      end: async () => {
        await live.return?.()
        await reading
      },
    }
  }
  /** Whether so much is seen, however often streams look meanwhile. */
  const sees = (seen: readonly number[], wanted: readonly number[]) =>
    expect
      .poll(
        () => {
          vi.advanceTimersByTime(limits.livePollMs)
          return seen
        },
        { timeout: 3_000 },
      )
      .toEqual(wanted)

  it.each(ways)('(%s) a buyer sees each move of an order, and consumers get them when it is back', async (way, lose, find) => {
    const order = `moves-${way}`
    const { seen, end } = await watch(order)
    await move(order)
    await sees(seen, [1])
    await lose(redis)
    await move(order)
    await sees(seen, [1, 2])
    await move(order)
    await sees(seen, [1, 2, 3])
    await end()
    const again = await find(redis)
    const handed: number[] = []
    const handle = async ({ aggregateId, seq }: { aggregateId: string; seq: number }) => {
      if (aggregateId === order && !handed.includes(seq)) handed.push(seq)
    }
    await bus.consume({ group: 'carts', domains: ['orders'], handle })
    await expect.poll(() => handed.slice(-2), { timeout: 15_000 }).toEqual([2, 3])
    await bus.stop()
    await again.stop()
  })

  it.each(ways)('(%s) a process begins, and is handed events when it is back', async (way, lose, find) => {
    const order = `begins-${way}`
    await lose(redis)
    const late = await redisBus({ url: redis.url, prefix: 'x', log, answerMs: 200 })
    const handed = new Set<string>()
    const handle = async ({ aggregateId }: { aggregateId: string }) => void handed.add(aggregateId)
    await late.consume({ group: 'payments', domains: ['orders'], handle })
    const again = await find(redis)
    await move(order)
    await expect.poll(() => handed.has(order), { timeout: 15_000 }).toBe(true)
    await late.stop()
    await bus.stop()
    await again.stop()
  })

  it.each(ways)('(%s) a stream begins, and the process can be stopped', async (way, lose) => {
    const order = `first-${way}`
    await bus.consume({ group: 'carts', domains: ['orders'], handle: async () => undefined })
    await lose(redis)
    const { seen, end } = await watch(order)
    await move(order)
    await sees(seen, [1])
    await end()
    await loop.stop()
    await bus.stop()
  })
})
