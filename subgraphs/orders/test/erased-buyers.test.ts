import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { everythingIn } from '@pasar/shared/testing/everything'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { delivered, oneOrder, wish, type OneOrder } from './after-sale.ts'
import { hours, openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const erase = async ({ buyer }: Pick<OneOrder, 'buyer'>, id = `users:${buyer.accountId}`) => {
  await market.deliver('users', { type: 'AccountErased', id, payload: { accountId: buyer.accountId } })
  await market.settle()
}

const unfinished = async ({ buyer }: Pick<OneOrder, 'buyer'>) => {
  const query = 'query ($accountId: ID!) { ordersUnfinished(accountId: $accountId) { checkouts orders refunds } }'
  return (await market.executeAsUsers({ query, variables: { accountId: buyer.accountId } })).data?.['ordersUnfinished']
}

const everything = () => everythingIn(market.databaseUrl)

const nobody = { name: null, phone: null, street: null, districtCode: '31.73.05', postalCode: '11530' }

/** A completed order whose buyer had asked for a return and taken that back. */
async function keptAfterAll(note: string): Promise<OneOrder> {
  const order = await delivered(market)
  await order.byBuyer(
    'requestReturn',
    await wish(order, { note, evidence: [{ url: 'https://example.com/a.jpg', altText: note }] }),
  )
  await order.byBuyer('withdrawReturn', { note })
  return order
}

const support = accountForTest(['support'])
const giveBack = ({ id }: OneOrder, note: string) =>
  market.act('refundCompletedOrder', support, { orderId: id, amount: 10_000, note })
const notesOf = async (order: OneOrder) => (await order.view()).history.map(({ note }) => note).filter(Boolean)

describe('what of an account is not over', () => {
  it('is told to users: its orders until they end, its checkouts until they are paid, and refunds until they are there', async () => {
    const order = await oneOrder(market)
    expect(await unfinished(order)).toEqual({ checkouts: 0, orders: 2, refunds: 0 })
    await order.bySeller('rejectOrder', { reason: 'OUT_OF_STOCK' })
    expect(await unfinished(order)).toEqual({ checkouts: 0, orders: 1, refunds: 1 })
    const { buyer } = order
    const unpaid = market.scene()
    await market.checkout(unpaid)
    expect(await unfinished(unpaid)).toEqual({ checkouts: 1, orders: 2, refunds: 0 })
    expect(await unfinished(market.scene())).toEqual({ checkouts: 0, orders: 0, refunds: 0 })
    const query = `{ ordersUnfinished(accountId: "${buyer.accountId}") { orders } }`
    expect((await market.execute({ query, as: buyer })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe('an erased buyer', () => {
  it('is gone from orders that have ended, which go on to be read; where they went to stays as far as the district', async () => {
    const order = await keptAfterAll('rahasia-satu')
    const [, other] = order.orderIds
    await market.act('rejectOrder', order.sellers[1], { orderId: other, reason: 'SHOP_CLOSED', note: 'rahasia-satu' })
    expect(await everything()).toContain('rahasia-satu')
    await erase(order)
    expect(await everything()).not.toContain('rahasia-satu')
    const seen = (await market.order(order.id, order.seller))!
    expect(seen).toMatchObject({ state: 'COMPLETED', address: nobody, return: { reason: 'DAMAGED', note: null, evidence: [] } })
    expect(seen.history.map(({ note }) => note).filter(Boolean)).toEqual([])
    expect(await order.told('BuyerErased')).toEqual([
      { orderId: order.id, checkoutId: order.checkoutId, buyerId: order.buyer.accountId, shopId: order.seller.shopIds[0] },
    ])
    await erase(order, 'users:again')
    expect(await order.told('BuyerErased')).toHaveLength(1)
  })

  it('is gone from an order that was under way within the hour of its end, and not before', async () => {
    const order = await delivered(market)
    await erase(order)
    market.clock.advance(hours(2))
    await market.settle()
    expect((await order.view()).address).toMatchObject({ name: 'Siti' })
    await order.byBuyer('requestReturn', await wish(order, { note: 'rahasia-dua' }))
    await order.byBuyer('withdrawReturn')
    market.clock.advance(hours(1))
    await market.settle()
    expect((await order.view()).address).toMatchObject(nobody)
    expect(await everything()).not.toContain('rahasia-dua')
    // The other shop's order goes on.
    const [, other] = order.orderIds
    expect((await market.order(other, order.buyer))!.address).toMatchObject({ name: 'Siti' })
    await market.act('rejectOrder', order.sellers[1], { orderId: other, reason: 'SHOP_CLOSED' })
    market.clock.advance(hours(1))
    await market.settle()
    expect((await market.order(other, order.buyer))!.address).toMatchObject(nobody)
  })

  it('is not written about afterwards either: why staff give money back is in the audit log alone', async () => {
    const order = await keptAfterAll('rahasia-empat')
    await erase(order)
    expect(await giveBack(order, 'rahasia-empat')).toMatchObject({ __typename: 'RefundCompletedOrderSuccess' })
    expect((await order.history()).at(-1)).toBe('REFUND_GRANTED STAFF')
    expect(await notesOf(order)).toEqual([])
    await market.settle()
    expect(market.events('StaffActed').map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ action: 'order.refundCompletedOrder', subjectId: order.id, reason: 'rahasia-empat' }),
    )
  })

  it('is gone also from what staff are writing while it is erased', async () => {
    const order = await keptAfterAll('rahasia-lima')
    const { pool, stop } = openPostgres({ url: market.databaseUrl, connectionsMax: 2 })
    const holder = await pool.connect()
    await holder.query('BEGIN')
    await holder.query('LOCK TABLE order_refund IN SHARE MODE')
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    const areWaiting = (count: number) =>
      vi.waitFor(async () => expect((await pool.query(waiting)).rows).toHaveLength(count), 10_000)
    const written = giveBack(order, 'rahasia-lima')
    await areWaiting(1)
    const erasing = erase(order)
    await areWaiting(2)
    await holder.query('COMMIT')
    holder.release()
    await stop()
    expect(await written).toMatchObject({ __typename: 'RefundCompletedOrderSuccess' })
    await erasing
    expect((await order.view()).address).toMatchObject(nobody)
    expect(await notesOf(order)).toEqual([])
  })

  it('is sent nothing for money that comes after the end of a checkout: it goes back', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.failPayment(checkout!.id, scene.buyer.accountId, 'EXPIRED')
    await erase(scene)
    await market.pay(checkout!.id, scene.buyer.accountId)
    await market.later()
    const { orders } = await market.readCheckout(checkout!.id, scene.buyer)
    expect(orders.map(({ state, endReason }) => [state, endReason])).toEqual(
      Array.from({ length: 2 }, () => ['CANCELLED', 'PAID_TOO_LATE']),
    )
  })

  it('is all that may be taken from what is only ever added', async () => {
    const order = await keptAfterAll('rahasia-tiga')
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    for (const change of [
      `UPDATE order_history SET note = 'lain' WHERE order_id = $1`,
      `UPDATE order_history SET state = 'PAID', note = NULL WHERE order_id = $1`,
      `UPDATE order_return SET note = 'lain' WHERE order_id = $1`,
      `UPDATE order_return SET note = '', evidence = '[]', items_amount = 0 WHERE order_id = $1`,
      `DELETE FROM order_return WHERE order_id = $1`,
    ])
      await expect(pool.query(change, [order.id])).rejects.toThrow('append-only')
    await stop()
  })
})
