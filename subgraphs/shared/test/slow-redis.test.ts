import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { limits } from '@pasar/shared/limits'
import { openLog } from '@pasar/shared/log'
import { redisBus } from '@pasar/shared/events/redis-bus'
import { eventAt } from '@pasar/shared/testing/bus-contract'
import { redisInstalled, startRedis, type TestRedis } from '@pasar/shared/testing/redis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

/** A way to Redis on which it is counted how often somebody waits for an answer: that is what a Redis takes long over that is far away. */
async function openCountedWay(to: URL) {
  let waits = 0
  const ends = new Set<Socket>()
  const server = createServer((from) => {
    const on = connect(Number(to.port), to.hostname)
    let isWaiting = false
    from.on('data', (asked) => {
      isWaiting = true
      on.write(asked)
    })
    on.on('data', (answer) => {
      if (isWaiting) waits += 1
      isWaiting = false
      from.write(answer)
    })
    for (const [end, other] of [
      [from, on],
      [on, from],
    ] as const) {
      end.on('error', () => undefined).on('close', () => other.destroy())
      ends.add(end)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waits: () => waits,
    close: () => {
      server.close()
      ends.forEach((end) => end.destroy())
    },
  }
}

describe.runIf(redisInstalled())('a Redis that takes long over each answer', () => {
  const log = openLog('silent', 'test')
  let redis: TestRedis
  let way: Awaited<ReturnType<typeof openCountedWay>>
  beforeAll(async () => {
    redis = await startRedis()
    way = await openCountedWay(new URL(redis.url))
  })
  afterAll(async () => {
    way.close()
    await redis.stop()
  })

  it('is waited for once for all events that a relay hands over together, and passes them on in order', async () => {
    const far = await redisBus({ url: way.url, prefix: 'x', log })
    const near = await redisBus({ url: redis.url, prefix: 'x', log })
    const positions = Array.from({ length: limits.relayBatchMax }, (_, index) => index + 1)
    const before = way.waits()
    await far.publish('orders', positions.map(eventAt))
    expect(way.waits() - before).toBe(1)
    const got: number[] = []
    await near.consume({ group: 'carts', domains: ['orders'], handle: async ({ position }) => void got.push(position) })
    await vi.waitFor(() => expect(got).toEqual(positions), { timeout: 10_000 })
    await near.stop()
    await far.stop()
  })

  it('takes a batch as a whole or not at all, so that no event is missing before those that it has', async () => {
    const own = await startRedis(undefined, ['--maxmemory', '10mb', '--maxmemory-policy', 'noeviction'])
    const bus = await redisBus({ url: own.url, prefix: 'x', log })
    const long = (position: number) => ({ ...eventAt(position), id: `orders:${'x'.repeat(20_000)}` })
    const batch = (first: number) => Array.from({ length: 50 }, (_, index) => long(first + index))
    let held = 0
    for (
      let first = 1;
      await bus.publish('orders', batch(first)).then(
        () => true,
        () => false,
      );
      first += 50
    )
      held = first + 49
    expect(held).toBeGreaterThan(0)
    expect(await bus.heldUpTo('orders', held + 50)).toBe(held)
    await bus.stop()
    await own.stop()
  })
})
