import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered, type OneOrder } from './after-sale.ts'
import { openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const support = accountForTest(['support'])
const finished = async () => {
  const order = await delivered(market)
  await order.byBuyer('confirmReceipt')
  return order
}
const giveBack = (order: OneOrder, input: object = {}) =>
  market.act('refundCompletedOrder', support, { orderId: order.id, note: 'Palsu, terbukti dari foto', ...input })

describe('staff who give money back after a sale was over', () => {
  it('give back an amount, then what is left; the order stays sold and says so', async () => {
    const order = await finished()
    expect(await giveBack(order, { amount: 30_000 })).toMatchObject({
      __typename: 'RefundCompletedOrderSuccess',
      order: { state: 'COMPLETED' },
    })
    await giveBack(order)
    const refunds = (await order.told('RefundDecided')).map(({ refund }) => refund)
    expect(refunds.map(({ amount, reason }) => [amount, reason])).toEqual([
      [30_000, 'GRANTED_AFTERWARDS'],
      [79_000, 'GRANTED_AFTERWARDS'],
    ])
    expect(refunds.every(({ lines }) => lines.every(({ quantity }) => quantity === 0))).toBe(true)
    expect(await order.view()).toMatchObject({ state: 'COMPLETED', refunded: { amount: 109_000 } })
    expect((await order.history()).filter((entry) => entry.startsWith('REFUND_GRANTED'))).toEqual([
      'REFUND_GRANTED STAFF',
      'REFUND_GRANTED STAFF',
    ])
    expect(await order.told('OrderStepped')).toContainEqual(expect.objectContaining({ step: 'REFUND_GRANTED' }))
    expect(market.events('StaffActed').map(({ payload }) => payload)).toContainEqual({
      actorId: support.accountId,
      action: 'order.refundCompletedOrder',
      subjectId: order.id,
      reason: 'Palsu, terbukti dari foto',
    })
  })

  it('give back no more than was paid, also many at once', async () => {
    const order = await finished()
    expect(await giveBack(order, { amount: 109_001 })).toMatchObject({ __typename: 'RefundTooLarge', most: { amount: 109_000 } })
    await Promise.all([1, 2, 3, 4].map(() => giveBack(order, { amount: 40_000 })))
    expect((await order.view()).refunded.amount).toBe(80_000)
    await giveBack(order)
    expect(await giveBack(order)).toMatchObject({ __typename: 'RefundTooLarge', most: { amount: 0 } })
  })

  it('do it once per key, with a word, and only where the sale is over', async () => {
    const order = await finished()
    const idempotencyKey = newId('movement')
    const [first, again] = [await giveBack(order, { idempotencyKey }), await giveBack(order, { idempotencyKey })]
    expect(again).toEqual(first)
    expect(await order.told('RefundDecided')).toHaveLength(1)
    expect(await giveBack(await delivered(market))).toMatchObject({ __typename: 'IllegalOrderMove' })
    await expect(giveBack(order, { note: ' ' })).rejects.toThrow('"field":"note"')
  })

  it('are staff and nobody else', async () => {
    const order = await finished()
    for (const stranger of [order.buyer, order.seller])
      await expect(market.act('refundCompletedOrder', stranger, { orderId: order.id, note: 'x' })).rejects.toThrow('FORBIDDEN')
  })
})
