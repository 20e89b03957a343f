/** What everyone who follows a shipment needs to know of it. */
export interface ShipmentRef {
  readonly shipmentId: string
  readonly orderId: string
  readonly buyerId: string
  readonly shopId: string
  /** The return that it brings back to the shop; absent on the way to the buyer. */
  readonly returnId?: string | null
}

/** The canonical states of a parcel (Biteship's list, see docs/logistics.md). */
export type ShipmentStatus =
  | 'CONFIRMED'
  | 'ALLOCATED'
  | 'PICKING_UP'
  | 'PICKED'
  | 'DROPPING_OFF'
  | 'DELIVERED'
  | 'ON_HOLD'
  | 'RETURN_IN_TRANSIT'
  | 'RETURNED'
  | 'LOST'
  | 'CANCELLED'

/** Payload of each event that logistics sends, by its type. */
export interface LogisticsEvents {
  readonly ShipmentBooked: ShipmentRef & { readonly trackingNumber: string }
  readonly ShipmentMoved: ShipmentRef & {
    readonly status: ShipmentStatus
    readonly trackingEventId: string
    /** The courier ends with what it had in hand: it is gone. Whether it had it is not to be told from the events before, which may come later. */
    readonly lost?: true
    /** A return ends that its courier would not call off, though it never said that it has it: nobody knows who has the goods. */
    readonly unclear?: true
    /** A return ends without ever leaving its buyer, by its courier's own will, or though its buyer had asked at least a day before its stop to have it fetched. */
    readonly unfetched?: true
  }
  /** What became of a parcel has earned its courier something, or has made it owe something; once per parcel and kind. */
  readonly CourierDueArose: ShipmentRef & {
    readonly courierId: string
    readonly trackingNumber: string
    readonly kind: 'DELIVERED' | 'CAME_BACK' | 'RETURN_DELIVERED' | 'RETURN_CAME_BACK' | 'LOST'
    /** What was in the parcel is worth so much. */
    readonly goodsAmount: number
    /** What its way costs. */
    readonly shippingAmount: number
  }
  /** What came of OrderCallingOff or ReturnCallingOff: whether the parcel was stopped, or the courier brings it. */
  readonly ParcelCalledOff: {
    readonly orderId: string
    /** The return whose parcel it is; absent on the way to the buyer. */
    readonly returnId?: string | null
    readonly buyerId: string
    readonly shopId: string
    readonly stopped: boolean
    /** As in ShipmentMoved. */
    readonly unfetched?: true
  }
}
