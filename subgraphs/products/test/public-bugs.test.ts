import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkoutId, makeProduct, makeShop, reserve, startMarket, stockOf, type TestMarket, type TestShop } from './support.ts'

// What went wrong elsewhere, by the numbers under which it was reported there.
let market: TestMarket
let shop: TestShop

beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})

afterAll(() => market.stop())

const modes = ['COUNTER', 'UNITS'] as const
const one = (variantId: string) => [{ variantId, quantity: 1 }]

describe.each(modes)(
  'medusa #16569: the lock is in the workflow, and whoever calls the service sells too much (by %s)',
  (mode) => {
    it('a hundred reserves without any saga take what is there, and the database refuses the rest', async () => {
      const variantId = (await makeProduct(market, shop, { units: 20, mode })).variantIds[0]!
      const results = await Promise.all(Array.from({ length: 100 }, () => reserve(market, checkoutId(), one(variantId))))
      expect(results.filter((result) => result['__typename'] === 'ProductsReserved')).toHaveLength(20)
      expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 20, reserved: 20 }])
      await expect(
        market.database.query(`UPDATE stock SET reserved = reserved + 1 WHERE variant_id = $1`, [variantId]),
      ).rejects.toThrow('stock_reserved_within_on_hand')
    })
  },
)

/** Whether the database holds somebody up behind a lock of ours. */
async function untilSomebodyWaits(over: () => boolean): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while (!over() && (await market.database.query(sql)).rowCount === 0);
}

describe.each(modes)(
  'saleor #543, and ACIDRain’s attack on the inventory: a rival goes between look and take (by %s)',
  (mode) => {
    it('the one who looked first and came second is told that it is sold out', async () => {
      const variantId = (await makeProduct(market, shop, { units: 1, mode })).variantIds[0]!
      // Lays the unit out where it is taken so.
      await market.settle()
      await market.database.query('BEGIN')
      if (mode === 'COUNTER') await market.database.query(`UPDATE stock SET on_hand = 0 WHERE variant_id = $1`, [variantId])
      else {
        await market.database.query(`DELETE FROM stock_unit WHERE variant_id = $1`, [variantId])
        await market.database.query(`UPDATE stock SET reserved = 0, on_hand = 0 WHERE variant_id = $1`, [variantId])
      }
      let answered = false
      const second = reserve(market, checkoutId(), one(variantId)).finally(() => (answered = true))
      await untilSomebodyWaits(() => answered)
      await market.database.query('COMMIT')
      expect((await second)['__typename']).toBe('ProductsOutOfStock')
      expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 0, reserved: 0 }])
    })
  },
)
