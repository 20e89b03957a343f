import { describe, expect, it } from 'vitest'
import { codeOf, orderStates, rejectReasons, type Order, type OrderState } from './order.ts'
import { allowedMoves, mayMove, moved, transitionFor, transitionNames, transitions, type TransitionName } from './order-moves.ts'

const now = new Date('2026-11-18T05:00:00Z')

const order = (state: OrderState, facts: Partial<Order> = {}): Order =>
  ({
    state,
    paidAt: state === 'AWAITING_PAYMENT' || state === 'CANCELLED' ? null : now,
    shipLate: false,
    version: 3,
    reservedAs: 'chk_1',
    ...facts,
  }) as Order

const from = (name: TransitionName): readonly OrderState[] => transitions[name].from

describe('the moves of an order', () => {
  it.each(transitionNames)('%s: starts from the states of its row and from no other', (name) => {
    const legal = orderStates.filter((state) => mayMove(order(state, { shipLate: true }), name))
    expect(legal).toEqual(orderStates.filter((state) => from(name).includes(state)))
  })

  it.each(transitionNames)('%s: leads where its row says and counts one version', (name) => {
    const after = moved(order(from(name)[0]!), name, { now, endReason: 'UNPAID' })
    expect(after).toMatchObject({ state: transitions[name].to, version: 4 })
    expect(after.endReason === null).toBe(after.state !== 'CANCELLED')
  })

  it('reach every state from the first one', () => {
    const reached = new Set<OrderState>(['AWAITING_PAYMENT'])
    for (let round = 0; round < orderStates.length; round++) {
      for (const name of transitionNames) if (from(name).some((state) => reached.has(state))) reached.add(transitions[name].to)
    }
    expect([...reached].toSorted((a, b) => a.localeCompare(b))).toEqual(orderStates.toSorted((a, b) => a.localeCompare(b)))
  })

  it('end with a sale for good', () => {
    expect(transitionNames.filter((name) => from(name).includes('COMPLETED'))).toEqual([])
  })

  it('never refund what was paid in time as if it had been paid late, nor sell it twice', () => {
    const cancelledPaid = order('CANCELLED', { paidAt: now })
    expect(transitionNames.filter((name) => mayMove(cancelledPaid, name))).toEqual([])
  })

  it('keep the time of the payment', () => {
    const later = new Date(now.getTime() + 1)
    expect(moved(order('AWAITING_PAYMENT'), 'pay', { now }).paidAt).toEqual(now)
    expect(moved(order('PAID'), 'accept', { now: later }).paidAt).toEqual(now)
    expect(moved(order('CANCELLED'), 'refundLate', { now, endReason: 'PAID_TOO_LATE', reservedAs: null })).toMatchObject({
      paidAt: now,
      reservedAs: null,
    })
  })
})

describe('what people may do with an order', () => {
  it.each([
    ['AWAITING_PAYMENT', ['CANCEL_CHECKOUT'], [], []],
    ['PAID', ['CANCEL'], ['ACCEPT', 'REJECT'], ['CANCEL']],
    ['ACCEPTED', [], [], ['CANCEL']],
    ['READY_TO_SHIP', [], [], ['CANCEL']],
    ['SHIPPED', [], [], []],
    ['DELIVERED', ['CONFIRM_RECEIPT'], [], []],
    ['COMPLETED', [], [], []],
    ['CANCELLED', [], [], []],
  ] as const)('%s: the buyer %j, the seller %j, staff %j', (...[state, buyer, seller, staff]) => {
    expect(allowedMoves(order(state), ['BUYER'])).toEqual(buyer)
    expect(allowedMoves(order(state), ['SELLER'])).toEqual(seller)
    expect(allowedMoves(order(state), ['STAFF'])).toEqual(staff)
    expect(allowedMoves(order(state), [])).toEqual([])
  })

  it('lets the buyer cancel what the seller ships too late', () => {
    expect(allowedMoves(order('ACCEPTED', { shipLate: true }), ['BUYER'])).toEqual(['CANCEL'])
    expect(allowedMoves(order('SHIPPED', { shipLate: true }), ['BUYER'])).toEqual([])
  })

  it('is done as the party that may', () => {
    expect(transitionFor(order('PAID'), 'CANCEL', ['BUYER', 'STAFF'])).toEqual({ name: 'cancel', party: 'BUYER' })
    expect(transitionFor(order('ACCEPTED'), 'CANCEL', ['BUYER', 'STAFF'])).toEqual({ name: 'cancelAsStaff', party: 'STAFF' })
    expect(transitionFor(order('PAID'), 'ACCEPT', ['BUYER'])).toBeUndefined()
  })
})

describe('the number of a state', () => {
  it.each([
    ['AWAITING_PAYMENT', null, null, 100],
    ['PAID', null, null, 220],
    ['ACCEPTED', null, null, 400],
    ['READY_TO_SHIP', null, null, 450],
    ['SHIPPED', null, null, 500],
    ['DELIVERED', null, null, 600],
    ['COMPLETED', null, null, 700],
    ['CANCELLED', 'CANCELLED_BY_BUYER', null, 15],
    ['CANCELLED', 'REJECTED_BY_SELLER', 'SHOP_CLOSED', 10],
    ['CANCELLED', 'REJECTED_BY_SELLER', 'OUT_OF_STOCK', 3],
    ['CANCELLED', 'NOT_ACCEPTED_IN_TIME', null, 0],
    ['CANCELLED', 'PAID_TOO_LATE', null, 6],
    ['CANCELLED', 'UNPAID', null, 699],
  ] as const)('%s (%s, %s) is %i', (...[state, endReason, rejectReason, code]) => {
    expect(codeOf(state, endReason, rejectReason)).toBe(code)
  })

  it('has no sixth reason to reject, as on the marketplaces', () => {
    expect(Object.values(rejectReasons)).toEqual([1, 2, 3, 4, 5, 7, 8])
  })
})
