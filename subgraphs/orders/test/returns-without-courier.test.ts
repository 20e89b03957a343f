import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered, wish, type OneOrder } from './after-sale.ts'
import { hours, openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const support = accountForTest(['support'])
const agreed = async () => {
  const order = await delivered(market)
  await order.byBuyer('requestReturn', await wish(order))
  await order.bySeller('answerReturn', { approve: true })
  return order
}
const pass = async (count: number) => {
  market.clock.advance(hours(count) + 1)
  await Promise.all([1, 2, 3].map(() => market.subgraph.work()))
}
const stuck = async () => {
  const order = await agreed()
  await pass(120)
  return order
}
const stateOf = async (order: OneOrder) => (await order.view()).state
const extend = (order: OneOrder, input: object = {}) =>
  market.act('extendReturn', support, { orderId: order.id, note: 'Kurir kami ganti', ...input })
const running = async (order: OneOrder) =>
  (await order.view()).deadlines.filter(({ doneAt }) => doneAt === null).map(({ kind }) => kind)

describe('a return whose parcel no courier books in time', () => {
  it('does not end as if its buyer had not sent it: both sides are told, and the money waits', async () => {
    const order = await stuck()
    expect([await stateOf(order), await running(order)]).toEqual(['RETURN_UNBOOKED', ['FIND_COURIER']])
    expect(await order.told('OrderStepped')).toContainEqual(expect.objectContaining({ step: 'RETURN_UNBOOKED' }))
    expect(await order.told('OrderCompleted')).toEqual([])
    expect((await order.history()).at(-1)).toBe('RETURN_UNBOOKED SYSTEM')
  })

  it('goes on when a courier takes it after all, with five days for the buyer again', async () => {
    const order = await stuck()
    await order.ship('BOOKED', 'RETURN')
    expect([await stateOf(order), await running(order)]).toEqual(['RETURN_APPROVED', ['SEND_BACK']])
    await pass(120)
    // A courier was there: now it was the buyer who did not send it.
    expect(await stateOf(order)).toBe('RETURN_CANCELLING')
  })

  it('is given more time by staff, once per key, who leave a trace; and waits again when that was of no use', async () => {
    const order = await stuck()
    const idempotencyKey = newId('movement')
    const [first, again] = [await extend(order, { idempotencyKey }), await extend(order, { idempotencyKey })]
    expect(first).toMatchObject({ __typename: 'ExtendReturnSuccess', order: { state: 'RETURN_APPROVED' } })
    expect(again).toEqual(first)
    expect(await running(order)).toEqual(['SEND_BACK'])
    await pass(120)
    expect(await stateOf(order)).toBe('RETURN_UNBOOKED')
    expect(market.events('StaffActed').map(({ payload }) => payload)).toContainEqual({
      actorId: support.accountId,
      action: 'order.extendReturn',
      subjectId: order.id,
      reason: 'Kurir kami ganti',
    })
    await expect(extend(order, { note: '' })).rejects.toThrow('"field":"note"')
    await expect(market.act('extendReturn', order.buyer, { orderId: order.id, note: 'x' })).rejects.toThrow('FORBIDDEN')
    expect(await extend(await agreed())).toMatchObject({ __typename: 'IllegalOrderMove' })
  })

  it('comes before staff when nobody finds a courier in a week, and is the buyer’s when they do nothing either', async () => {
    const order = await stuck()
    await pass(168)
    await order.ship('CANCELLED', 'RETURN')
    expect(await stateOf(order)).toBe('MEDIATION')
    await pass(168)
    expect(await order.told('RefundDecided')).toHaveLength(1)
  })

  it('may be withdrawn, and may be on its way before anybody heard of its booking', async () => {
    const [kept, sent] = [await stuck(), await stuck()]
    expect(await kept.byBuyer('withdrawReturn')).toMatchObject({ order: { state: 'RETURN_CANCELLING' } })
    await market.calledOff(await kept.view(), true, 'RETURN')
    expect(await stateOf(kept)).toBe('COMPLETED')
    await sent.ship('PICKED', 'RETURN')
    expect(await stateOf(sent)).toBe('RETURN_SENT')
  })

  it('stands in a list for staff, who say why they look', async () => {
    const order = await stuck()
    const query = `query ($reason: String) { returnsWithoutCourier(first: 100, reason: $reason) { edges { node { id state } } } }`
    type Page = { returnsWithoutCourier: { edges: { node: { id: string; state: string } }[] } }
    const { returnsWithoutCourier } = await market.data<Page>({ query, variables: { reason: 'Antrean pagi' }, as: support })
    expect(returnsWithoutCourier.edges.map(({ node }) => node)).toContainEqual({ id: order.id, state: 'RETURN_UNBOOKED' })
    expect(returnsWithoutCourier.edges.every(({ node }) => node.state === 'RETURN_UNBOOKED')).toBe(true)
    await expect(market.data({ query, as: support })).rejects.toThrow('"field":"reason"')
    await expect(market.data({ query, variables: { reason: 'x' }, as: order.seller })).rejects.toThrow('FORBIDDEN')
  })
})
