import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { delivered, wish } from './after-sale.ts'
import { hours, openMarket, type Market } from './market.ts'
import { otherReplica } from './other-replica.ts'

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

it('are not carried out when they were begun anew since a replica saw that they had passed', async () => {
  const order = await delivered(market)
  await order.byBuyer('requestReturn', await wish(order))
  await order.bySeller('answerReturn', { approve: true })
  market.clock.advance(hours(119))
  await market.settle()
  market.clock.advance(hours(1) + 1)
  const done = await otherReplica(market, async () => {
    await market.settle()
    const support = accountForTest(['support'])
    await market.act('extendReturn', support, { orderId: order.id, note: 'Kurir kami ganti' })
  })
  const { state, deadlines } = await order.view()
  expect([done, state]).toEqual([0, 'RETURN_APPROVED'])
  expect(deadlines.find(({ kind }) => kind === 'SEND_BACK')).toMatchObject({ doneAt: null, kept: null })
})
