import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { redisBus } from '@pasar/shared/events/redis-bus'
import { streamOf } from '@pasar/shared/events/redis-follow'
import { busContract, eventAt } from '@pasar/shared/testing/bus-contract'
import { redisInstalled, startRedis, type TestRedis } from '@pasar/shared/testing/redis'
import { createClient } from 'redis'

const log = openLog('silent', 'test')

describe('the bus in memory', () => busContract(async () => memoryBus()))

describe.skipIf(!redisInstalled())('the bus on Redis', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  const open = (prefix: string) => redisBus({ url: redis.url, prefix, log, claimAfterMs: 300 })

  busContract(() => open(randomUUID()))

  it('keeps events for a group whose process is away', async () => {
    const prefix = randomUUID()
    const first = await open(prefix)
    const got: number[] = []
    const handle = async ({ position }: { position: number }) => void got.push(position)
    const leave = await first.consume({ group: 'carts', domains: ['orders'], handle })
    await first.publish('orders', [eventAt(1)])
    await vi.waitFor(() => expect(got).toEqual([1]), { timeout: 5_000 })
    await leave()
    await first.publish('orders', [eventAt(2)])
    const second = await open(prefix)
    await second.consume({ group: 'carts', domains: ['orders'], handle })
    await vi.waitFor(() => expect(got).toEqual([1, 2]), { timeout: 5_000 })
    await first.stop()
    await second.stop()
  })

  it('hands what a dead process had taken to another one', async () => {
    const prefix = randomUUID()
    const dead = await open(prefix)
    let taken = false
    // Never confirms: what a process does that dies in the middle of its work.
    const hang = new Promise<void>(() => undefined)
    await dead.consume({
      group: 'carts',
      domains: ['orders'],
      handle: () => {
        taken = true
        return hang
      },
    })
    await dead.publish('orders', [eventAt(1)])
    await vi.waitFor(() => expect(taken).toBe(true), { timeout: 5_000 })
    const alive = await open(prefix)
    const got: number[] = []
    await alive.consume({ group: 'carts', domains: ['orders'], handle: async ({ position }) => void got.push(position) })
    await vi.waitFor(() => expect(got).toEqual([1]), { timeout: 10_000 })
    await alive.stop()
  })

  it('has handled what it had taken when it leaves, so that nothing of it comes late to another one', async () => {
    const bus = await open(randomUUID())
    await bus.publish('orders', [1, 2, 3].map(eventAt))
    const got: number[] = []
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const handle = async ({ position }: { position: number }) => {
      got.push(position)
      await held
    }
    const leave = await bus.consume({ group: 'carts', domains: ['orders'], handle })
    await vi.waitFor(() => expect(got).toEqual([1]), { timeout: 5_000 })
    const left = leave()
    letGo()
    await left
    expect(got).toEqual([1, 2, 3])
    await bus.stop()
  })

  it('hands over what could not be handled, and what was taken with it, before anything newer', async () => {
    const bus = await open(randomUUID())
    await bus.publish('orders', [1, 2, 3, 4].map(eventAt))
    const got: number[] = []
    let isFirst = true
    const handle = async ({ position }: { position: number }) => {
      if (position === 2 && isFirst) {
        isFirst = false
        await bus.publish('orders', [eventAt(5)])
        throw new Error('not now')
      }
      got.push(position)
    }
    await bus.consume({ group: 'carts', domains: ['orders'], handle })
    await vi.waitFor(() => expect(got).toHaveLength(5), { timeout: 10_000 })
    expect(got).toEqual([1, 2, 3, 4, 5])
    await bus.stop()
  })

  it('goes on behind what was removed from Redis before it could be handled', async () => {
    const prefix = randomUUID()
    const bus = await open(prefix)
    const redisClient = await createClient({ url: redis.url }).connect()
    await bus.publish('orders', [1, 2, 3].map(eventAt))
    const got: number[] = []
    let isFirst = true
    const handle = async ({ position }: { position: number }) => {
      if (isFirst) {
        isFirst = false
        await redisClient.xTrim(streamOf(prefix, 'orders'), 'MAXLEN', 1)
        throw new Error('not now')
      }
      got.push(position)
    }
    await bus.consume({ group: 'carts', domains: ['orders'], handle })
    await vi.waitFor(() => expect(got).toEqual([3]), { timeout: 5_000 })
    await bus.publish('orders', [eventAt(4)])
    await vi.waitFor(() => expect(got).toEqual([3, 4]), { timeout: 5_000 })
    await bus.stop()
    redisClient.destroy()
  })

  it('hands over all that others left and what it could not handle of it, however much, before anything newer', async () => {
    const prefix = randomUUID()
    const bus = await open(prefix)
    await bus.publish(
      'orders',
      Array.from({ length: 120 }, (_, index) => eventAt(index + 1)),
    )
    const redisClient = await createClient({ url: redis.url }).connect()
    const key = streamOf(prefix, 'orders')
    await redisClient.xGroupCreate(key, 'carts', '0')
    await redisClient.xReadGroup('carts', 'dead', { key, id: '>' }, { COUNT: 120 })
    const got: number[] = []
    let isFirst = true
    const handle = async ({ position }: { position: number }) => {
      if (isFirst) {
        isFirst = false
        await bus.publish('orders', [eventAt(121)])
        throw new Error('not now')
      }
      got.push(position)
    }
    await bus.consume({ group: 'carts', domains: ['orders'], handle })
    await vi.waitFor(() => expect(got).toHaveLength(121), { timeout: 10_000 })
    expect(got).toEqual(Array.from({ length: 121 }, (_, index) => index + 1))
    await bus.stop()
    redisClient.destroy()
  })

  it('forgets the names of those who have left, and nothing of what they could not handle', async () => {
    const prefix = randomUUID()
    const bus = await open(prefix)
    const redisClient = await createClient({ url: redis.url }).connect()
    const names = async () => (await redisClient.xInfoConsumers(streamOf(prefix, 'orders'), 'carts')).length
    const subscription = { group: 'carts', domains: ['orders'] } as const
    const got: number[] = []
    const handle = async ({ position }: { position: number }) => void got.push(position)
    const members = await Promise.all(Array.from({ length: 10 }, () => bus.consume({ ...subscription, handle })))
    await bus.publish('orders', [eventAt(1)])
    await vi.waitFor(() => expect(got).toEqual([1]), { timeout: 5_000 })
    await Promise.all(members.map((leave) => leave()))
    expect(await names()).toBe(0)
    let tries = 0
    const refuse = async () => {
      tries += 1
      throw new Error('not now')
    }
    const leave = await bus.consume({ ...subscription, handle: refuse })
    await bus.publish('orders', [eventAt(2)])
    await vi.waitFor(() => expect(tries).toBeGreaterThan(0), { timeout: 5_000 })
    await leave()
    expect(await names()).toBe(1)
    await bus.consume({ ...subscription, handle })
    await vi.waitFor(() => expect(got).toEqual([1, 2]), { timeout: 5_000 })
    await bus.stop()
    redisClient.destroy()
  })

  it('forgets what is older than a week to the last event, when every group has handled it and not before', async () => {
    const prefix = randomUUID()
    const redisClient = await createClient({ url: redis.url }).connect()
    const key = streamOf(prefix, 'orders')
    const entry = (position: number) => ({ event: JSON.stringify(eventAt(position)), position: String(position) })
    await redisClient.xAdd(key, '1-0', entry(1))
    await redisClient.xAdd(key, '*', entry(2))
    await redisClient.xGroupCreate(key, 'payments', '0')
    const kept = async () => ((await redisClient.xRange(key, '-', '+')) ?? []).map(({ message }) => Number(message['position']))
    /** A member of a group comes, which tidies up first, handles both and leaves. */
    const visit = async (group: string) => {
      const bus = await open(prefix)
      const got: number[] = []
      const leave = await bus.consume({ group, domains: ['orders'], handle: async ({ position }) => void got.push(position) })
      await bus.publish('orders', [eventAt(3)])
      await vi.waitFor(() => expect(got.at(-1)).toBe(3), { timeout: 5_000 })
      await leave()
      await bus.stop()
    }
    await visit('carts')
    await visit('carts')
    expect((await kept())[0]).toBe(1)
    await redisClient.xReadGroup('payments', 'dead', { key, id: '>' }, { COUNT: 1 })
    await visit('carts')
    expect((await kept())[0]).toBe(1)
    await redisClient.xAck(key, 'payments', '1-0')
    await visit('payments')
    await visit('carts')
    expect((await kept())[0]).toBe(2)
    redisClient.destroy()
  })

  it('tells a follower from where to where it may have missed something', async () => {
    const own = await startRedis()
    const bus = await redisBus({ url: own.url, prefix: 'x', log })
    const got: (number | string)[] = []
    await bus.follow({
      domains: ['orders', 'users'],
      handle: ({ position }) => void got.push(position),
      lost: () => void (got.at(-1) !== 'lost' && got.push('lost')),
      found: () => void got.push('found'),
    })
    await vi.waitFor(() => expect(got).toEqual(['lost', 'found']), { timeout: 5_000 })
    await bus.publish('orders', [eventAt(1)])
    await vi.waitFor(() => expect(got.at(-1)).toBe(1), { timeout: 5_000 })
    await own.kill()
    await vi.waitFor(() => expect(got.at(-1)).toBe('lost'), { timeout: 5_000 })
    const again = await startRedis(Number(new URL(own.url).port))
    await vi.waitFor(() => expect(got.at(-1)).toBe('found'), { timeout: 15_000 })
    await vi.waitFor(() => bus.publish('orders', [eventAt(2)]), { timeout: 15_000 })
    await vi.waitFor(() => expect(got).toEqual(['lost', 'found', 1, 'lost', 'found', 2]), { timeout: 15_000 })
    await bus.stop()
    await again.stop()
    await own.stop()
  })

  it('goes on by itself after Redis was killed and came back empty', async () => {
    const own = await startRedis()
    const bus = await redisBus({ url: own.url, prefix: 'x', log, claimAfterMs: 300 })
    const got: number[] = []
    await bus.consume({ group: 'carts', domains: ['orders'], handle: async ({ position }) => void got.push(position) })
    await bus.publish('orders', [eventAt(1)])
    await vi.waitFor(() => expect(got).toEqual([1]), { timeout: 5_000 })
    await own.kill()
    const again = await startRedis(Number(new URL(own.url).port))
    // As a relay does: what could not be handed over is handed over again.
    await vi.waitFor(() => bus.publish('orders', [eventAt(2)]), { timeout: 15_000 })
    await vi.waitFor(() => expect(got).toEqual([1, 2]), { timeout: 15_000 })
    await bus.stop()
    await again.stop()
    await own.stop()
  })
})
