import type { EventPayloads } from '@pasar/schema/events'
import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookedOrder, orderForTest, scan, shipmentsOf, startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())

type Order = ReturnType<typeof orderForTest>

const unitPrice = 53_500
const way = 19_000
/** Lines of an order were cancelled, and so many units are left; undefined where no parcel was asked for yet. */
const left = ({ orderId, shopId, buyer, event }: Order, quantity: number | undefined) => {
  const refund = {
    refundId: newId('refund'),
    amount: 1,
    itemsAmount: 1,
    shippingAmount: 0,
    reason: 'LINES_CANCELLED',
    lines: [],
  } as const
  const { checkoutId, lines } = event.payload
  const toSend = quantity === undefined ? {} : { toSend: [{ ...lines[0]!, quantity }] }
  const payload: EventPayloads['RefundDecided'] = { orderId, checkoutId, buyerId: buyer.accountId, shopId, refund, ...toSend }
  return { type: 'RefundDecided', payload } as const
}
/** What the courier owes for the parcel of an order that it loses. */
async function owedWhenLost(order: Order) {
  const [shipment] = await shipmentsOf(logistics, order.orderId, order.buyer)
  const { id, trackingNumber } = shipment!
  for (const status of ['picked', 'lost']) await scan(logistics, { trackingNumber, status })
  await logistics.settle()
  return logistics.published.flatMap((event) =>
    event.type === 'CourierDueArose' && event.aggregateId === id
      ? [[event.payload.goodsAmount, event.payload.shippingAmount]]
      : [],
  )
}
/** An accepted order of ten units. */
const ten = () => {
  const { lines } = orderForTest().event.payload
  return orderForTest({ lines: [{ ...lines[0]!, quantity: 10 }] })
}

describe('a parcel of an order of which units were cancelled', () => {
  it('has in it what is left, in whichever order that is heard of', async () => {
    for (const told of [
      [4, 1],
      [1, 4],
      [1, 1],
    ]) {
      const order = ten()
      await logistics.deliver('orders', order.event)
      await logistics.settle()
      for (const quantity of told) await logistics.deliver('orders', left(order, quantity))
      expect(await owedWhenLost(order)).toEqual([[unitPrice, way]])
    }
  })

  it('has in it what was accepted where that was cancelled before', async () => {
    const order = await bookedOrder(logistics)
    await logistics.deliver('orders', left(order, undefined))
    expect(await owedWhenLost(order)).toEqual([[2 * unitPrice, way]])
  })

  it('is waited for where its acceptance has not been heard of, unless it was called off', async () => {
    const order = ten()
    const early = { ...left(order, 1), id: `orders:${order.orderId}` }
    for (const event of [early, order.event, early]) await logistics.deliver('orders', event)
    await logistics.settle()
    expect(await owedWhenLost(order)).toEqual([[unitPrice, way]])
    const never = ten()
    await logistics.deliver('orders', never.cancelled)
    await logistics.deliver('orders', left(never, 1))
  })
})

describe('a parcel of goods that a voucher made cheaper', () => {
  it('is worth what was paid for them, to the rupiah, also where that is not the same for each unit', async () => {
    const { lines } = orderForTest().event.payload
    for (const [quantity, discount] of [
      [2, 7_001],
      [7, 10_000],
      [1, 3],
    ] as const) {
      const order = orderForTest({ lines: [{ ...lines[0]!, quantity, discount }] })
      await logistics.deliver('orders', order.event)
      await logistics.settle()
      expect(await owedWhenLost(order)).toEqual([[quantity * unitPrice - discount, way]])
    }
  })

  it('is worth what was paid for what is left in it', async () => {
    const { lines } = orderForTest().event.payload
    const order = orderForTest({ lines: [{ ...lines[0]!, quantity: 4, discount: 10_001 }] })
    await logistics.deliver('orders', order.event)
    await logistics.settle()
    const told = left(order, 3)
    const toSend = told.payload.toSend!.map((line) => ({ ...line, discount: 7_501 }))
    await logistics.deliver('orders', { ...told, payload: { ...told.payload, toSend } })
    expect(await owedWhenLost(order)).toEqual([[3 * unitPrice - 7_501, way]])
  })
})
