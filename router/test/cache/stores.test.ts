import { randomUUID } from 'node:crypto'
import { openLog } from '@pasar/shared/log'
import { redisInstalled, startRedis, type TestRedis } from '@pasar/shared/testing/redis'
import { openSilentWay } from '@pasar/shared/testing/silent-way'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EntityCache } from '../../src/cache/entity-cache.ts'
import { memoryStore } from '../../src/cache/memory-store.ts'
import { redisStore } from '../../src/cache/redis-store.ts'
import { storeContract } from './store-contract.ts'

const log = openLog('silent', 'test')

/** Redis may only just have come up. */
const untilClear = (store: ReturnType<typeof redisStore>) =>
  expect
    .poll(
      async () =>
        Promise.resolve(store.clear())
          .then(() => 'clear')
          .catch(() => 'gone'),
      { timeout: 10_000 },
    )
    .toBe('clear')

function memory(bytesMax = 100_000) {
  let now = 0
  const store = memoryStore({ bytesMax, entryBytesMax: bytesMax / 2, now: () => now })
  return { store, wait: (milliseconds: number) => void (now += milliseconds) }
}

const fill = (key: string, length = 10) => ({ key, tags: [key], text: 'x'.repeat(length), maxAgeMs: 1_000 })

describe('the store in memory', () => {
  storeContract(async () => memory())

  it('keeps within its bytes what was used last', async () => {
    const { store } = memory(4_000)
    const { mark } = await store.read(['none'])
    for (const key of ['a', 'b', 'c']) await store.write([fill(key, 400)], mark)
    await store.read(['a'])
    await store.write([fill('d', 400)], mark)
    expect((await store.read(['a', 'b', 'c', 'd'])).values.map((value) => value !== undefined)).toEqual([true, false, true, true])
    expect((await store.size()).bytes).toBeLessThanOrEqual(4_000)
    expect(await store.write([fill('large', 2_000)], mark)).toBe(0)
  })

  it('keeps nothing beyond its time', async () => {
    const { store, wait } = memory()
    await store.write([fill('a')], (await store.read(['none'])).mark)
    wait(999)
    expect((await store.read(['a'])).values).toEqual(['x'.repeat(10)])
    wait(1)
    expect((await store.read(['a'])).values).toEqual([undefined])
    expect(await store.size()).toEqual({ entries: 0, bytes: 0 })
  })
})

describe.skipIf(!redisInstalled())('the store in Redis', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  const open = async (prefix: string, url = redis.url) => {
    let now = 0
    const sizes = { entryBytesMax: 10_000, entriesMax: 40, entriesOfTagMax: 10 }
    const store = redisStore({ url, prefix, log, ...sizes, now: () => now, answerMs: 10_000 })
    await untilClear(store)
    return { store, wait: (milliseconds: number) => void (now += milliseconds) }
  }

  storeContract(() => open(randomUUID()))

  it('keeps nothing beyond its time', async () => {
    const { store } = await open(randomUUID())
    await store.write([{ ...fill('a'), maxAgeMs: 1 }], (await store.read(['none'])).mark)
    await expect.poll(async () => (await store.read(['a'])).values, { timeout: 10_000 }).toEqual([undefined])
    await store.stop()
  })

  it('remembers a bounded number of entries for what changes them all', async () => {
    const { store } = await open(randomUUID())
    const { mark } = await store.read(['none'])
    for (let n = 0; n < 23; n += 1)
      await store.write([{ key: `${n}`, tags: ['list'], text: 'x', maxAgeMs: 60_000 + n * 1_000 }], mark)
    expect((await store.size()).entries).toBe(10)
    expect((await store.read(['12', '13', '22'])).values).toEqual([undefined, 'x', 'x'])
    expect(await store.invalidate(['list'])).toBe(10)
    await store.stop()
  })

  it('remembers none that has ended for what changes it, however often others of its kind are written', async () => {
    const { store } = await open(randomUUID())
    const { mark } = await store.read(['none'])
    const write = (key: string, maxAgeMs: number) => store.write([{ key, tags: ['list'], text: key, maxAgeMs }], mark)
    const lasting = Array.from({ length: 9 }, (_, n) => `lasting ${n}`)
    for (const key of lasting.slice(0, 5)) await write(key, 60_000)
    for (let n = 0; n < 20; n += 1) {
      await write(`ended ${n}`, 1)
      await expect.poll(async () => (await store.size()).entries, { timeout: 10_000 }).toBe(5)
    }
    for (const key of lasting.slice(5)) await write(key, 60_000)
    expect((await store.read(lasting)).values).toEqual(lasting)
    await store.stop()
  })

  it('remembers a bounded number of entries in all, also of those that nothing changes', async () => {
    const { store } = await open(randomUUID())
    const { mark } = await store.read(['none'])
    for (let n = 0; n < 100; n += 1)
      await store.write([{ key: `${n}`, tags: n % 2 ? [] : [`${n}`], text: 'x', maxAgeMs: 60_000 }], mark)
    expect((await store.size()).entries).toBe(40)
    for (let again = 0; again < 10; again += 1) await store.write([{ key: '99', tags: [], text: 'y', maxAgeMs: 60_000 }], mark)
    expect((await store.size()).entries).toBe(40)
    expect((await store.read(['99'])).values).toEqual(['y'])
    await store.stop()
  })

  it('drops none before its time for the sake of those that have ended or were dropped', async () => {
    const { store } = await open(randomUUID())
    const { mark } = await store.read(['none'])
    const named = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind} ${n}`)
    const write = async (keys: readonly string[], rest: { tags?: string[]; maxAgeMs?: number } = {}) => {
      for (const key of keys) await store.write([{ key, text: key, tags: [], maxAgeMs: 60_000, ...rest }], mark)
    }
    const lasting = [...named('first', 10), ...named('later', 30)]
    await write(lasting.slice(0, 10))
    await write(named('ended', 20), { maxAgeMs: 1 })
    await expect.poll(async () => (await store.size()).entries, { timeout: 10_000 }).toBe(10)
    await write(named('dropped', 10), { tags: ['list'] })
    await store.invalidate(['list'])
    await write(lasting.slice(10))
    expect((await store.read(lasting)).values).toEqual(lasting)
    await store.stop()
  })

  it('drops first, where there is no room, what ends first', async () => {
    const { store } = await open(randomUUID())
    const { mark } = await store.read(['none'])
    const write = (key: string, maxAgeMs: number) => store.write([{ key, tags: [], text: key, maxAgeMs }], mark)
    for (let n = 0; n < 40; n += 1) await write(`${n}`, n === 17 ? 50_000 : 60_000)
    await write('40', 55_000)
    await write('41', 60_000)
    expect((await store.read(['17', '40', '18', '41'])).values).toEqual([undefined, undefined, '18', '41'])
    await store.stop()
  })

  it('is one for all routers of a fleet', async () => {
    const prefix = randomUUID()
    const [{ store: one }, { store: other }] = [await open(prefix), await open(prefix)]
    const { mark } = await one.read(['a'])
    const long = { ...fill('a'), maxAgeMs: 60_000 }
    await one.write([long], mark)
    expect((await other.read(['a'])).values).toEqual(['x'.repeat(10)])
    await other.invalidate(['a'])
    expect(await one.write([long], mark)).toBe(0)
    expect((await one.read(['a'])).values).toEqual([undefined])
    await one.stop()
    await other.stop()
  })

  it('keeps again what is read after somebody has emptied Redis', async () => {
    const { store } = await open(randomUUID())
    const cache = new EntityCache(store)
    cache.reopen()
    const isKept = async () => {
      const found = await cache.read(['a'])
      if (found) await cache.write([{ ...fill('a'), maxAgeMs: 60_000 }], found.mark)
      return (await cache.read(['a']))?.values[0] !== undefined
    }
    await expect.poll(isKept, { timeout: 10_000 }).toBe(true)
    const client = createClient({ url: redis.url })
    await client.connect()
    await client.flushAll()
    await client.close()
    await expect.poll(isKept, { timeout: 10_000 }).toBe(true)
    await cache.stop()
  })

  it('says how much it holds without reading it', async () => {
    const { store } = await open(randomUUID())
    const { mark } = await store.read(['none'])
    for (let n = 0; n < 30; n += 1) await store.write([{ ...fill(`${n}`, 1_000), maxAgeMs: 60_000 }], mark)
    const client = createClient({ url: redis.url })
    await client.connect()
    await client.sendCommand(['CONFIG', 'RESETSTAT'])
    const { entries, bytes } = await store.size()
    expect([entries, Math.round(bytes / 30_000)]).toEqual([30, 1])
    expect(await client.info('commandstats')).not.toMatch(/cmdstat_(?:get|mget|scan):/)
    await client.close()
    await store.stop()
  })

  it('keeps nobody from the other figures of the cache while Redis is gone', async () => {
    const own = await startRedis()
    const { store } = await open('x', own.url)
    const cache = new EntityCache(store)
    await own.kill()
    cache.counts.hits = 7
    expect(await cache.stats()).toMatchObject({ hits: 7, entries: 0 })
    await cache.stop()
    await own.stop()
  })

  it('keeps nobody waiting for a Redis that has been slow for a second, but for who sees whether it still is', async () => {
    const own = await startRedis()
    let time = 0
    const sizes = { entryBytesMax: 10_000, entriesMax: 40, entriesOfTagMax: 10, silentMs: 60_000 }
    const store = redisStore({ url: own.url, prefix: 'x', log, ...sizes, now: () => time, answerMs: 200 })
    await untilClear(store)
    const said = () =>
      Promise.resolve(store.read(['a'])).then(
        () => 'answered',
        (error: Error) => error.message,
      )
    const [late, slow] = ['Redis took longer than 200 ms', 'Redis is slow']
    own.freeze(true)
    expect([await said(), await said()]).toEqual([late, late])
    time += 1_000
    expect([await said(), await said(), await said()]).toEqual([late, slow, slow])
    own.freeze(false)
    time += 500
    await expect.poll(() => ((time += 500), said()), { timeout: 10_000 }).toBe('answered')
    expect(await said()).toBe('answered')
    await store.stop()
    await own.stop()
  })

  it('is there again when its connection has fallen silent, before the network tells of it', async () => {
    const way = await openSilentWay(new URL(redis.url))
    const sizes = { entryBytesMax: 10_000, entriesMax: 40, entriesOfTagMax: 10 }
    const now = () => performance.now()
    const store = redisStore({ url: way.url, prefix: randomUUID(), log, ...sizes, now, answerMs: 200, silentMs: 500 })
    await untilClear(store)
    way.fallSilent()
    await expect(Promise.resolve(store.read(['a']))).rejects.toThrow('longer than')
    await untilClear(store)
    await store.stop()
    way.close()
  })

  it('says at once that it is gone, and is there again when Redis is', async () => {
    const own = await startRedis()
    const { store } = await open('x', own.url)
    await own.kill()
    await expect(Promise.resolve(store.read(['a']))).rejects.toThrow()
    await expect(Promise.resolve(store.invalidate(['a']))).rejects.toThrow()
    const again = await startRedis(Number(new URL(own.url).port))
    await untilClear(store)
    await store.stop()
    await again.stop()
    await own.stop()
  })
})
