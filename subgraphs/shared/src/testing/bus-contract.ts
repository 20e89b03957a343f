import type { PasarEvent } from '@pasar/schema/events'
import { expect, it, vi } from 'vitest'
import type { Bus } from '../events/bus.ts'

/** An event of the orders stream, made up. */
export const eventAt = (position: number): PasarEvent => ({
  id: `orders:${position}`,
  aggregateId: 'ord_1',
  seq: position,
  position,
  type: 'OrderShipped',
  keys: ['ord_1'],
  occurredAt: '2026-11-18T05:00:00.000Z',
  payload: { orderId: 'ord_1', checkoutId: 'chk_1', buyerId: 'usr_1', shopId: 'shp_1' },
})

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 })

/** What every bus promises; run by the tests of each driver. `open` gives another process's view of the same bus. */
export function busContract(open: () => Promise<Bus>): void {
  it('hands every event to every group, in order', async () => {
    const bus = await open()
    const got = { carts: [] as number[], payments: [] as number[] }
    for (const group of ['carts', 'payments'] as const)
      await bus.consume({ group, domains: ['orders'], handle: async ({ position }) => void got[group].push(position) })
    await bus.publish('orders', [1, 2, 3].map(eventAt))
    await bus.publish('orders', [eventAt(4)])
    await until(() => expect(got).toEqual({ carts: [1, 2, 3, 4], payments: [1, 2, 3, 4] }))
    await bus.stop()
  })

  it("keeps other domains' events from a group", async () => {
    const bus = await open()
    const got: string[] = []
    await bus.consume({ group: 'carts', domains: ['products', 'users'], handle: async ({ id }) => void got.push(id) })
    await bus.publish('orders', [eventAt(1)])
    await bus.publish('users', [{ ...eventAt(2), id: 'users:2' }])
    await until(() => expect(got).toEqual(['users:2']))
    await bus.stop()
  })

  it('carries an event whole', async () => {
    const bus = await open()
    const got: PasarEvent[] = []
    await bus.consume({ group: 'carts', domains: ['orders'], handle: async (event) => void got.push(event) })
    await bus.publish('orders', [eventAt(7)])
    await until(() => expect(got).toEqual([eventAt(7)]))
    await bus.stop()
  })

  it('hands nothing over after the group has left', async () => {
    const bus = await open()
    const got: number[] = []
    const leave = await bus.consume({
      group: 'carts',
      domains: ['orders'],
      handle: async ({ position }) => void got.push(position),
    })
    await bus.publish('orders', [eventAt(1)])
    await until(() => expect(got).toEqual([1]))
    await leave()
    await bus.publish('orders', [eventAt(2)])
    expect(got).toEqual([1])
    await bus.stop()
  })

  it('wakes those who listen for an id, and nobody else', async () => {
    const bus = await open()
    const wakes = { mine: 0, other: 0 }
    const stop = await bus.listen('orders', 'ord_1', () => void (wakes.mine += 1))
    await bus.listen('orders', 'ord_2', () => void (wakes.other += 1))
    await bus.announce('orders', [{ ...eventAt(1), keys: ['ord_1', 'shp_1'] }])
    await until(() => expect(wakes).toEqual({ mine: 1, other: 0 }))
    await stop()
    await bus.announce('orders', [eventAt(2), { ...eventAt(3), keys: ['ord_2'] }])
    await until(() => expect(wakes).toEqual({ mine: 1, other: 1 }))
    await bus.wake('orders', ['ord_1', 'ord_2'])
    await until(() => expect(wakes).toEqual({ mine: 1, other: 2 }))
    await bus.stop()
  })

  it('hands every event to every follower, too, whatever groups there are', async () => {
    const bus = await open()
    const got: (number | string)[][] = [[], []]
    const stops = await Promise.all(
      got.map((list) =>
        bus.follow({
          domains: ['orders'],
          handle: ({ position }) => void list.push(position),
          lost: () => undefined,
          found: () => void list.push('found'),
        }),
      ),
    )
    await until(() => expect(got).toEqual([['found'], ['found']]))
    await bus.consume({ group: 'carts', domains: ['orders'], handle: async () => undefined })
    await bus.publish('orders', [eventAt(1), eventAt(2)])
    await bus.publish('users', [{ ...eventAt(3), id: 'users:3' }])
    await until(() =>
      expect(got).toEqual([
        ['found', 1, 2],
        ['found', 1, 2],
      ]),
    )
    await stops[0]!()
    await bus.publish('orders', [eventAt(4)])
    await until(() =>
      expect(got).toEqual([
        ['found', 1, 2],
        ['found', 1, 2, 4],
      ]),
    )
    await bus.stop()
  })

  it('knows that it has lost nothing of what it was given', async () => {
    const bus = await open()
    await bus.publish('orders', [eventAt(5), eventAt(6)])
    expect(await bus.heldUpTo('orders', 6)).toBe(6)
    await bus.stop()
  })
}
