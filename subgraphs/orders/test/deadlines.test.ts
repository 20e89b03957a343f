import { openPostgres } from '@pasar/shared/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { delivered } from './after-sale.ts'
import { hours, openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

it('are carried out for all other orders while one of them cannot be', async () => {
  const [odd, other] = [await delivered(market), await delivered(market)]
  const { pool, stop } = openPostgres({ url: market.databaseUrl })
  // A return that nobody ever asked for: whoever reads it finds none.
  await pool.query(`UPDATE shop_order SET return_solution = 'REFUND_ONLY' WHERE id = $1`, [odd.id])
  market.clock.advance(hours(73))
  await market.settle()
  expect((await other.view()).state).toBe('COMPLETED')
  expect((await odd.view()).state).toBe('DELIVERED')
  await pool.query('UPDATE shop_order SET return_solution = NULL WHERE id = $1', [odd.id])
  await stop()
  await market.settle()
  expect((await odd.view()).state).toBe('COMPLETED')
})
