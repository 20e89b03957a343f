import type { OrderEndReason, PlacePayload } from '@pasar/schema/events'
import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'

/** Where an order stands, with the number that the Indonesian marketplaces' order interfaces give it. */
export const stateCodes = {
  AWAITING_PAYMENT: 100,
  PAID: 220,
  ACCEPTED: 400,
  READY_TO_SHIP: 450,
  SHIPPED: 500,
  DELIVERED: 600,
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

export type OrderEvent = 'PLACED' | 'PAID' | 'ACCEPTED' | 'READY_TO_SHIP' | 'SHIPPED' | 'DELIVERED' | 'COMPLETED' | 'CANCELLED'

export type OrderParty = 'BUYER' | 'SELLER' | 'STAFF' | 'SYSTEM'

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
  readonly shippingCost: Minor
  readonly courierServiceId: string
  readonly courierServiceName: string
  readonly weightGrams: number
  readonly origin: PlacePayload
  readonly destination: PlacePayload
  readonly reservedAs: string | null
  readonly shipLate: boolean
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
  readonly title: string
  readonly variantName: string
  readonly sku: string
  readonly imageUrl: string | null
  readonly quantity: number
  readonly unitPrice: Minor
}

/** The number of a state; a rejection for lack of goods has one of its own. */
export function codeOf(state: OrderState, endReason: OrderEndReason | null, rejectReason: RejectReason | null): number {
  if (state !== 'CANCELLED' || endReason === null) return stateCodes[state]
  return rejectReason === 'OUT_OF_STOCK' || rejectReason === 'VARIANT_UNAVAILABLE' ? 3 : endCodes[endReason]
}
