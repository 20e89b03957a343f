import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hours, openMarket, type Market, type OrderView } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

type Paid = Awaited<ReturnType<Market['paidScene']>>

/** A paid order and the people around it. */
async function paidOrder(): Promise<
  Paid & { readonly id: string; readonly seller: Paid['sellers'][0]; readonly view: () => Promise<OrderView> }
> {
  const scene = await market.paidScene()
  const [id] = scene.orderIds
  return { ...scene, id, seller: scene.sellers[0], view: async () => (await market.order(id, scene.buyer))! }
}

const told = (id: string, type: string) => market.events(type).filter(({ aggregateId }) => aggregateId === id)

describe('the life of an order', () => {
  it('goes from paid to finished, with its history, deadlines and events', async () => {
    const { id, seller, buyer, view } = await paidOrder()
    expect(await market.act('acceptOrder', seller, { orderId: id })).toMatchObject({
      __typename: 'AcceptOrderSuccess',
      order: { state: 'ACCEPTED', code: 400 },
    })
    await market.ship(await view(), 'BOOKED')
    expect(await view()).toMatchObject({ state: 'READY_TO_SHIP', code: 450 })
    await market.ship(await view(), 'PICKED')
    await market.ship(await view(), 'DROPPING_OFF')
    expect(await view()).toMatchObject({ state: 'SHIPPED', code: 500 })
    await market.ship(await view(), 'DELIVERED')
    expect(await market.act('confirmReceipt', buyer, { orderId: id })).toMatchObject({ order: { state: 'COMPLETED', code: 700 } })
    await market.settle()
    const finished = await view()
    expect(finished.history.map(({ event, by }) => `${event} ${by}`)).toEqual([
      'PLACED BUYER',
      'PAID SYSTEM',
      'ACCEPTED SELLER',
      'READY_TO_SHIP SYSTEM',
      'SHIPPED SYSTEM',
      'DELIVERED SYSTEM',
      'COMPLETED BUYER',
    ])
    expect(finished.deadlines.map(({ kind, kept }) => [kind, kept])).toEqual([
      ['PAY', true],
      ['ACCEPT', true],
      ['COMPLETE', true],
      ['SHIP', true],
    ])
    const types = [
      'OrderPlaced',
      'OrderPaid',
      'OrderAccepted',
      'OrderReadyToShip',
      'OrderShipped',
      'OrderDelivered',
      'OrderCompleted',
    ]
    expect(types.map((type) => told(id, type).length)).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(types.map((type) => told(id, type)[0]!.seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('tells its buyer and its seller where it goes by names, as an envelope has them', async () => {
    const { id, buyer, seller } = await paidOrder()
    const query = `query ($id: ID!) { order(id: $id) { address { district { name regency { name province { name } } } } } }`
    const regency = { name: 'Kota Administrasi Jakarta Barat', province: { name: 'Daerah Khusus Ibukota Jakarta' } }
    const order = { address: { district: { name: 'Kebon Jeruk', regency } } }
    for (const as of [buyer, seller]) expect(await market.data({ query, variables: { id }, as })).toEqual({ order })
  })

  it('tells logistics everything that a shipment needs, when it is accepted', async () => {
    const { id, seller } = await paidOrder()
    await market.act('acceptOrder', seller, { orderId: id })
    await market.settle()
    expect(told(id, 'OrderAccepted')[0]!.payload).toMatchObject({
      courierServiceId: 'jne_reg',
      shippingCost: 9_000,
      weightGrams: 1_000,
      origin: { name: 'Gudang', regencyCode: '31.73' },
      destination: { name: 'Siti', postalCode: '11530' },
      lines: [{ quantity: 2, unitPrice: 50_000, sku: 'KOPI-250' }],
    })
    expect(Object.keys((told(id, 'OrderAccepted')[0]!.payload as { origin: object }).origin)).not.toContain('shopId')
  })

  it('does not go back when a courier is heard in the wrong order, or twice', async () => {
    const { id, seller, view } = await paidOrder()
    await market.act('acceptOrder', seller, { orderId: id })
    for (const status of ['PICKED', 'BOOKED', 'ON_HOLD', 'DELIVERED', 'PICKED', 'DELIVERED'] as const)
      await market.ship(await view(), status)
    expect((await view()).history.map(({ event }) => event)).toEqual(['PLACED', 'PAID', 'ACCEPTED', 'SHIPPED', 'DELIVERED'])
  })

  it('keeps its history and its lines for good', async () => {
    const { id } = await paidOrder()
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    for (const statement of [
      'UPDATE order_history SET note = $1',
      'DELETE FROM order_history WHERE order_id = $1',
      'UPDATE order_line SET quantity = 1 WHERE order_id = $1',
    ]) {
      await expect(pool.query(statement, [id])).rejects.toThrow('append-only')
    }
    await stop()
  })
})

describe('an order that ends', () => {
  it('is rejected by its seller with a reason, and refunded', async () => {
    const { id, seller, view } = await paidOrder()
    expect(await market.act('rejectOrder', seller, { orderId: id, reason: 'OUT_OF_STOCK', note: 'Habis' })).toMatchObject({
      __typename: 'RejectOrderSuccess',
    })
    await market.settle()
    expect(await view()).toMatchObject({
      state: 'CANCELLED',
      code: 3,
      endReason: 'REJECTED_BY_SELLER',
      rejectReason: 'OUT_OF_STOCK',
      allowedMoves: [],
    })
    expect((await view()).history.at(-1)).toMatchObject({ event: 'CANCELLED', by: 'SELLER', note: 'Habis' })
    const { checkoutId, payload } = { checkoutId: (await view()).checkout!.id, payload: told(id, 'OrderCancelled')[0]!.payload }
    expect(payload).toMatchObject({ reason: 'REJECTED_BY_SELLER', paid: true, reservedAs: checkoutId })
  })

  it('needs a word when the reason is another one', async () => {
    const { id, seller } = await paidOrder()
    await expect(market.act('rejectOrder', seller, { orderId: id, reason: 'OTHER' })).rejects.toThrow('"field":"note"')
  })

  it('is cancelled by its buyer until the seller accepts it', async () => {
    const first = await paidOrder()
    expect(await market.act('cancelOrder', first.buyer, { orderId: first.id })).toMatchObject({
      order: { state: 'CANCELLED', code: 15 },
    })
    const second = await paidOrder()
    await market.act('acceptOrder', second.seller, { orderId: second.id })
    expect(await market.act('cancelOrder', second.buyer, { orderId: second.id })).toMatchObject({
      __typename: 'IllegalOrderMove',
      code: 'ILLEGAL_ORDER_MOVE',
      state: 'ACCEPTED',
      allowed: ['REQUEST_CANCEL'],
    })
  })

  it('goes with its whole checkout while it is unpaid', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    const { id } = checkout!.orders[0]!
    expect((await market.order(id, scene.buyer))!.allowedMoves).toEqual(['CANCEL_CHECKOUT'])
    expect(await market.act('cancelOrder', scene.buyer, { orderId: id })).toMatchObject({
      __typename: 'IllegalOrderMove',
      allowed: ['CANCEL_CHECKOUT'],
    })
    const key = { checkoutId: checkout!.id, idempotencyKey: 'cancel' }
    expect(await market.act('cancelCheckout', scene.buyer, key)).toMatchObject({
      __typename: 'CancelCheckoutSuccess',
      checkout: { state: 'CANCELLED' },
    })
    expect(await market.act('cancelCheckout', scene.buyer, key)).toMatchObject({ __typename: 'CancelCheckoutSuccess' })
    expect(await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })).toMatchObject({
      __typename: 'CheckoutNotCancellable',
      state: 'CANCELLED',
    })
    expect(await market.order(id, scene.buyer)).toMatchObject({
      state: 'CANCELLED',
      code: 15,
      history: [{ event: 'PLACED' }, { event: 'CANCELLED', by: 'BUYER' }],
    })
    expect(scene.variants.map(({ stock }) => stock)).toEqual([10, 10])
  })

  it('is not cancelled any more when the money is there', async () => {
    const { buyer, checkoutId } = await paidOrder()
    expect(await market.act('cancelCheckout', buyer, { checkoutId })).toMatchObject({
      __typename: 'CheckoutNotCancellable',
      state: 'PAID',
    })
  })

  it('is ended by staff with a word, which goes into the audit log', async () => {
    const { id, seller } = await paidOrder()
    await market.act('acceptOrder', seller, { orderId: id })
    const support = accountForTest(['support'])
    await expect(market.act('cancelOrder', support, { orderId: id })).rejects.toThrow('"field":"note"')
    expect(await market.act('cancelOrder', support, { orderId: id, note: 'Fraud' })).toMatchObject({
      order: { endReason: 'CANCELLED_BY_STAFF' },
    })
    await market.settle()
    const acts = market.events('StaffActed').map(({ payload }) => payload)
    expect(acts).toContainEqual({ actorId: support.accountId, action: 'order.cancelOrder', subjectId: id, reason: 'Fraud' })
  })
})

describe('a change of an order', () => {
  it('is shown again only to who may still see the order', async () => {
    const { id } = await paidOrder()
    const support = accountForTest(['support'])
    const input = { orderId: id, note: 'Fraud', idempotencyKey: 'fraud' }
    expect(await market.act('cancelOrder', support, input)).toMatchObject({ __typename: 'CancelOrderSuccess' })
    expect(await market.act('cancelOrder', support, input)).toMatchObject({ __typename: 'CancelOrderSuccess' })
    expect(await market.act('cancelOrder', { ...support, roles: [] }, input)).toMatchObject({ __typename: 'OrderNotFound' })
  })

  it('happens once per key, and the same key gives the same answer', async () => {
    const { id, seller, view } = await paidOrder()
    const input = { orderId: id, idempotencyKey: 'accept' }
    const results = await Promise.all([1, 2, 3, 4, 5].map(() => market.act('acceptOrder', seller, input)))
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(5).fill('AcceptOrderSuccess'))
    expect((await view()).version).toBe(3)
    expect(await market.act('acceptOrder', seller, { ...input, expectedVersion: 2 })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    })
  })

  it('is decided for one of two who contradict each other at once', async () => {
    const { id, seller, buyer, view } = await paidOrder()
    const results = await Promise.all([
      market.act('acceptOrder', seller, { orderId: id }),
      market.act('cancelOrder', buyer, { orderId: id }),
    ])
    expect(results.filter(({ __typename }) => __typename.endsWith('Success'))).toHaveLength(1)
    expect(results.filter(({ __typename }) => __typename === 'IllegalOrderMove')).toHaveLength(1)
    expect((await view()).history).toHaveLength(3)
  })

  it('is refused when the order has changed since it was seen', async () => {
    const { id, seller } = await paidOrder()
    expect(await market.act('acceptOrder', seller, { orderId: id, expectedVersion: 1 })).toMatchObject({
      __typename: 'StaleOrder',
      version: 2,
    })
    expect(await market.act('acceptOrder', seller, { orderId: id, expectedVersion: 2 })).toMatchObject({
      __typename: 'AcceptOrderSuccess',
    })
  })

  it('is refused to strangers as if there were no such order', async () => {
    const { id, sellers, checkoutId } = await paidOrder()
    const none = await market.act('acceptOrder', sellers[1], { orderId: newId('order') })
    const foreign = await market.act('acceptOrder', sellers[1], { orderId: id })
    expect([none, foreign].map(({ __typename, message }) => ({ __typename, message }))).toEqual(
      [1, 2].map(() => ({ __typename: 'OrderNotFound', message: 'There is no such order.' })),
    )
    expect(await market.act('confirmReceipt', accountForTest(), { orderId: id })).toMatchObject({ __typename: 'OrderNotFound' })
    expect(await market.act('cancelCheckout', sellers[0], { checkoutId })).toMatchObject({ __typename: 'CheckoutNotFound' })
  })

  it('needs the right kind of account and a well-formed id', async () => {
    const { id, buyer, seller } = await paidOrder()
    await expect(market.act('acceptOrder', buyer, { orderId: id })).rejects.toThrow('FORBIDDEN')
    await expect(market.act('acceptOrder', seller, { orderId: 'ord_1' })).rejects.toThrow('"field":"orderId"')
  })
})

describe('a deadline', () => {
  it('to accept ends the order with a refund, once, whoever carries it out', async () => {
    const { orderIds, buyer } = await market.paidScene()
    market.clock.advance(hours(48) + 1)
    await Promise.all([market.subgraph.work(), market.subgraph.work(), market.subgraph.work()])
    await market.settle()
    for (const id of orderIds) {
      const view = (await market.order(id, buyer))!
      expect(view).toMatchObject({
        state: 'CANCELLED',
        endReason: 'NOT_ACCEPTED_IN_TIME',
        history: [{}, {}, { event: 'CANCELLED', by: 'SYSTEM' }],
      })
      expect(view.deadlines.find(({ kind }) => kind === 'ACCEPT')).toMatchObject({ kept: false })
      expect(told(id, 'OrderCancelled')).toHaveLength(1)
    }
  })

  it('to accept is over when it was accepted', async () => {
    const { id, seller, view } = await paidOrder()
    market.clock.advance(hours(47))
    await market.act('acceptOrder', seller, { orderId: id })
    market.clock.advance(hours(2))
    await market.settle()
    expect((await view()).state).toBe('ACCEPTED')
  })

  it('to ship gives the buyer the right to cancel, and not before', async () => {
    const { id, seller, buyer, view } = await paidOrder()
    await market.act('acceptOrder', seller, { orderId: id })
    expect((await view()).allowedMoves).toEqual(['REQUEST_CANCEL'])
    market.clock.advance(hours(72) + 1)
    await market.settle()
    expect(await view()).toMatchObject({ state: 'ACCEPTED', version: 4, allowedMoves: ['CANCEL'] })
    expect((await view()).history.at(-1)).toMatchObject({ event: 'SHIP_LATE', by: 'SYSTEM' })
    expect(market.events('OrderStepped').map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ orderId: id, step: 'SHIP_LATE' }),
    )
    expect(await market.act('cancelOrder', buyer, { orderId: id, note: 'Too late' })).toMatchObject({
      order: { state: 'CANCELLING', endReason: 'CANCELLED_BY_BUYER' },
    })
    await market.calledOff(await view(), true)
    expect(await view()).toMatchObject({ state: 'CANCELLED', endReason: 'CANCELLED_BY_BUYER' })
  })

  it('to complain finishes the order, once', async () => {
    const { id, seller, view } = await paidOrder()
    await market.act('acceptOrder', seller, { orderId: id })
    await market.ship(await view(), 'DELIVERED')
    market.clock.advance(hours(72) + 1)
    await Promise.all([market.subgraph.work(), market.subgraph.work()])
    await market.settle()
    expect(await view()).toMatchObject({ state: 'COMPLETED' })
    expect(told(id, 'OrderCompleted')).toHaveLength(1)
  })
})

describe('changes of one order in one request', () => {
  it('each show what they have left of it', async () => {
    const { id, seller, view } = await paidOrder()
    const [line, ...others] = (await view()).lines
    const query = `mutation ($id: ID!, $line: ID!) {
      one: acceptOrder(input: { orderId: $id, idempotencyKey: "satu" }) { ... on AcceptOrderSuccess { order { ...Shown } } }
      two: cancelLines(input: { orderId: $id, lines: [{ orderLineId: $line, quantity: 1 }], reason: OUT_OF_STOCK, idempotencyKey: "dua" }) {
        ... on CancelLinesSuccess { order { ...Shown } } } }
      fragment Shown on Order { state lines { quantityLeft } }`
    const shown = (left: number) => ({
      order: {
        state: 'ACCEPTED',
        lines: [left, ...others.map(({ quantity }) => quantity)].map((quantityLeft) => ({ quantityLeft })),
      },
    })
    const { quantity } = line!
    const changes = await market.data({ query, variables: { id, line: line!.id }, as: seller })
    expect(changes).toEqual({ one: shown(quantity), two: shown(quantity - 1) })
  })
})
