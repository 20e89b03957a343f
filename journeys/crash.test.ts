import { acceptOrder } from '@pasar/scripts/demo/order-operations'
import { openInvariants } from '@pasar/scripts/prove/invariants/check'
import type { Bus } from '@pasar/shared/events/bus'
import { fixedClock } from '@pasar/shared/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableOf, buy, checkoutOf, click, fillCart, ledgerOf, stateOf } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { newBuyer, newShop, newStaff, returning } from './people.ts'
import { freshRemains, type Remains } from './remains.ts'
import { inBothWays } from './ways.ts'

/** A bus whose process dies over its n-th publication, before or after the consumers have got it. */
function dyingBus(when: 'before' | 'after', nth: number): (bus: Bus) => Bus {
  let publications = 0
  return (bus) => ({
    ...bus,
    publish: async (domain, events) => {
      publications += 1
      if (publications !== nth) return bus.publish(domain, events)
      if (when === 'after') await bus.publish(domain, events)
      throw new Error(died)
    },
  })
}

const died = 'the process died'
const withinMs = 180_000

inBothWays((way) => {
  // What dies before it has handed anything over dies in the same way wherever it was to go.
  const deaths = way === 'as a fleet' ? (['after'] as const) : (['before', 'after'] as const)
  describe.each(deaths)('a process that dies again and again, %s its events are handed over', (when) => {
    let remains: Remains
    const clock = fixedClock()
    let test: TestMarket
    beforeAll(async () => {
      remains = await freshRemains(way)
      test = await openTestMarket({ remains, clock })
    })
    afterAll(() => test.stop())

    /** Another process takes over what the last one left. */
    const takeOver = async (throughBus: (bus: Bus) => Bus) => {
      await test.end()
      test = await openTestMarket({ remains, clock, throughBus })
    }

    /** Runs what is due in processes that die over one publication after the other, then in one that lives. */
    const settleThroughDeaths = async (deaths: readonly number[]) => {
      for (const nth of deaths) {
        await takeOver(dyingBus(when, nth))
        await expect(test.settle()).rejects.toThrow(died)
      }
      await takeOver((bus) => bus)
      await test.settle()
    }

    it(
      'loses nothing and does nothing twice',
      async () => {
        const shop = await newShop(test, [{ price: 60_000, units: 7 }])
        const buyer = await newBuyer(test)
        const admin = await newStaff(test, 'admin')
        const bought = await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, 2]])))
        await test.simulators.pay(bought.paymentId)
        await settleThroughDeaths([1, 2])

        const late = await returning(test, buyer)
        const { id } = bought.orders[0]!
        expect(await stateOf(late, id)).toMatchObject({ state: 'PAID' })
        const owner = await returning(test, shop.owner)
        await owner.client.ask(acceptOrder, { input: { orderId: id, idempotencyKey: 'terima' } })
        await settleThroughDeaths([2])

        const last = await returning(test, buyer)
        expect(await stateOf(last, id)).toMatchObject({ state: 'READY_TO_SHIP' })
        expect((await checkoutOf(last, bought.checkoutId)).state).toBe('PAID')
        expect(await ledgerOf(await returning(test, admin))).toMatchObject({ ESCROW: bought.total })
        expect(await availableOf(test, shop.goods[0]!)).toBe(5)
        const parcels = 'query Parcels($id: ID!) { order(id: $id) { shipments { id } } }'
        expect((await last.client.ask<{ shipments: unknown[] }>(parcels, { id })).shipments).toHaveLength(1)
        await test.settle()
        const invariants = openInvariants((domain) => remains.databases[domain].url)
        expect(await invariants.settled({ checkoutIds: [bought.checkoutId], paidCheckoutIds: [bought.checkoutId] })).toEqual([])
        await invariants.stop()
      },
      withinMs,
    )
  })
})
