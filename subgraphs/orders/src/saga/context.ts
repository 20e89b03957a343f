import type { PlacePayload } from '@pasar/schema/events/orders'
import type { VoucherWish } from '../domain/voucher-terms.ts'
import type { CartGroup, CartLine, Origin, Quote, ReservedLine } from '../domain/plan-orders.ts'

/** An order as its payment needs it: what is paid for its goods and its shipping. */
export interface PlacedOrder {
  readonly orderId: string
  readonly shopId: string
  readonly itemsAmount: number
  readonly shippingAmount: number
}

/** A shop's voucher that takes so much off its order. */
export interface UsedVoucher extends VoucherWish {
  readonly voucherId: string
  readonly discount: number
}

/** What the steps of a saga have learnt, as JSON; amounts are whole rupiah. Fields are filled in the order of the steps. */
export interface SagaContext {
  /**
   * The latest until when the checkout may be paid; its payment may end before. Fixed before the first call: a step that is tried again
   * must ask for the same.
   */
  readonly payBy: string
  /** What the buyer wants to use; absent where nothing. */
  readonly vouchers?: readonly VoucherWish[]
  /** The checkout id under which products knows the reservation. */
  readonly reservedAs: string
  /** The reservation ran out before the payment came: the goods must be reserved again. */
  readonly stockLost?: boolean
  /** Until when the goods that were lost are reserved again; fixed before the call, like payBy. */
  readonly reserveUntil?: string
  readonly cart?: {
    readonly addressId: string
    readonly lines: readonly CartLine[]
    readonly groups: readonly CartGroup[]
  }
  readonly address?: PlacePayload
  /** The lines as they are sold, from the warehouses of the first reservation; and where the parcels leave from after the last one. */
  readonly reserved?: { readonly lines: readonly ReservedLine[]; readonly origins: readonly Origin[] }
  readonly quotes?: readonly Quote[]
  /** What the same services ask from where the cart says that parcels leave, as far as these leave from elsewhere and nobody named a total. */
  readonly shownQuotes?: readonly Quote[]
  readonly placed?: readonly PlacedOrder[]
  /** What the placed orders use; absent where nothing. */
  readonly used?: readonly UsedVoucher[]
  readonly cartCleared?: boolean
  /** Why it is undone, as recorded outcomes are written. */
  readonly problem?: string
  /** The buyer had cancelled before the payment came: the money goes back, whatever is in stock. */
  readonly endedByBuyer?: boolean
}
