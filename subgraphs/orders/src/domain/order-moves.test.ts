import type { Minor } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import { codeOf, orderStates, rejectReasons, untouched, type Order, type OrderState } from './order.ts'
import { allowedMoves, eventOf, mayMove, moved, rowOf, transitionFor, transitionNames } from './order-moves.ts'
import { parcelWords } from './parcel.ts'
import type { conditions } from './transition.ts'
import type { TransitionName } from './transitions.ts'

const now = new Date('2026-11-18T05:00:00Z')

const order = (state: OrderState, facts: Partial<Order> = {}): Order =>
  ({
    state,
    paidAt: state === 'AWAITING_PAYMENT' || state === 'CANCELLED' ? null : now,
    shipLate: false,
    itemsTotal: 100n,
    discount: 0n,
    voucherCode: null,
    shippingCost: 10n,
    ...untouched,
    version: 3,
    reservedAs: 'chk_1',
    ...facts,
  }) as Order

const from = (name: TransitionName): readonly OrderState[] => rowOf(name).from

/** Facts under which a row's condition holds. */
const facts: Readonly<Record<keyof typeof conditions, Partial<Order>>> = {
  unpaid: { paidAt: null },
  shipLate: { shipLate: true },
  mayAskToCancel: {},
  booked: { booked: true },
  notBooked: {},
  returnNotBooked: {},
  goodsGoBack: { returnSolution: 'RETURN_AND_REFUND' },
  goodsStay: { returnSolution: 'REFUND_ONLY' },
}
const fit = (name: TransitionName): Partial<Order> => {
  const { when } = rowOf(name)
  return when ? facts[when] : {}
}
const reach = (name: TransitionName, state: OrderState): OrderState => {
  const { to } = rowOf(name)
  return to === 'SAME' ? state : to
}

describe('the moves of an order', () => {
  it.each(transitionNames)('%s: starts from the states of its row and from no other', (name) => {
    const legal = orderStates.filter((state) => mayMove(order(state, fit(name)), name))
    expect(legal).toEqual(orderStates.filter((state) => from(name).includes(state)))
  })

  it.each(transitionNames)('%s: leads where its row says and counts one version', (name) => {
    const before = order(from(name)[0]!, { ...fit(name), endReason: null })
    const after = moved(before, name, { now, endReason: 'UNPAID' })
    expect(after).toMatchObject({ state: reach(name, before.state), version: 4 })
    const ends = after.state !== before.state && (after.state === 'CANCELLED' || after.state === 'CANCELLING')
    expect(after.endReason === null).toBe(!ends)
  })

  it('reach every state from the first one', () => {
    const reached = new Set<OrderState>(['AWAITING_PAYMENT'])
    for (let round = 0; round < orderStates.length; round++) {
      for (const name of transitionNames) for (const state of from(name)) if (reached.has(state)) reached.add(reach(name, state))
    }
    expect([...reached].toSorted((a, b) => a.localeCompare(b))).toEqual(orderStates.toSorted((a, b) => a.localeCompare(b)))
  })

  it('leave the way of a return only by a word about its parcel, so that no parcel outlives its return', () => {
    const onItsWayBack: readonly OrderState[] = ['RETURN_APPROVED', 'RETURN_UNBOOKED', 'RETURN_CANCELLING', 'RETURN_SENT']
    const leaving = transitionNames.filter((name) =>
      from(name).some((state) => onItsWayBack.includes(state) && !onItsWayBack.includes(reach(name, state))),
    )
    const words: readonly (readonly TransitionName[])[] = Object.values(parcelWords.RETURN)
    expect(leaving.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'arriveBack',
      'loseReturn',
      'returnCalledOff',
      'strandReturn',
    ])
    expect(leaving.filter((name) => !words.flat().includes(name))).toEqual([])
  })

  it('end with a sale for good', () => {
    expect(
      transitionNames.filter((name) => from(name).includes('COMPLETED') && reach(name, 'COMPLETED') !== 'COMPLETED'),
    ).toEqual([])
  })

  it('never refund what was paid in time as if it had been paid late, nor sell it twice', () => {
    const cancelledPaid = order('CANCELLED', { paidAt: now })
    expect(transitionNames.filter((name) => mayMove(cancelledPaid, name))).toEqual(['noteRefund'])
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
    ['PAID', ['CANCEL'], ['ACCEPT', 'REJECT', 'CANCEL_LINES'], ['CANCEL']],
    ['ACCEPTED', ['REQUEST_CANCEL'], ['CANCEL_LINES'], ['CANCEL']],
    ['READY_TO_SHIP', ['REQUEST_CANCEL'], ['CANCEL_LINES'], ['CANCEL']],
    ['CANCEL_REQUESTED', [], ['GRANT_CANCEL', 'REFUSE_CANCEL'], ['CANCEL']],
    ['CANCELLING', [], [], []],
    ['SHIPPED', [], [], []],
    ['RETURNING', [], [], []],
    ['DELIVERED', ['CONFIRM_RECEIPT', 'REQUEST_RETURN'], [], []],
    ['RETURN_REQUESTED', ['WITHDRAW_RETURN'], ['REFUSE_RETURN'], []],
    ['RETURN_APPROVED', ['WITHDRAW_RETURN'], [], []],
    ['RETURN_UNBOOKED', ['WITHDRAW_RETURN'], [], ['EXTEND_RETURN']],
    ['RETURN_CANCELLING', [], [], []],
    ['RETURN_SENT', [], [], []],
    ['RETURN_ARRIVED', [], ['ACCEPT_RETURN', 'DISPUTE_RETURN'], []],
    ['RETURN_REFUSED', ['ESCALATE_RETURN', 'WITHDRAW_RETURN'], [], []],
    ['MEDIATION', [], [], ['REFUND_BUYER', 'RELEASE_TO_SELLER']],
    ['COMPLETED', [], [], ['REFUND_AFTERWARDS']],
    ['CANCELLED', [], [], []],
  ] as const)('%s: the buyer %j, the seller %j, staff %j', (...[state, buyer, seller, staff]) => {
    expect(allowedMoves(order(state), ['BUYER'])).toEqual(buyer)
    expect(allowedMoves(order(state), ['SELLER'])).toEqual(seller)
    expect(allowedMoves(order(state), ['STAFF'])).toEqual(staff)
    expect(allowedMoves(order(state), [])).toEqual([])
  })

  it('lets the buyer cancel what the seller ships too late', () => {
    expect(allowedMoves(order('ACCEPTED', { shipLate: true }), ['BUYER'])).toEqual(['CANCEL'])
    expect(allowedMoves(order('ACCEPTED', { cancelAsked: true }), ['BUYER'])).toEqual([])
    expect(allowedMoves(order('SHIPPED', { shipLate: true }), ['BUYER'])).toEqual([])
  })

  it('is agreed to by the seller in the way that the buyer wants', () => {
    for (const returnSolution of ['RETURN_AND_REFUND', 'REFUND_ONLY'] as const)
      expect(allowedMoves(order('RETURN_REQUESTED', { returnSolution }), ['SELLER'])).toEqual(['APPROVE_RETURN', 'REFUSE_RETURN'])
  })

  it('is done as the party that may', () => {
    expect(transitionFor(order('PAID'), 'CANCEL', ['BUYER', 'STAFF'])).toEqual({ name: 'cancel', party: 'BUYER' })
    expect(transitionFor(order('ACCEPTED'), 'CANCEL', ['BUYER', 'STAFF'])).toEqual({ name: 'cancelAsStaff', party: 'STAFF' })
    expect(transitionFor(order('PAID'), 'ACCEPT', ['BUYER'])).toBeUndefined()
  })
})

describe('a move that gives money back', () => {
  const claim = (itemsAmount: bigint, shippingAmount: bigint) => ({
    itemsAmount: itemsAmount as Minor,
    shippingAmount: shippingAmount as Minor,
  })

  it('finishes the order while something is left, and ends it without a sale when nothing is', () => {
    const arrived = order('RETURN_ARRIVED', { returnSolution: 'RETURN_AND_REFUND', endReason: null })
    const part = moved(arrived, 'acceptReturn', { now, refund: claim(100n, 0n) })
    expect([part.state, part.endReason, eventOf('acceptReturn', part)]).toEqual(['COMPLETED', null, 'COMPLETED'])
    const whole = moved(arrived, 'acceptReturn', { now, refund: claim(100n, 10n) })
    expect([whole.state, whole.endReason, eventOf('acceptReturn', whole)]).toEqual(['CANCELLED', 'RETURNED', 'CANCELLED'])
    const cheaper = moved({ ...arrived, discount: 20n as Minor }, 'acceptReturn', { now, refund: claim(80n, 10n) })
    expect(cheaper.state).toBe('CANCELLED')
    expect(moved({ ...arrived, refundedShipping: 10n as Minor }, 'acceptReturn', { now, refund: claim(100n, 0n) }).state).toBe(
      'CANCELLED',
    )
  })

  it('keeps why an order ends through the call to the courier', () => {
    const stopping = moved(order('READY_TO_SHIP', { endReason: null }), 'cancelAsStaff', { now, endReason: 'CANCELLED_BY_STAFF' })
    expect(stopping).toMatchObject({ state: 'CANCELLING', endReason: 'CANCELLED_BY_STAFF', code: 401 })
    expect(moved(stopping, 'calledOff', { now })).toMatchObject({ state: 'CANCELLED', endReason: 'CANCELLED_BY_STAFF' })
    expect(moved(stopping, 'callOffTooLate', { now })).toMatchObject({ state: 'SHIPPED', endReason: null })
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
