import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered, oneOrder, wish, type OneOrder } from './after-sale.ts'
import { hours, openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const note = 'Saya yang memutuskan'
/** The same account, of somebody who works for the market, too. */
const asStaff = (account: AccountViewer): AccountViewer => ({ ...account, roles: [...account.roles, 'support'] })

const accepted = async () => {
  const order = await oneOrder(market)
  await order.bySeller('acceptOrder')
  return order
}
const finished = async () => {
  const order = await delivered(market)
  await order.byBuyer('confirmReceipt')
  return order
}
const disputed = async () => {
  const order = await delivered(market)
  await order.byBuyer('requestReturn', await wish(order))
  await order.bySeller('answerReturn', { approve: false, note: 'Tidak rusak' })
  await order.byBuyer('escalateReturn', { note: 'Rusak' })
  return order
}
const unbooked = async () => {
  const order = await delivered(market)
  await order.byBuyer('requestReturn', await wish(order))
  await order.bySeller('answerReturn', { approve: true })
  market.clock.advance(hours(120) + 1)
  await market.settle()
  return order
}

const cases: readonly (readonly [string, object, () => Promise<OneOrder>])[] = [
  ['cancelOrder', {}, accepted],
  ['refundCompletedOrder', {}, finished],
  ['mediateReturn', { decision: 'REFUND' }, disputed],
  ['mediateReturn', { decision: 'RELEASE' }, disputed],
  ['extendReturn', {}, unbooked],
]

describe('staff to whom an order is their own', () => {
  it.each(cases)('are refused %s %j where they are its buyer or of its shop, and not where they are neither', async (...each) => {
    const [mutation, input, make] = each
    const order = await make()
    const decide = (as: AccountViewer) => market.act(mutation, as, { orderId: order.id, note, ...input })
    const before = await order.view()
    for (const party of [order.buyer, order.seller])
      expect(await decide(asStaff(party))).toMatchObject({ __typename: 'IllegalOrderMove', state: before.state })
    expect(await order.view()).toMatchObject({ version: before.version, refunded: before.refunded })
    const success = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Success`
    expect(await decide(accountForTest(['support']))).toMatchObject({ __typename: success })
  })

  it('are offered what a party may do, and do it as that party, without a word of staff', async () => {
    const order = await oneOrder(market)
    const buyer = asStaff(order.buyer)
    expect((await market.order(order.id, buyer))!.allowedMoves).toEqual(['CANCEL'])
    expect(await market.act('cancelOrder', buyer, { orderId: order.id })).toMatchObject({
      order: { endReason: 'CANCELLED_BY_BUYER' },
    })
  })
})

describe('somebody who helps in a shop and buys there', () => {
  it('decides nothing for the shop about what they bought; whoever else helps there does, and so does an owner who bought', async () => {
    const kept = async () => {
      const order = await delivered(market)
      await order.byBuyer('requestReturn', await wish(order, { solution: 'REFUND_ONLY' }))
      return order
    }
    const [order, ofOwner] = [await kept(), await kept()]
    const { shopIds } = order.seller
    const approve = (as: AccountViewer, { id }: OneOrder) => market.act('answerReturn', as, { orderId: id, approve: true, note })
    const buyer: AccountViewer = { ...order.buyer, roles: ['seller'], helpedShopIds: shopIds }
    expect(await approve(buyer, order)).toMatchObject({ __typename: 'IllegalOrderMove', state: 'RETURN_REQUESTED' })
    expect((await market.order(order.id, buyer))!.allowedMoves).toEqual(['WITHDRAW_RETURN'])
    const colleague: AccountViewer = { ...accountForTest(['seller']), helpedShopIds: shopIds }
    expect(await approve(colleague, order)).toMatchObject({ __typename: 'AnswerReturnSuccess' })
    const owner: AccountViewer = { ...ofOwner.buyer, roles: ['seller'], shopIds: ofOwner.seller.shopIds }
    expect(await approve(owner, ofOwner)).toMatchObject({ __typename: 'AnswerReturnSuccess' })
  })
})
