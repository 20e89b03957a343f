import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered, oneOrder, wish, type OneOrder } from './after-sale.ts'
import { hours, openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const support = accountForTest(['support'])

/** Both units of an order's only line. */
const all = async (order: OneOrder) => [{ orderLineId: (await order.view()).lines[0]!.id, quantity: 2 }]
const returned = async (change: object = {}) => {
  const order = await delivered(market)
  await order.byBuyer('requestReturn', await wish(order, change))
  return order
}
/** A return whose goods are back at the shop. */
const arrived = async (change: object = {}) => {
  const order = await returned(change)
  await order.bySeller('answerReturn', { approve: true })
  await order.ship('PICKED', 'RETURN')
  await order.ship('DELIVERED', 'RETURN')
  return order
}
const refused = async (change: object = {}) => {
  const order = await returned(change)
  await order.bySeller('answerReturn', { approve: false, note: 'Bukan salah kami' })
  return order
}
const refundOf = async (order: OneOrder) => (await order.told('RefundDecided'))[0]?.refund
const mediate = (order: OneOrder, input: object) =>
  market.act('mediateReturn', support, { orderId: order.id, note: 'Foto jelas', ...input })

describe('a return', () => {
  it('goes from the wish to the refund of a part, and the seller gets the rest', async () => {
    const order = await delivered(market)
    expect(await order.byBuyer('requestReturn', await wish(order))).toMatchObject({
      __typename: 'RequestReturnSuccess',
      order: { state: 'RETURN_REQUESTED', code: 601 },
    })
    expect((await order.view()).return).toMatchObject({
      reason: 'DAMAGED',
      note: 'Tutupnya pecah',
      claim: { amount: 50_000 },
      evidence: [{ url: 'https://example.com/pecah.jpg', altText: 'Tutup yang pecah' }],
    })
    await order.bySeller('answerReturn', { approve: true })
    const { returnId, ...way } = (await order.told('ReturnApproved'))[0]!
    expect(way).toMatchObject({ origin: { name: 'Siti' }, destination: { name: 'Gudang' }, lines: [{ quantity: 1 }] })
    expect(returnId).toBe((await order.view()).return!.id)
    await order.ship('PICKED', 'RETURN')
    expect((await order.view()).state).toBe('RETURN_SENT')
    await order.ship('DELIVERED', 'RETURN')
    expect((await order.view()).state).toBe('RETURN_ARRIVED')
    expect(await order.bySeller('receiveReturn', { accept: true, restock: true })).toMatchObject({
      order: { state: 'COMPLETED' },
    })
    expect(await refundOf(order)).toMatchObject({ amount: 50_000, itemsAmount: 50_000, reason: 'RETURNED' })
    expect(await order.told('GoodsReturned')).toMatchObject([{ lines: [{ quantity: 1 }], reservedAs: order.checkoutId }])
    expect(await order.told('OrderCompleted')).toMatchObject([{ lines: [{ quantity: 1 }], refunded: { itemsAmount: 50_000 } }])
    expect((await order.history()).slice(-5)).toEqual([
      'RETURN_REQUESTED BUYER',
      'RETURN_APPROVED SELLER',
      'RETURN_SENT SYSTEM',
      'RETURN_ARRIVED SYSTEM',
      'COMPLETED SELLER',
    ])
  })

  it('of everything, for which the seller answers, ends the order with all of its money, shipping too', async () => {
    const order = await delivered(market)
    await order.byBuyer('requestReturn', await wish(order, { lines: await all(order) }))
    await order.bySeller('answerReturn', { approve: true })
    await order.ship('DELIVERED', 'RETURN')
    await order.bySeller('receiveReturn', { accept: true, restock: false })
    expect(await order.view()).toMatchObject({ state: 'CANCELLED', endReason: 'RETURNED', refunded: { amount: 109_000 } })
    expect(await order.told('OrderCancelled')).toMatchObject([
      { reservedAs: null, refund: { amount: 109_000, shippingAmount: 9_000 } },
    ])
    expect(await order.told('GoodsReturned')).toEqual([])
  })

  it('for which nobody answers gives the price of the goods back, and the courier keeps the shipping', async () => {
    const order = await arrived({ reason: 'CHANGED_MIND' })
    await order.bySeller('receiveReturn', { accept: true, restock: true })
    expect(await refundOf(order)).toMatchObject({ itemsAmount: 50_000, shippingAmount: 0 })
  })

  it('of which the buyer keeps the goods is refunded in part as soon as the seller agrees', async () => {
    const order = await returned({ solution: 'REFUND_ONLY', amount: 20_000 })
    expect((await order.view()).return!.claim.amount).toBe(20_000)
    expect(await order.bySeller('answerReturn', { approve: true })).toMatchObject({ order: { state: 'COMPLETED' } })
    expect(await refundOf(order)).toMatchObject({ amount: 20_000, lines: [{ quantity: 0, amount: 20_000 }] })
    expect((await order.view()).lines).toMatchObject([{ quantityLeft: 2 }])
  })

  it('holds the money back: the order is not finished while it is open', async () => {
    const order = await returned()
    market.clock.advance(hours(73))
    await order.told('OrderCompleted')
    const held = await arrived()
    market.clock.advance(hours(47))
    expect(await held.told('OrderCompleted')).toEqual([])
    expect(await order.byBuyer('confirmReceipt')).toMatchObject({ __typename: 'IllegalOrderMove' })
  })

  it('is withdrawn by the buyer, and the seller is paid', async () => {
    const order = await returned()
    expect(await order.byBuyer('withdrawReturn')).toMatchObject({ order: { state: 'COMPLETED' } })
    expect(await refundOf(order)).toBeUndefined()
  })

  it('asks for no more units or money than there are, and for an understandable reason', async () => {
    const order = await delivered(market)
    const ask = async (change: object) => order.byBuyer('requestReturn', await wish(order, change))
    const { orderLineId } = (await all(order))[0]!
    expect(await ask({ lines: [{ orderLineId, quantity: 3 }] })).toMatchObject({ __typename: 'OrderLinesShort' })
    expect(await ask({ solution: 'REFUND_ONLY', amount: 50_001 })).toMatchObject({
      __typename: 'RefundTooLarge',
      most: { amount: 50_000 },
    })
    await expect(ask({ amount: 1 })).rejects.toThrow('"field":"amount"')
    await expect(ask({ solution: 'REFUND_ONLY', amount: 0 })).rejects.toThrow('"field":"amount"')
    await expect(ask({ note: '  ' })).rejects.toThrow('"field":"note"')
    await expect(ask({ lines: [] })).rejects.toThrow('"field":"lines"')
    await expect(ask({ evidence: [{ url: 'http://x.example/a.png', altText: 'a' }] })).rejects.toThrow('"field":"evidence.url"')
    await expect(ask({ evidence: [{ url: 'https://x.example/a.png', altText: '' }] })).rejects.toThrow(
      '"field":"evidence.altText"',
    )
    expect((await order.view()).state).toBe('DELIVERED')
  })

  it('is not asked for before the order has arrived, nor by anybody else', async () => {
    const order = await oneOrder(market)
    expect(await order.byBuyer('requestReturn', await wish(order))).toMatchObject({
      __typename: 'IllegalOrderMove',
      state: 'PAID',
    })
    const other = await delivered(market)
    const input = { orderId: other.id, ...(await wish(other)) }
    expect(await market.act('requestReturn', accountForTest(), input)).toMatchObject({ __typename: 'OrderNotFound' })
    expect(await market.act('requestReturn', other.seller, input)).toMatchObject({ __typename: 'IllegalOrderMove' })
  })
})

describe('the way back', () => {
  const wayOf = async (order: OneOrder) => {
    const { weightGrams, volumeCubicCm, shippingCost } = (await order.told('ReturnApproved'))[0]!
    return { weightGrams, volumeCubicCm, shippingCost }
  }

  it('is asked for with weight and volume of what is sent back, not of all that was sold', async () => {
    const [one, two] = [await returned(), await delivered(market)]
    await two.byBuyer('requestReturn', await wish(two, { lines: await all(two) }))
    for (const order of [one, two]) await order.bySeller('answerReturn', { approve: true })
    expect(await wayOf(one)).toEqual({ weightGrams: 500, volumeCubicCm: 1_000, shippingCost: 9_000 })
    expect(await wayOf(two)).toEqual({ weightGrams: 1_000, volumeCubicCm: 2_000, shippingCost: 9_000 })
  })

  it('is that of the whole order where its lines were sold before they were weighed', async () => {
    const order = await returned()
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    const trigger = 'TRIGGER order_line_append_only'
    await pool.query(`BEGIN; ALTER TABLE order_line DISABLE ${trigger};
      UPDATE order_line SET piece = NULL WHERE order_id = '${order.id}';
      ALTER TABLE order_line ENABLE ${trigger}; COMMIT`)
    await stop()
    await order.bySeller('answerReturn', { approve: true })
    expect(await wayOf(order)).toEqual({ weightGrams: 1_000, shippingCost: 9_000 })
  })
})

describe('a seller who', () => {
  it('says nothing to a wish agrees to it', async () => {
    const [sends, keeps] = [await returned(), await returned({ solution: 'REFUND_ONLY' })]
    market.clock.advance(hours(48) + 1)
    await Promise.all([1, 2, 3].map(() => market.subgraph.work()))
    expect([(await sends.view()).state, (await keeps.view()).state]).toEqual(['RETURN_APPROVED', 'COMPLETED'])
    expect(await keeps.told('RefundDecided')).toHaveLength(1)
    expect(await sends.told('ReturnApproved')).toHaveLength(1)
  })

  it('says nothing to what came back accepts it, and has it in stock again unless it was sent back for its faults', async () => {
    const [sound, faulty] = [await arrived({ reason: 'CHANGED_MIND' }), await arrived({ reason: 'INCOMPLETE' })]
    market.clock.advance(hours(48) + 1)
    await Promise.all([1, 2, 3].map(() => market.subgraph.work()))
    for (const [order, restocked] of [
      [sound, 1],
      [faulty, 0],
    ] as const) {
      expect((await order.view()).state).toBe('COMPLETED')
      const told = [await order.told('RefundDecided'), await order.told('GoodsReturned')]
      expect(told.map(({ length }) => length)).toEqual([1, restocked])
    }
  })

  it('refuses is believed when the buyer does not ask staff in time', async () => {
    const order = await refused()
    expect((await order.view()).state).toBe('RETURN_REFUSED')
    market.clock.advance(hours(48) + 1)
    expect(await order.told('OrderCompleted')).toHaveLength(1)
    expect(await refundOf(order)).toBeUndefined()
  })
})

describe('a buyer who does not send the goods back in time', () => {
  it('keeps them, and the seller is paid', async () => {
    const order = await returned()
    await order.bySeller('answerReturn', { approve: true })
    await order.ship('BOOKED', 'RETURN')
    market.clock.advance(hours(120) + 1)
    await market.settle()
    await market.calledOff(await order.view(), true, 'RETURN')
    expect(await order.told('OrderCompleted')).toHaveLength(1)
    expect(await refundOf(order)).toBeUndefined()
  })
})

describe('what a courier does to a parcel that is sent back', () => {
  it.each(['LOST', 'GIVEN_UP'] as const)(
    'is the courier’s loss when it is %s in its hands: the buyer is refunded',
    async (end) => {
      const order = await returned()
      await order.bySeller('answerReturn', { approve: true })
      for (const word of ['PICKED', end] as const) await order.ship(word, 'RETURN')
      expect((await order.view()).state).toBe('COMPLETED')
      expect(await refundOf(order)).toMatchObject({ amount: 50_000 })
      expect(await order.told('GoodsReturned')).toEqual([])
    },
  )

  it('is for staff to find out when it does not bring it', async () => {
    const order = await returned()
    await order.bySeller('answerReturn', { approve: true })
    await order.ship('CANCELLED', 'RETURN')
    expect((await order.view()).state).toBe('MEDIATION')
  })

  it('says nothing of the parcel that brought the order', async () => {
    const order = await returned()
    await order.bySeller('answerReturn', { approve: true })
    for (const word of ['DELIVERED', 'RETURNED', 'LOST', 'CANCELLED'] as const) await order.ship(word)
    expect((await order.view()).state).toBe('RETURN_APPROVED')
  })
})

describe('staff', () => {
  it('find for the buyer in whole or in part, and leave a trace', async () => {
    const [whole, part] = [await refused(), await refused()]
    for (const order of [whole, part])
      expect(await order.byBuyer('escalateReturn', { note: 'Lihat foto' })).toMatchObject({ order: { state: 'MEDIATION' } })
    expect(await mediate(part, { decision: 'REFUND', amount: 50_001 })).toMatchObject({
      __typename: 'RefundTooLarge',
      most: { amount: 50_000 },
    })
    await mediate(whole, { decision: 'REFUND' })
    await mediate(part, { decision: 'REFUND', amount: 12_345 })
    expect(await refundOf(whole)).toMatchObject({ amount: 50_000, reason: 'MEDIATED' })
    expect(await refundOf(part)).toMatchObject({ amount: 12_345, reason: 'MEDIATED' })
    const acts = market.events('StaffActed').map(({ payload }) => payload)
    expect(acts).toContainEqual({
      actorId: support.accountId,
      action: 'order.mediateReturn',
      subjectId: part.id,
      reason: 'Foto jelas',
    })
  })

  it('find for the seller who disputes what came back', async () => {
    const order = await arrived()
    expect(await order.bySeller('receiveReturn', { accept: false, restock: true, note: 'Kotak kosong' })).toMatchObject({
      order: { state: 'MEDIATION' },
    })
    expect(await order.told('GoodsReturned')).toHaveLength(1)
    expect(await mediate(order, { decision: 'RELEASE' })).toMatchObject({ order: { state: 'COMPLETED' } })
    expect(await refundOf(order)).toBeUndefined()
    expect(await order.told('GoodsReturned')).toHaveLength(1)
  })

  it('who decide nothing in time leave the money to the buyer', async () => {
    const order = await refused()
    await order.byBuyer('escalateReturn', { note: 'Lihat foto' })
    market.clock.advance(hours(168) + 1)
    await Promise.all([1, 2, 3].map(() => market.subgraph.work()))
    expect((await order.view()).state).toBe('COMPLETED')
    expect(await order.told('RefundDecided')).toHaveLength(1)
  })

  it('decide only what is in mediation, with a word, and nobody else does', async () => {
    const order = await refused()
    expect(await mediate(order, { decision: 'REFUND' })).toMatchObject({ __typename: 'IllegalOrderMove' })
    await order.byBuyer('escalateReturn', { note: 'Lihat foto' })
    await expect(mediate(order, { decision: 'RELEASE', note: '' })).rejects.toThrow('"field":"note"')
    await expect(mediate(order, { decision: 'RELEASE', amount: 1 })).rejects.toThrow('"field":"amount"')
    const input = { orderId: order.id, decision: 'REFUND', note: 'x' }
    await expect(market.act('mediateReturn', order.buyer, input)).rejects.toThrow('FORBIDDEN')
  })

  it('see what waits for them, with a reason', async () => {
    const order = await refused()
    await order.byBuyer('escalateReturn', { note: 'Lihat foto' })
    const query = `query ($reason: String) { ordersInMediation(first: 100, reason: $reason) { edges { node { id state } } } }`
    const { ordersInMediation } = await market.data<{ ordersInMediation: { edges: { node: { id: string; state: string } }[] } }>({
      query,
      variables: { reason: 'Antrean pagi' },
      as: support,
    })
    expect(ordersInMediation.edges.map(({ node }) => node)).toContainEqual({ id: order.id, state: 'MEDIATION' })
    expect(ordersInMediation.edges.every(({ node }) => node.state === 'MEDIATION')).toBe(true)
    await expect(market.data({ query, as: support })).rejects.toThrow('"field":"reason"')
    await expect(market.data({ query, variables: { reason: '\uD83D' }, as: support })).rejects.toThrow('"field":"reason"')
    await expect(market.data({ query, as: order.buyer })).rejects.toThrow('FORBIDDEN')
  })
})

describe('the order’s stream', () => {
  it('shows each step of a return as it happens', async () => {
    const order = await delivered(market)
    await market.settle()
    const query = `subscription ($id: ID!) { orderUpdated(orderId: $id) { event order { state } } }`
    const stream = await market.subscribe({ query, variables: { id: order.id }, as: order.buyer })
    await order.byBuyer('requestReturn', await wish(order))
    await order.bySeller('answerReturn', { approve: true })
    await order.ship('PICKED', 'RETURN')
    await order.ship('DELIVERED', 'RETURN')
    await order.bySeller('receiveReturn', { accept: true, restock: true })
    await market.settle()
    const seen: unknown[] = []
    for (let n = 0; n < 5; n++)
      seen.push(((await stream.next()).value as { data: { orderUpdated: { event: string } } }).data.orderUpdated.event)
    expect(seen).toEqual(['RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_SENT', 'RETURN_ARRIVED', 'COMPLETED'])
    await stream.return?.()
  })
})

describe('a refund that would be more than was paid', () => {
  it('is refused by the database itself', async () => {
    const order = await oneOrder(market)
    await order.byBuyer('cancelOrder')
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    const more = `UPDATE shop_order SET refunded_items = refunded_items + 1 WHERE id = $1`
    await expect(pool.query(more, [order.id])).rejects.toThrow('shop_order_refunded_within')
    const twice = `INSERT INTO order_return SELECT $1, id, 'DAMAGED', 'REFUND_ONLY', 'x', '[]', 1, 0, now() FROM shop_order WHERE id = $2`
    await pool.query(twice, [newId('return'), order.id])
    await expect(pool.query(twice, [newId('return'), order.id])).rejects.toThrow('order_return_order_id_key')
    await stop()
  })
})
