import type { WayBackBearer } from '@pasar/schema/events/orders'
import { minorUnits, times, type Minor } from '@pasar/shared/money'
import { courierCosts, courierDebt, courierPayable, courierReceivable, escrowOf, sellerBalance } from './chart-of-accounts.ts'
import { fromSeller, type SellerStanding } from './clawback.ts'
import { journal, payDebt, transfer, type Journal, type Movement } from './journals.ts'

/** What is between the market and a courier, and which of the two owes it. */
export const dueKinds = {
  COD: { owedBy: 'COURIER' },
  LOST_PARCEL: { owedBy: 'COURIER' },
  UNIDENTIFIED_CHARGE: { owedBy: 'COURIER' },
  SHIPPING: { owedBy: 'MARKET' },
  RETURN_SHIPPING: { owedBy: 'MARKET' },
  UNIDENTIFIED_PAYMENT: { owedBy: 'MARKET' },
} as const satisfies Record<string, { readonly owedBy: 'COURIER' | 'MARKET' }>

/** One of them. */
export type DueKind = keyof typeof dueKinds

/** Where a due stands. */
export type DueState = 'OPEN' | 'PARTLY_SETTLED' | 'SETTLED' | 'WRITTEN_OFF'

/** The account that a due stands on. */
export const accountOfDue = (kind: DueKind, courierId: string) =>
  dueKinds[kind].owedBy === 'COURIER' ? courierDebt(courierId) : courierPayable(courierId)

/** What became of a parcel, as logistics tells it. */
export interface ParcelEnd {
  readonly kind: 'DELIVERED' | 'CAME_BACK' | 'RETURN_DELIVERED' | 'RETURN_CAME_BACK' | 'LOST'
  readonly goodsAmount: Minor
  readonly shippingAmount: Minor
  /** Cash that the courier has taken at the door with it. */
  readonly cash: Minor
}

/** A due that arises by what becomes of a parcel; the others arise by what couriers pay and keep without our knowing why. */
export type ArisingKind = Exclude<DueKind, 'UNIDENTIFIED_PAYMENT' | 'UNIDENTIFIED_CHARGE'>

/** What is due to and from a courier by what became of a parcel. */
export interface NewDue {
  readonly kind: ArisingKind
  readonly amount: Minor
}

/** What a courier has earned with a parcel that came back to its sender: the way there, and the one back. */
const thereAndBack = (way: Minor): Minor => times(way, 2)

const rules: Readonly<Record<ParcelEnd['kind'], (end: ParcelEnd) => readonly NewDue[]>> = {
  DELIVERED: ({ shippingAmount, cash }) => [
    { kind: 'SHIPPING', amount: shippingAmount },
    { kind: 'COD', amount: cash },
  ],
  CAME_BACK: ({ shippingAmount }) => [{ kind: 'SHIPPING', amount: thereAndBack(shippingAmount) }],
  RETURN_DELIVERED: ({ shippingAmount }) => [{ kind: 'RETURN_SHIPPING', amount: shippingAmount }],
  RETURN_CAME_BACK: ({ shippingAmount }) => [{ kind: 'RETURN_SHIPPING', amount: thereAndBack(shippingAmount) }],
  LOST: ({ goodsAmount, shippingAmount }) => [{ kind: 'LOST_PARCEL', amount: minorUnits(goodsAmount + shippingAmount) }],
}

/** What a parcel's end makes due. */
export const duesOf = (end: ParcelEnd): readonly NewDue[] => rules[end.kind](end).filter(({ amount }) => amount > 0n)

/** A due to book. */
export interface DueToBook extends NewDue {
  readonly id: string
  readonly courierId: string
  readonly orderId: string
  readonly shopId: string
  /** What was in a parcel that is lost is worth so much. */
  readonly goodsAmount: Minor
  readonly wayBackBorneBy: WayBackBearer
  readonly seller: SellerStanding
}

type Booking = (due: DueToBook) => readonly Movement[]

/** The market bears what a courier asks for; it has what buyers paid for ways when orders are released. */
const earned: Booking = ({ kind, courierId, amount }) =>
  transfer(courierCosts, accountOfDue(kind, courierId), { amount, purpose: 'COURIER_SHARE' })

/** How each due that arises by itself is booked. */
const bookings: Readonly<Record<ArisingKind, Booking>> = {
  SHIPPING: earned,
  COD: ({ courierId, amount }) => transfer(courierDebt(courierId), courierReceivable, { amount, purpose: 'CASH_COLLECTED' }),
  RETURN_SHIPPING: (due) =>
    due.wayBackBorneBy === 'MARKET'
      ? earned(due)
      : [
          ...fromSeller({ ...due, purpose: 'RETURN_SHIPPING' }, due.amount),
          ...transfer(escrowOf(due.orderId), courierPayable(due.courierId), { amount: due.amount, purpose: 'COURIER_SHARE' }),
        ],
  // The goods were the seller's, who has the money at once: the market waits for the courier.
  LOST_PARCEL: ({ courierId, shopId, amount, goodsAmount, seller }) => [
    ...transfer(courierDebt(courierId), sellerBalance(shopId), { amount: goodsAmount, purpose: 'PARCEL_LOST' }),
    ...transfer(courierDebt(courierId), courierCosts, { amount: minorUnits(amount - goodsAmount), purpose: 'PARCEL_LOST' }),
    ...payDebt(shopId, { incoming: goodsAmount, owed: seller.owed }),
  ],
}

/** Books a due that arose by what became of a parcel. */
export const dueJournal = (due: DueToBook): Journal => journal('COURIER_DUE', `courier-due:${due.id}`, bookings[due.kind](due))

/** A due whose rest nobody waits for any more. */
export interface DueToWriteOff {
  readonly id: string
  readonly kind: DueKind
  readonly courierId: string
  readonly rest: Minor
}

/** The market bears what a courier will not pay, and keeps what a courier does not ask for. */
export function writeOffJournal({ id, kind, courierId, rest }: DueToWriteOff): Journal {
  const account = accountOfDue(kind, courierId)
  const [from, to] = dueKinds[kind].owedBy === 'COURIER' ? [courierCosts, account] : [account, courierCosts]
  return journal('COURIER_WRITE_OFF', `courier-write-off:${id}`, transfer(from, to, { amount: rest, purpose: 'WRITTEN_OFF' }))
}
