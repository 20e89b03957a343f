/** A line of an order, as sold. */
export interface OrderLinePayload {
  readonly orderLineId: string
  readonly variantId: string
  readonly productId: string
  readonly sku: string
  readonly title: string
  readonly quantity: number
  readonly unitPrice: number
  /** What of the price of these units a voucher took off; absent where nothing. */
  readonly discount?: number
}

/** What everyone who follows an order needs to know of it. */
export interface OrderRef {
  readonly orderId: string
  readonly checkoutId: string
  readonly buyerId: string
  readonly shopId: string
}

/** A place that a parcel leaves from or goes to. */
export interface PlacePayload {
  readonly name: string
  readonly phone: string
  readonly street: string
  /** Official district code, such as 31.73.05; empty where only the regency is known. */
  readonly districtCode: string
  /** Official regency or city code, such as 31.73. */
  readonly regencyCode: string
  readonly postalCode: string
}

/** What was decided to go back of an order's money. Its parts sum to `amount`. */
export interface RefundPayload {
  readonly refundId: string
  readonly amount: number
  /** Of the price of the goods. */
  readonly itemsAmount: number
  /** Of the shipping. */
  readonly shippingAmount: number
  readonly reason: RefundReason
  readonly lines: readonly RefundLinePayload[]
}

/** What goes back of one line. */
export interface RefundLinePayload {
  readonly orderLineId: string
  readonly quantity: number
  readonly amount: number
  /** Of which category its goods are, which decides the commission on what is left; absent where it is not known. */
  readonly categoryId?: string
}

/** Why an order ended without a sale. */
export type OrderEndReason =
  | 'UNPAID'
  | 'PAYMENT_FAILED'
  | 'PAID_TOO_LATE'
  | 'CANCELLED_BY_BUYER'
  | 'CANCELLED_BY_STAFF'
  | 'REJECTED_BY_SELLER'
  | 'NOT_ACCEPTED_IN_TIME'
  | 'COURIER_GAVE_UP'
  | 'PARCEL_CAME_BACK'
  | 'PARCEL_LOST'
  | 'RETURNED'

/** What happens to an order on the ways beside the straight one. */
export type OrderStep =
  | 'SHIP_LATE'
  | 'CANCEL_REQUESTED'
  | 'CANCEL_REFUSED'
  | 'CANCELLING'
  | 'CANCEL_TOO_LATE'
  | 'LINES_CANCELLED'
  | 'TURNED_BACK'
  | 'RETURN_REQUESTED'
  | 'RETURN_APPROVED'
  | 'RETURN_REFUSED'
  | 'RETURN_BOOKED'
  | 'RETURN_UNBOOKED'
  | 'RETURN_EXTENDED'
  | 'RETURN_CANCELLING'
  | 'RETURN_SENT'
  | 'RETURN_ARRIVED'
  | 'MEDIATION_ASKED'
  | 'REFUND_GRANTED'
  | 'REFUNDED'

/** Who bears the way back of a return. */
export type WayBackBearer = 'SELLER' | 'MARKET'

/** Why money of an order goes back. */
export type RefundReason = 'ORDER_ENDED' | 'LINES_CANCELLED' | 'RETURNED' | 'MEDIATED' | 'GRANTED_AFTERWARDS'

/** Payload of each event that orders sends, by its type. */
export interface OrdersEvents {
  /** Orders of a checkout exist; until when they can be paid is told when they can be (CheckoutPlaced). */
  readonly OrderPlaced: OrderRef & { readonly lines: readonly OrderLinePayload[]; readonly total: number }
  readonly OrderPaid: OrderRef & { readonly acceptBy: string }
  /** The seller will send it: logistics books a shipment. */
  readonly OrderAccepted: OrderRef & {
    readonly courierServiceId: string
    readonly shippingCost: number
    readonly weightGrams: number
    readonly origin: PlacePayload
    readonly destination: PlacePayload
    readonly lines: readonly OrderLinePayload[]
  }
  /** A courier is booked for it. */
  readonly OrderReadyToShip: OrderRef
  readonly OrderShipped: OrderRef
  readonly OrderDelivered: OrderRef & { readonly completeBy: string }
  /** The buyer has it (or time has passed): payments releases the escrow, products lets the buyer review. */
  readonly OrderCompleted: OrderRef & {
    readonly lines: readonly OrderLinePayload[]
    /** What was decided to go back of it before: the escrow is released without that. Absent where nothing was. */
    readonly refunded?: { readonly itemsAmount: number; readonly shippingAmount: number }
  }
  /** The order took a step beside the straight way; what others must know of it has an event of its own. */
  readonly OrderStepped: OrderRef & { readonly step: OrderStep }
  /** A paid order shall end before it is sent: logistics stops the parcel, or says that it is too late. */
  readonly OrderCallingOff: OrderRef
  /** The buyer may send goods back: logistics books the way back. */
  readonly ReturnApproved: OrderRef & {
    readonly returnId: string
    /** Who bears what the courier asks for it; the market where absent. */
    readonly wayBackBorneBy?: WayBackBearer
    readonly courierServiceId: string
    /** What the way to the buyer cost; so much is the way back where what is sent back is not known by itself. */
    readonly shippingCost: number
    readonly weightGrams: number
    /** With it, weight and volume are those of what is sent back; without, the weight is that of the order. */
    readonly volumeCubicCm?: number
    readonly origin: PlacePayload
    readonly destination: PlacePayload
    readonly lines: readonly OrderLinePayload[]
  }
  /** A return shall end before its goods are handed over: logistics stops the parcel, or says that it is too late. */
  readonly ReturnCallingOff: OrderRef & { readonly returnId: string }
  /** The order ends without a sale. `paid` says whether money is held for it. */
  readonly OrderCancelled: OrderRef & {
    readonly reason: OrderEndReason
    readonly paid: boolean
    /**
     * The checkout id under which its stock was taken: another one than checkoutId where it was paid late and reserved again. Null where
     * none comes back: none was taken, or it is lost. Paid does not say it.
     */
    readonly reservedAs?: string | null
    readonly lines: readonly OrderLinePayload[]
    /** What goes back with its end, after what went back before; absent where all that is left does. */
    readonly refund?: RefundPayload
  }
  /** Units of a paid order that its buyer does not get, or has sent back, lie in the shop's warehouse again. */
  readonly GoodsReturned: OrderRef & {
    /** The same return puts the same units back once. */
    readonly restockId: string
    /** As in OrderCancelled. */
    readonly reservedAs: string
    readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
  }
  /** The buyer of an ended order is erased, and what the order said of them: parcels say nothing of them either from now on. */
  readonly BuyerErased: OrderRef
  /** A part of a paid order's money goes back; the order itself goes on. */
  readonly RefundDecided: OrderRef & {
    readonly refund: RefundPayload
    /** What is left to send of an accepted order of which lines were cancelled: what its parcel has in it. Absent otherwise. */
    readonly toSend?: readonly OrderLinePayload[]
  }
  /** The orders of a checkout are placed and wait for payment, as long as the payment can be made. */
  readonly CheckoutPlaced: { readonly checkoutId: string; readonly buyerId: string; readonly payBy: string }
  /** The payment of a checkout is here; what becomes of its orders may take longer. */
  readonly CheckoutPaymentReceived: { readonly checkoutId: string; readonly buyerId: string }
  /** PAID_TOO_LATE also after another end: what was paid then goes back. */
  readonly CheckoutFinished: {
    readonly checkoutId: string
    readonly buyerId: string
    readonly outcome: 'PAID' | 'FAILED' | 'EXPIRED' | 'CANCELLED' | 'PAID_TOO_LATE'
  }
}
