import { describe, expect, it } from 'vitest'
import { contradictions } from './across.ts'
import type { Facts, RefundFact } from './facts.ts'
import { contradictionsOfBookings, contradictionsOfPayouts, contradictionsOutside } from './outside.ts'

/** A checkout of one order that is paid and accepted. */
const sound: Facts = {
  orders: [
    {
      id: 'ord',
      checkoutId: 'chk',
      state: 'ACCEPTED',
      isPaid: true,
      reservedAs: 'chk',
      leavesFrom: 'shp 32.73',
      units: 3,
      back: 0,
      refunded: 0,
    },
  ],
  checkouts: [{ id: 'chk', state: 'PAID', total: 100 }],
  payments: [{ checkoutId: 'chk', amount: 100, isCaptured: true, state: 'CAPTURED' }],
  refunds: [],
  withdrawals: [],
  escrows: [{ orderId: 'ord', escrow: 'HELD', refunded: 0 }],
  reservations: [{ checkoutId: 'chk', state: 'CONFIRMED', units: 3, restocked: 0, places: ['shp 31.73', 'shp 32.73'] }],
  locks: [{ checkoutId: 'chk', state: 'CLEARED' }],
  shipments: [{ id: 'shm', orderId: 'ord', direction: 'OUTBOUND', status: 'CONFIRMED', trackingNumber: 'JNE1' }],
}

const [order] = sound.orders
const [payment] = sound.payments
const [reservation] = sound.reservations

describe('what the domains know of one purchase', () => {
  it('is one story where everything went well', () => {
    expect(contradictions(sound)).toEqual([])
  })

  it.each<[string, Partial<Facts>, string]>([
    ['money that was never taken', { payments: [{ ...payment!, isCaptured: false, state: 'PENDING' }] }, 'its payment PENDING'],
    ['money that is not held', { escrows: [{ orderId: 'ord', escrow: 'RELEASED', refunded: 0 }] }, 'its money RELEASED'],
    ['stock that was not taken', { reservations: [{ ...reservation!, state: 'HELD' }] }, 'its stock HELD'],
    ['other units than were sold', { reservations: [{ ...reservation!, units: 2 }] }, '2 units'],
    [
      'a courier who comes where its goods are not',
      { orders: [{ ...order!, leavesFrom: 'shp 31.71' }] },
      'leaves from shp 31.71, its goods were taken from shp 31.73, shp 32.73',
    ],
    ['a refund that was decided and not paid', { orders: [{ ...order!, refunded: 40 }] }, 'payments gave 0'],
    ['a parcel that nobody asked for', { shipments: [] }, 'no parcel was asked for'],
    [
      'a parcel that nobody asked for, but the one back',
      { shipments: sound.shipments.map((parcel) => ({ ...parcel, direction: 'RETURN' as const })) },
      'no parcel was asked for',
    ],
    ['a cart that stays locked', { locks: [{ checkoutId: 'chk', state: 'LOCKED' }] }, 'cart still locked'],
    [
      'a cancelled order whose money stays',
      {
        orders: [{ ...order!, state: 'CANCELLED' }],
        reservations: [{ ...reservation!, restocked: 3 }],
      },
      'and paid, its money HELD',
    ],
    [
      'cancelled units that are not back',
      { orders: [{ ...order!, state: 'CANCELLED', back: 3 }], escrows: [{ orderId: 'ord', escrow: 'REFUNDED', refunded: 0 }] },
      '0 of 3',
    ],
    [
      'goods that are taken again for a late payment, and sold to nobody',
      { reservations: [reservation!, { ...reservation!, checkoutId: 'again' }] },
      'stock is CONFIRMED for again',
    ],
    [
      'goods that are held under an id that no checkout has',
      { reservations: [reservation!, { ...reservation!, checkoutId: 'again', state: 'HELD' }] },
      'stock is HELD for again',
    ],
    ['a payment without a checkout', { payments: [payment!, { ...payment!, checkoutId: 'other' }] }, 'orders does not know'],
  ])('contradicts itself: %s', (_, change, what) => {
    expect(contradictions({ ...sound, ...change }).map((broken) => broken.what)).toEqual([expect.stringContaining(what)])
  })
})

describe('what payments and the provider know of money that went back', () => {
  const refund: RefundFact = { id: 'rfd', paymentId: 'pay', orderId: 'ord', amount: 40, state: 'COMPLETED', against: 'PROVIDER' }
  const paid = { paymentId: 'pay', refundKey: 'rfd', amount: 40 }

  it('is the same where it went back once', () => {
    const others = [
      { ...refund, id: 'rfd2', state: 'REQUESTED' },
      { ...refund, id: 'rfd3', against: 'WALLET' },
    ]
    expect(contradictionsOutside([refund, ...others], [paid])).toEqual([])
  })

  it.each<[string, Parameters<typeof contradictionsOutside>, string]>([
    ['paid by the provider and onto the balance, too', [[{ ...refund, against: 'WALLET' }], [paid]], 'COMPLETED against WALLET'],
    ['paid and not known to be', [[{ ...refund, state: 'REQUESTED' }], [paid]], 'REQUESTED against PROVIDER'],
    ['another amount', [[refund], [{ ...paid, amount: 41 }]], 'which is of 40'],
    ['asked for by nobody', [[], [paid]], 'does not know'],
    ['paid twice', [[refund], [paid, paid]], 'twice'],
    ['said to be paid, and is not', [[refund], []], 'has not paid'],
  ])('contradicts itself: %s', (_, [refunds, paidBack], what) => {
    expect(contradictionsOutside(refunds, paidBack).map((broken) => broken.what)).toEqual([expect.stringContaining(what)])
  })
})

describe('what payments and the banks know of money that shops took out', () => {
  const withdrawal = { id: 'wdr', amount: 40, state: 'PAID', number: '123', holder: 'Toko' }
  const paid = { withdrawalId: 'wdr', amount: 40, asked: '{"account":"123","name":"Toko"}' }

  it('is the same where it arrived once, or is back on the balance', () => {
    const others = ['SENT', 'FAILED', 'REVERSED'].map((state) => ({ ...withdrawal, id: state, state }))
    expect(contradictionsOfPayouts([withdrawal, ...others], [paid])).toEqual([])
  })

  it.each<[string, Parameters<typeof contradictionsOfPayouts>, string]>([
    ['at the bank and on the balance, too', [[{ ...withdrawal, state: 'FAILED' }], [paid]], 'which is FAILED'],
    ['another amount', [[withdrawal], [{ ...paid, amount: 41 }]], 'which is of 40'],
    [
      'on the account of somebody else',
      [[withdrawal], [{ ...paid, asked: '{"account":"1234","name":"Toko"}' }]],
      'on another account',
    ],
    ['asked for by nobody', [[], [paid]], 'does not know'],
    ['paid out twice', [[withdrawal], [paid, paid]], 'twice'],
    ['said to have arrived, and has not', [[withdrawal], []], 'no bank has it'],
  ])('contradicts itself: %s', (_, [withdrawals, paidOut], what) => {
    expect(contradictionsOfPayouts(withdrawals, paidOut).map((broken) => broken.what)).toEqual([expect.stringContaining(what)])
  })
})

describe('what logistics and the couriers know of who comes for what', () => {
  const shipment = { id: 'shm', orderId: 'ord', direction: 'OUTBOUND' as const, status: 'CONFIRMED', trackingNumber: 'JNE1' }
  const booked = { shipmentId: 'shm', trackingNumber: 'JNE1', isCalledOff: false }
  const calledOff = { ...booked, isCalledOff: true }

  it('is the same where one courier was asked once, or where nobody comes', () => {
    const others = [
      { ...shipment, id: 'shm2', trackingNumber: null },
      { ...shipment, id: 'shm3', status: 'CANCELLED', trackingNumber: 'JNE3' },
    ]
    const off = { ...calledOff, shipmentId: 'shm3', trackingNumber: 'JNE3' }
    expect(contradictionsOfBookings([shipment, ...others], [booked, off])).toEqual([])
  })

  it.each<[string, Parameters<typeof contradictionsOfBookings>, string]>([
    ['asked for twice', [[shipment], [booked, { ...booked, trackingNumber: 'JNE2' }]], 'JNE2 of shm, which is JNE1'],
    ['asked for by nobody', [[], [booked]], 'does not know'],
    ['called off, and somebody comes', [[{ ...shipment, status: 'CANCELLED' }], [booked]], 'which is called off'],
    ['booked, and nobody comes', [[shipment], []], 'which no courier knows'],
  ])('contradicts itself: %s', (_, [shipments, parcels], what) => {
    expect(contradictionsOfBookings(shipments, parcels).map((broken) => broken.what)).toEqual([expect.stringContaining(what)])
  })
})
