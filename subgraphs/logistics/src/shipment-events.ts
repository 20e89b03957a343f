import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/events/outbox'
import { isLoss, isStopped, isUnclear, isUnfetched, type Scan } from './domain/shipment.ts'
import type { Tx } from './store/database.ts'
import type { ShipmentRow } from './store/shipments.ts'

/** A move of a parcel, and where its history has it. */
interface Moved {
  readonly shipment: ShipmentRow
  readonly status: Scan
  readonly trackingEventId: string
}

export function tellMoved(tx: Tx, clock: Clock, moved: Moved): Promise<void> {
  const { id, orderId, buyerId, shopId, returnId } = moved.shipment
  const payload = {
    shipmentId: id,
    orderId,
    buyerId,
    shopId,
    returnId,
    status: moved.status,
    trackingEventId: moved.trackingEventId,
    ...(isLoss(moved.shipment, moved.status) && { lost: true as const }),
    ...(isUnclear(moved.shipment, moved.status) && { unclear: true as const }),
    ...(isUnfetched(moved.shipment, moved.status) && { unfetched: true as const }),
  }
  return enqueue(tx, clock, { type: 'ShipmentMoved', aggregateId: id, keys: [orderId, shopId], payload })
}

/** A parcel that was to be called off; nobody has heard of one that has no standing, and it is never sent. */
type CalledOff = Pick<ShipmentRow, 'orderId' | 'buyerId' | 'shopId' | 'returnId'> | ShipmentRow

/** Tells what came of that. */
export function tellCalledOff(tx: Tx, clock: Clock, parcel: CalledOff): Promise<void> {
  const { orderId, buyerId, shopId, returnId } = parcel
  const end = 'status' in parcel ? endOf(parcel) : { stopped: true }
  const payload = { orderId, buyerId, shopId, returnId, ...end }
  return enqueue(tx, clock, { type: 'ParcelCalledOff', aggregateId: orderId, keys: [shopId], payload })
}

const endOf = (parcel: ShipmentRow) => ({
  stopped: isStopped(parcel),
  ...(isUnfetched(parcel, parcel.status) && { unfetched: true as const }),
})
