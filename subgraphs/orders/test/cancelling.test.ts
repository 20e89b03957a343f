import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oneOrder } from './after-sale.ts'
import { coffee } from './fake-market.ts'
import { hours, openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const whole = { amount: 109_000, itemsAmount: 100_000, shippingAmount: 9_000, reason: 'ORDER_ENDED' }

describe('a request to cancel an accepted order', () => {
  it('is granted by the seller, and the money goes back when the courier has stopped the parcel', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    expect(await order.byBuyer('requestCancel', { note: 'Salah alamat' })).toMatchObject({
      __typename: 'RequestCancelSuccess',
      order: { state: 'CANCEL_REQUESTED', code: 401 },
    })
    expect(await order.bySeller('answerCancelRequest', { grant: true })).toMatchObject({ order: { state: 'CANCELLING' } })
    expect(await order.told('OrderCancelled')).toEqual([])
    expect(await order.told('OrderCallingOff')).toHaveLength(1)
    await market.calledOff(await order.view(), true)
    await market.calledOff(await order.view(), true)
    expect(await order.view()).toMatchObject({
      state: 'CANCELLED',
      endReason: 'CANCELLED_BY_BUYER',
      refunded: { amount: 109_000 },
    })
    expect(await order.told('OrderCancelled')).toMatchObject([{ paid: true, refund: whole, reservedAs: order.checkoutId }])
    expect(await order.history()).toEqual([
      'PLACED BUYER',
      'PAID SYSTEM',
      'ACCEPTED SELLER',
      'CANCEL_REQUESTED BUYER',
      'CANCELLING SELLER',
      'CANCELLED SYSTEM',
    ])
  })

  it('is refused with a word, once for all, and the order goes on where it stood', async () => {
    for (const booked of [false, true]) {
      const order = await oneOrder(market)
      await order.bySeller('acceptOrder')
      await order.byBuyer('requestCancel')
      if (booked) await order.ship('BOOKED')
      await expect(order.bySeller('answerCancelRequest', { grant: false })).rejects.toThrow('"field":"note"')
      await order.bySeller('answerCancelRequest', { grant: false, note: 'Sudah dikemas' })
      expect(await order.view()).toMatchObject({ state: booked ? 'READY_TO_SHIP' : 'ACCEPTED', allowedMoves: [] })
      expect(await order.byBuyer('requestCancel')).toMatchObject({ __typename: 'IllegalOrderMove' })
      await order.ship('DELIVERED')
      expect((await order.view()).state).toBe('DELIVERED')
    }
  })

  it('is granted by silence, once, whoever carries it out', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    await order.byBuyer('requestCancel')
    market.clock.advance(hours(24) + 1)
    await Promise.all([1, 2, 3].map(() => market.subgraph.work()))
    expect(await order.view()).toMatchObject({ state: 'CANCELLING' })
    expect(await order.told('OrderCallingOff')).toHaveLength(1)
    expect((await order.view()).deadlines.find(({ kind }) => kind === 'ANSWER_CANCEL')).toMatchObject({ kept: false })
  })

  it('does not stop the clock of the seller', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    const due = (await order.view()).deadlines.find(({ kind }) => kind === 'SHIP')!.dueAt
    market.clock.advance(hours(50))
    await order.byBuyer('requestCancel')
    market.clock.advance(hours(23))
    await market.settle()
    await order.bySeller('answerCancelRequest', { grant: false, note: 'Besok' })
    expect((await order.view()).deadlines.find(({ kind }) => kind === 'SHIP')).toMatchObject({ dueAt: due, kept: false })
    expect((await order.view()).allowedMoves).toEqual(['CANCEL'])
  })

  it('costs its buyer nothing: who could cancel a late order without asking, still can', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    market.clock.advance(hours(71))
    await order.byBuyer('requestCancel')
    market.clock.advance(hours(2))
    await market.settle()
    expect((await order.view()).allowedMoves).toContain('CANCEL')
    await order.byBuyer('cancelOrder')
    expect(await order.view()).toMatchObject({ state: 'CANCELLING' })
  })

  it('comes too late when the courier has the parcel', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    await order.byBuyer('requestCancel')
    await order.ship('PICKED')
    expect((await order.view()).state).toBe('SHIPPED')
    expect(await order.bySeller('answerCancelRequest', { grant: true })).toMatchObject({ __typename: 'IllegalOrderMove' })
  })
})

describe('an order that staff cancel while its parcel is fetched', () => {
  it('goes on to its buyer, and keeps its money', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    await market.act('cancelOrder', accountForTest(['support']), { orderId: order.id, note: 'Penipuan?' })
    await market.calledOff(await order.view(), false)
    expect(await order.view()).toMatchObject({ state: 'SHIPPED', endReason: null, refunded: { amount: 0 } })
    expect((await order.history()).slice(-2)).toEqual(['CANCELLING STAFF', 'CANCEL_TOO_LATE SYSTEM'])
    await order.ship('DELIVERED')
    await order.byBuyer('confirmReceipt')
    expect(await order.told('OrderCancelled')).toEqual([])
    expect(await order.told('OrderCompleted')).toHaveLength(1)
  })
})

describe('a parcel', () => {
  it.each([
    ['comes back', ['PICKED', 'RETURN_IN_TRANSIT', 'RETURNED'], 'PARCEL_CAME_BACK', true],
    ['is lost', ['PICKED', 'LOST'], 'PARCEL_LOST', false],
    ['is given up before it was fetched', ['CANCELLED'], 'COURIER_GAVE_UP', true],
    ['is given up with the courier', ['PICKED', 'GIVEN_UP'], 'PARCEL_LOST', false],
    ['is given up with the courier, which is heard of before its pickup', ['GIVEN_UP', 'PICKED'], 'PARCEL_LOST', false],
    ['is given up as couriers’ words of old told it', ['PICKED', 'CANCELLED'], 'PARCEL_LOST', false],
  ] as const)(
    'that %s ends its order with a refund, and its goods are where they are',
    async (...[, words, endReason, inStock]) => {
      const order = await oneOrder(market)
      await order.bySeller('acceptOrder')
      await order.ship('BOOKED')
      for (const word of [...words, words.at(-1)!]) await order.ship(word)
      expect(await order.view()).toMatchObject({ state: 'CANCELLED', endReason, refunded: { amount: 109_000 } })
      const reservedAs = inStock ? order.checkoutId : null
      expect(await order.told('OrderCancelled')).toMatchObject([{ reason: endReason, paid: true, refund: whole, reservedAs }])
    },
  )

  it('that turned back may still be delivered', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    for (const word of ['PICKED', 'RETURN_IN_TRANSIT'] as const) await order.ship(word)
    expect(await order.view()).toMatchObject({ state: 'RETURNING', code: 550 })
    await order.ship('DELIVERED')
    expect((await order.view()).state).toBe('DELIVERED')
  })
})

describe('a seller who cannot send all of an order', () => {
  it('cancels some units: their price goes back, the rest is sent and paid for', async () => {
    const order = await oneOrder(market)
    const [line] = (await order.view()).lines
    const lines = [{ orderLineId: line!.id, quantity: 1 }]
    expect(await order.bySeller('cancelLines', { lines, reason: 'OUT_OF_STOCK', note: 'Tinggal satu' })).toMatchObject({
      __typename: 'CancelLinesSuccess',
      order: { state: 'PAID' },
    })
    expect(await order.view()).toMatchObject({ refunded: { amount: 50_000 }, lines: [{ quantity: 2, quantityLeft: 1 }] })
    const part = { amount: 50_000, itemsAmount: 50_000, shippingAmount: 0, reason: 'LINES_CANCELLED' }
    const refund = (await order.told('RefundDecided'))[0]!.refund
    expect(refund).toMatchObject({ ...part, lines: [{ orderLineId: line!.id, quantity: 1, amount: 50_000, categoryId: coffee }] })
    expect(await order.told('GoodsReturned')).toMatchObject([
      { restockId: refund.refundId, reservedAs: order.checkoutId, lines: [{ quantity: 1 }] },
    ])
    await order.bySeller('acceptOrder')
    expect(await order.told('OrderAccepted')).toMatchObject([{ lines: [{ quantity: 1 }] }])
    await order.ship('DELIVERED')
    await order.byBuyer('confirmReceipt')
    const refunded = { itemsAmount: 50_000, shippingAmount: 0 }
    expect(await order.told('OrderCompleted')).toMatchObject([{ lines: [{ quantity: 1 }], refunded }])
  })

  it('says why: the reason stands in the history, and one that is none of the listed needs a word', async () => {
    const order = await oneOrder(market)
    const lines = [{ orderLineId: (await order.view()).lines[0]!.id, quantity: 1 }]
    await expect(order.bySeller('cancelLines', { lines, reason: 'OTHER', note: ' ' })).rejects.toThrow('"field":"note"')
    await order.bySeller('cancelLines', { lines, reason: 'OTHER', note: 'Kena hujan' })
    expect((await order.view()).history.at(-1)).toMatchObject({ event: 'LINES_CANCELLED', reason: 'OTHER', note: 'Kena hujan' })
    expect((await order.view()).rejectReason).toBeNull()
    await order.bySeller('rejectOrder', { reason: 'SHOP_CLOSED' })
    expect((await order.view()).history.map(({ event, reason }) => [event, reason])).toEqual([
      ['PLACED', null],
      ['PAID', null],
      ['LINES_CANCELLED', 'OTHER'],
      ['CANCELLED', 'SHOP_CLOSED'],
    ])
  })

  it('tells what is left to send as soon as a parcel is asked for, and not before', async () => {
    const order = await oneOrder(market)
    const { lines } = await order.view()
    const cancel = () =>
      order.bySeller('cancelLines', { lines: [{ orderLineId: lines[0]!.id, quantity: 1 }], reason: 'OUT_OF_STOCK' })
    await cancel()
    expect((await order.told('RefundDecided'))[0]).not.toHaveProperty('toSend')
    for (const booked of [false, true]) {
      const sent = await oneOrder(market)
      const [line] = (await sent.view()).lines
      await sent.bySeller('acceptOrder')
      if (booked) await sent.ship('BOOKED')
      await sent.bySeller('cancelLines', { lines: [{ orderLineId: line!.id, quantity: 1 }], reason: 'OUT_OF_STOCK' })
      expect((await sent.told('RefundDecided'))[0]).toMatchObject({
        toSend: [{ orderLineId: line!.id, quantity: 1, unitPrice: 50_000 }],
      })
    }
  })

  it('ends the rest with the rest of the money', async () => {
    const order = await oneOrder(market)
    const [line] = (await order.view()).lines
    await order.bySeller('cancelLines', { lines: [{ orderLineId: line!.id, quantity: 1 }], reason: 'OUT_OF_STOCK' })
    await order.byBuyer('cancelOrder')
    expect((await order.view()).refunded.amount).toBe(109_000)
    const rest = { amount: 59_000, itemsAmount: 50_000, shippingAmount: 9_000 }
    expect(await order.told('OrderCancelled')).toMatchObject([{ refund: rest, lines: [{ quantity: 1 }] }])
  })

  it('cannot cancel more than is left, all of it, nothing, or what is of another order', async () => {
    const order = await oneOrder(market)
    const [line] = (await order.view()).lines
    const cancel = (quantity: number, orderLineId = line!.id) =>
      order.bySeller('cancelLines', { lines: [{ orderLineId, quantity }], reason: 'OUT_OF_STOCK' })
    expect(await cancel(3)).toMatchObject({ __typename: 'OrderLinesShort', left: [{ orderLineId: line!.id, quantity: 2 }] })
    expect(await cancel(2)).toMatchObject({ __typename: 'OrderWouldBeEmpty' })
    expect(await cancel(1, newId('orderLine'))).toMatchObject({ __typename: 'OrderLinesShort' })
    await expect(cancel(0)).rejects.toThrow('"field":"lines.quantity"')
    expect(await cancel(1)).toMatchObject({ __typename: 'CancelLinesSuccess' })
    expect(await cancel(1)).toMatchObject({ __typename: 'OrderWouldBeEmpty' })
    expect(await order.told('RefundDecided')).toHaveLength(1)
  })

  it('that are all of it, of an accepted order, are for others to cancel, and the seller is told who', async () => {
    const order = await oneOrder(market)
    await order.bySeller('acceptOrder')
    const [line] = (await order.view()).lines
    const all = { lines: [{ orderLineId: line!.id, quantity: 2 }], reason: 'OUT_OF_STOCK' }
    expect(await order.bySeller('rejectOrder', { reason: 'OUT_OF_STOCK' })).toMatchObject({ allowed: ['CANCEL_LINES'] })
    expect(await order.bySeller('cancelLines', all)).toMatchObject({
      message:
        'Nothing would be left of the order. Reject all of it; one that you have accepted is cancelled by its buyer or by support.',
    })
    expect(await order.byBuyer('requestCancel')).toMatchObject({ __typename: 'RequestCancelSuccess' })
  })
})

describe('a refund', () => {
  it('shows in the history when the buyer has the money, once', async () => {
    const order = await oneOrder(market)
    await order.byBuyer('cancelOrder')
    const refund = (await order.told('OrderCancelled'))[0]!.refund!
    const payload = { refundId: refund.refundId, orderId: order.id, buyerId: order.buyer.accountId, amount: 109_000 }
    for (const id of ['payments:a', 'payments:b'])
      await market.deliver('payments', { type: 'RefundCompleted', id, payload: { ...payload, destination: 'WALLET_BALANCE' } })
    expect((await order.history()).slice(-2)).toEqual(['CANCELLED BUYER', 'REFUNDED SYSTEM'])
    expect(await order.view()).toMatchObject({ state: 'CANCELLED', endReason: 'CANCELLED_BY_BUYER', code: 15 })
  })

  it('says what it is of, to buyer and seller and to nobody else', async () => {
    const order = await oneOrder(market)
    const [line] = (await order.view()).lines
    await order.bySeller('cancelLines', { lines: [{ orderLineId: line!.id, quantity: 1 }], reason: 'OUT_OF_STOCK' })
    const refund = (await order.told('RefundDecided'))[0]!.refund
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Refund { reason decidedBy itemsAmount { amount }
      shippingAmount { amount } lines { quantity amount { amount } line { id } } } } }`
    const read = async (as: typeof order.buyer) => {
      const variables = { of: [{ __typename: 'Refund', id: refund.refundId }] }
      return (await market.data<{ _entities: unknown[] }>({ query, variables, as }))._entities[0]
    }
    const shown = {
      reason: 'LINES_CANCELLED',
      decidedBy: 'SELLER',
      itemsAmount: { amount: 50_000 },
      shippingAmount: { amount: 0 },
      lines: [{ quantity: 1, amount: { amount: 50_000 }, line: { id: line!.id } }],
    }
    expect([await read(order.buyer), await read(order.seller)]).toEqual([shown, shown])
    expect(await read(order.sellers[1])).toBeNull()
  })
})
