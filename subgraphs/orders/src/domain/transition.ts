import type { OrderEndReason } from '@pasar/schema/events/orders'
import type { Order, OrderEvent, OrderParty, OrderState } from './order.ts'

/** What a person may do with an order, as the API names it. */
export type OrderMove =
  | 'CANCEL_CHECKOUT'
  | 'ACCEPT'
  | 'REJECT'
  | 'CANCEL_LINES'
  | 'CANCEL'
  | 'REQUEST_CANCEL'
  | 'GRANT_CANCEL'
  | 'REFUSE_CANCEL'
  | 'CONFIRM_RECEIPT'
  | 'REQUEST_RETURN'
  | 'APPROVE_RETURN'
  | 'REFUSE_RETURN'
  | 'WITHDRAW_RETURN'
  | 'EXTEND_RETURN'
  | 'ACCEPT_RETURN'
  | 'DISPUTE_RETURN'
  | 'ESCALATE_RETURN'
  | 'REFUND_BUYER'
  | 'RELEASE_TO_SELLER'
  | 'REFUND_AFTERWARDS'

/** What a condition may look at. */
export type Facts = Pick<Order, 'state' | 'paidAt' | 'shipLate' | 'booked' | 'cancelAsked' | 'returnSolution' | 'returnBooked'>

/** Conditions that a state alone does not tell. */
export const conditions = {
  unpaid: (order: Facts) => order.paidAt === null,
  shipLate: (order: Facts) => order.shipLate,
  mayAskToCancel: (order: Facts) => !order.shipLate && !order.cancelAsked,
  booked: (order: Facts) => order.booked,
  notBooked: (order: Facts) => !order.booked,
  returnNotBooked: (order: Facts) => !order.returnBooked,
  goodsGoBack: (order: Facts) => order.returnSolution === 'RETURN_AND_REFUND',
  goodsStay: (order: Facts) => order.returnSolution === 'REFUND_ONLY',
} as const

/** One row of the table. */
export interface Transition {
  readonly from: readonly OrderState[]
  /** SAME: something happens to the order, and it stays where it is. */
  readonly to: OrderState | 'SAME'
  readonly event: OrderEvent
  readonly by: readonly OrderParty[]
  readonly when?: keyof typeof conditions
  /** What people call it; a transition without a name is the market's own. */
  readonly move?: OrderMove
  /** Money changes its owner: the order counts as paid from here on. */
  readonly pays?: true
  /** A courier is booked from here on. */
  readonly books?: true
  /** A courier is booked for the way back from here on. */
  readonly booksReturn?: true
  /** It stays where it is, and the deadlines of its state begin anew. */
  readonly renews?: true
  /** The seller is late with it from here on. */
  readonly shipsLate?: true
  /** Why it ends, where the one who does it does not say another reason. */
  readonly ends?: OrderEndReason
  /** What the return claims goes back; where nothing is left of the order then, it ends as cancelled. */
  readonly refunds?: 'CLAIM'
  /** The goods of the return are in the shop again, and can be sold unless the one who does it says otherwise. */
  readonly restocks?: 'CLAIM'
}
