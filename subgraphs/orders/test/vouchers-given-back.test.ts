import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hours, openMarket, type Market } from './market.ts'
import { voucherShop, type VoucherShop } from './voucher-shop.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const expire = async () => {
  market.clock.advance(hours(25))
  await market.settle()
}

/** How a checkout ends that nobody pays. */
const unpaidEnds: readonly (readonly [how: string, end: (id: string, buyer: AccountViewer) => Promise<unknown>])[] = [
  ['cancelled before it was paid', (id, buyer) => market.act('cancelCheckout', buyer, { checkoutId: id })],
  ['not paid in time', expire],
  ['denied by the bank', (id, buyer) => market.failPayment(id, buyer.accountId, 'DENIED')],
]

type SoldOrder = Awaited<ReturnType<VoucherShop['sold']>>

/** How a paid order ends without a sale. */
const paidEnds: readonly (readonly [how: string, end: (order: SoldOrder) => Promise<unknown>])[] = [
  ['the seller rejects', (order) => order.bySeller('rejectOrder', { reason: 'OUT_OF_STOCK' })],
  ['the buyer cancels', (order) => order.byBuyer('cancelOrder')],
  [
    'comes back',
    async (order) => {
      await order.bySeller('acceptOrder')
      await market.ship(await order.view(), 'RETURNED')
    },
  ],
]

describe('a use comes back, once, where nothing is sold', () => {
  it.each(unpaidEnds)('from a checkout that is %s', async (_, end) => {
    const shop = await voucherShop(market, { uses: 1 })
    const scene = shop.buys()
    const { checkout } = await shop.buy(scene)
    expect(await shop.buy()).toMatchObject({ refusal: 'USED_UP' })
    await end(checkout!.id, scene.buyer)
    expect(await shop.used()).toBe(0)
    expect(await shop.buy(shop.buys(scene.buyer))).toMatchObject({ __typename: 'CheckoutPlaced' })
  })

  it('from a checkout whose payment is refused after the orders were placed', async () => {
    const shop = await voucherShop(market, { uses: 1 })
    market.fake.refuse('paymentsCreate', { __typename: 'PaymentsMethodUnavailable' })
    expect(await shop.buy()).toMatchObject({ __typename: 'CheckoutPaymentMethodUnavailable' })
    expect(await shop.used()).toBe(0)
  })

  it.each(paidEnds)('from a paid order that %s: all that was paid goes back, and no more', async (_, end) => {
    const shop = await voucherShop(market)
    const order = await shop.sold()
    await end(order)
    expect(await order.view()).toMatchObject({ state: 'CANCELLED', total: { amount: 99_000 }, refunded: { amount: 99_000 } })
    expect(await shop.used()).toBe(0)
  })

  it('but not from an order of which a part is cancelled, nor when its money goes back after the sale was over', async () => {
    const shop = await voucherShop(market)
    const order = await shop.sold()
    const lines = [{ orderLineId: (await order.view()).lines[0]!.id, quantity: 1 }]
    await order.bySeller('cancelLines', { lines, reason: 'OUT_OF_STOCK' })
    expect(await shop.used()).toBe(1)
    await order.bySeller('acceptOrder')
    await market.ship(await order.view(), 'DELIVERED')
    await order.byBuyer('confirmReceipt')
    const support = accountForTest(['support'])
    const granted = await market.act('refundCompletedOrder', support, { orderId: order.orderId, note: 'Terbukti tiruan' })
    expect(granted.__typename).toBe('RefundCompletedOrderSuccess')
    expect(await order.view()).toMatchObject({ state: 'COMPLETED', refunded: { amount: 99_000 } })
    expect(await shop.used()).toBe(1)
  })
})

describe('what goes back of an order with a voucher', () => {
  it('is what was paid: unit by unit, and to the rupiah all of it in the end', async () => {
    const shop = await voucherShop(market, { amount: 10_001 })
    const order = await shop.sold(3)
    const [line] = (await order.view()).lines
    const lines = [{ orderLineId: line!.id, quantity: 1 }]
    const back: number[] = []
    for (let unit = 0; unit < 2; unit++) {
      await order.bySeller('cancelLines', { lines, reason: 'OUT_OF_STOCK' })
      back.push((await order.view()).refunded.amount)
    }
    expect(back).toEqual([46_667, 93_333])
    await order.bySeller('acceptOrder')
    await market.ship(await order.view(), 'DELIVERED')
    const wish = { reason: 'DAMAGED', solution: 'RETURN_AND_REFUND', note: 'Pecah', evidence: [], lines }
    await order.byBuyer('requestReturn', wish)
    expect((await order.view()).return).toMatchObject({ claim: { amount: 46_666 + 9_000 } })
    await order.bySeller('answerReturn', { approve: true })
    await market.ship(await order.view(), 'DELIVERED', 'RETURN')
    await order.bySeller('receiveReturn', { accept: true, restock: true })
    expect(await order.view()).toMatchObject({ state: 'CANCELLED', total: { amount: 148_999 }, refunded: { amount: 148_999 } })
    expect(await shop.used()).toBe(0)
  })
})

describe('a parcel in which units of an order with a voucher go back', () => {
  it('is worth what goes back for them', async () => {
    const shop = await voucherShop(market, { amount: 10_001 })
    const order = await shop.sold(3)
    await order.bySeller('acceptOrder')
    await market.ship(await order.view(), 'DELIVERED')
    const lines = [{ orderLineId: (await order.view()).lines[0]!.id, quantity: 1 }]
    const wish = { reason: 'DAMAGED', solution: 'RETURN_AND_REFUND', note: 'Pecah', evidence: [], lines }
    await order.byBuyer('requestReturn', wish)
    expect((await order.view()).return).toMatchObject({ claim: { amount: 50_000 - 3_333 } })
    await order.bySeller('answerReturn', { approve: true })
    await market.settle()
    const sent = market.published.flatMap((event) =>
      event.type === 'ReturnApproved' && event.aggregateId === order.orderId ? event.payload.lines : [],
    )
    expect(sent).toMatchObject([{ quantity: 1, unitPrice: 50_000, discount: 3_333 }])
  })
})

describe('a payment after the end of a checkout with a voucher', () => {
  it('buys at the price of then: the use that had come back is taken again', async () => {
    const shop = await voucherShop(market, { uses: 1 })
    const scene = shop.buys()
    const { checkout } = await shop.buy(scene)
    await expire()
    expect(await shop.used()).toBe(0)
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'PAID', total: { amount: 99_000 } })
    expect(await shop.used()).toBe(1)
    expect(await shop.buy()).toMatchObject({ refusal: 'USED_UP' })
  })

  it('is given back where somebody else has the use by now, and no goods are taken for it', async () => {
    const shop = await voucherShop(market, { uses: 1 })
    const scene = shop.buys()
    const { checkout } = await shop.buy(scene)
    await expire()
    await shop.buy()
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({
      state: 'EXPIRED',
      orders: [{ state: 'CANCELLED', endReason: 'PAID_TOO_LATE' }],
    })
    expect(await market.order(checkout!.orders[0]!.id, scene.buyer)).toMatchObject({ refunded: { amount: 99_000 } })
    expect([await shop.used(), shop.variant.stock]).toEqual([1, 998])
  })

  it('is given back where its buyer has used the voucher for another purchase', async () => {
    const shop = await voucherShop(market, { uses: 5, usesPerBuyer: 1 })
    const scene = shop.buys()
    const { checkout } = await shop.buy(scene)
    await expire()
    expect(await shop.buy(shop.buys(scene.buyer))).toMatchObject({ __typename: 'CheckoutPlaced' })
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'EXPIRED' })
    expect(await shop.used()).toBe(1)
  })

  it('gives the use back once more where the goods are gone', async () => {
    const shop = await voucherShop(market, { uses: 1 })
    const scene = shop.buys()
    const { checkout } = await shop.buy(scene)
    await expire()
    shop.variant.stock = 0
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'EXPIRED' })
    expect(await shop.used()).toBe(0)
  })
})
