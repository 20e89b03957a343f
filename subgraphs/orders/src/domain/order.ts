import type { OrderEndReason, OrderStep, PlacePayload } from '@pasar/schema/events/orders'
import type { Id } from '@pasar/shared/ids'
import { minorUnits, type Minor } from '@pasar/shared/money'
import type { Pieces } from '@pasar/shared/parcel'

/** Where an order stands, with the number that the Indonesian marketplaces' order interfaces give it. */
export const stateCodes = {
  AWAITING_PAYMENT: 100,
  PAID: 220,
  ACCEPTED: 400,
  READY_TO_SHIP: 450,
  CANCEL_REQUESTED: 401,
  CANCELLING: 401,
  SHIPPED: 500,
  RETURNING: 550,
  DELIVERED: 600,
  RETURN_REQUESTED: 601,
  RETURN_APPROVED: 601,
  RETURN_UNBOOKED: 601,
  RETURN_CANCELLING: 601,
  RETURN_SENT: 601,
  RETURN_ARRIVED: 601,
  RETURN_REFUSED: 601,
  MEDIATION: 601,
  COMPLETED: 700,
  CANCELLED: 0,
} as const

export type OrderState = keyof typeof stateCodes

export const orderStates = Object.keys(stateCodes) as readonly OrderState[]

/** The numbers of a cancelled order, by what ended it. */
const endCodes = {
  UNPAID: 699,
  PAYMENT_FAILED: 699,
  PAID_TOO_LATE: 6,
  CANCELLED_BY_BUYER: 15,
  CANCELLED_BY_STAFF: 0,
  REJECTED_BY_SELLER: 10,
  NOT_ACCEPTED_IN_TIME: 0,
  COURIER_GAVE_UP: 0,
  PARCEL_CAME_BACK: 0,
  PARCEL_LOST: 0,
  RETURNED: 0,
} as const satisfies Record<OrderEndReason, number>

/** Why a seller rejects an order, with the marketplaces' number of the reason. */
export const rejectReasons = {
  OUT_OF_STOCK: 1,
  VARIANT_UNAVAILABLE: 2,
  WRONG_PRICE_OR_WEIGHT: 3,
  SHOP_CLOSED: 4,
  OTHER: 5,
  COURIER_PROBLEM: 7,
  BUYER_REQUEST: 8,
} as const

export type RejectReason = keyof typeof rejectReasons

/** What happens to an order and is told to the market with facts of its own. */
export type MainEvent = 'PLACED' | 'PAID' | 'ACCEPTED' | 'READY_TO_SHIP' | 'SHIPPED' | 'DELIVERED' | 'COMPLETED' | 'CANCELLED'

export type OrderEvent = MainEvent | OrderStep

export type OrderParty = 'BUYER' | 'SELLER' | 'STAFF' | 'SYSTEM'

/** What a buyer wants who asks for a return: to send the goods back, or to keep them. */
export type ReturnSolution = 'RETURN_AND_REFUND' | 'REFUND_ONLY'

/** What nothing has happened to yet of what may come after the sale. */
export const untouched = {
  booked: false,
  cancelAsked: false,
  returnSolution: null,
  returnBooked: false,
  refundedItems: 0n as Minor,
  refundedShipping: 0n as Minor,
} as const

/** What a shop sells to a buyer in one checkout. */
export interface Order {
  readonly id: Id<'order'>
  readonly checkoutId: Id<'checkout'>
  readonly shopId: Id<'shop'>
  readonly buyerId: Id<'account'>
  readonly state: OrderState
  readonly code: number
  readonly endReason: OrderEndReason | null
  readonly rejectReason: RejectReason | null
  readonly itemsTotal: Minor
  /** What a voucher takes off the goods, and its code. */
  readonly discount: Minor
  readonly voucherCode: string | null
  readonly shippingCost: Minor
  readonly courierServiceId: string
  readonly courierServiceName: string
  readonly weightGrams: number
  readonly origin: PlacePayload
  readonly destination: PlacePayload
  readonly reservedAs: string | null
  readonly shipLate: boolean
  /** A courier is booked. */
  readonly booked: boolean
  /** The buyer has asked once to cancel it; asking again is of no use. */
  readonly cancelAsked: boolean
  /** What the buyer wants who asked for a return. */
  readonly returnSolution: ReturnSolution | null
  /** A courier is booked for the way back. */
  readonly returnBooked: boolean
  /** What of each was decided to go back so far. */
  readonly refundedItems: Minor
  readonly refundedShipping: Minor
  readonly paidAt: Date | null
  readonly placedAt: Date
  readonly version: number
}

/** What was bought, as it was sold. */
export interface OrderLine {
  readonly id: Id<'orderLine'>
  readonly orderId: Id<'order'>
  readonly variantId: string
  readonly productId: string
  /** As it was when it was sold; null where it is not known. */
  readonly categoryId: string | null
  readonly title: string
  readonly variantName: string
  readonly sku: string
  readonly imageUrl: string | null
  readonly quantity: number
  readonly unitPrice: Minor
  /** Its share of what a voucher takes off. */
  readonly discount: Minor
  /** What one unit weighs and measures, as it was sold; null where it is not known. */
  readonly piece: Omit<Pieces, 'quantity'> | null
}

/** What an order's buyer pays. */
export const orderTotal = ({
  itemsTotal,
  shippingCost,
  discount,
}: Pick<Order, 'itemsTotal' | 'shippingCost' | 'discount'>): Minor => minorUnits(itemsTotal + shippingCost - discount)

/** The number of a state; a rejection for lack of goods has one of its own. */
export function codeOf(state: OrderState, endReason: OrderEndReason | null, rejectReason: RejectReason | null): number {
  if (state !== 'CANCELLED' || endReason === null) return stateCodes[state]
  return rejectReason === 'OUT_OF_STOCK' || rejectReason === 'VARIANT_UNAVAILABLE' ? 3 : endCodes[endReason]
}
