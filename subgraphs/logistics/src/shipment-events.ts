import { enqueue } from '@pasar/shared/outbox'
import type { LogisticsDeps } from './context.ts'
import { isLoss, type Scan } from './domain/shipment.ts'
import type { Tx } from './store/client.ts'
import type { ShipmentRow } from './store/shipments.ts'

/** A move of a parcel, and where its history has it. */
interface Moved {
  readonly shipment: Pick<ShipmentRow, 'id' | 'orderId' | 'buyerId' | 'shopId' | 'returnId' | 'picked'>
  readonly status: Scan
  readonly trackingEventId: string
}

export function tellMoved({ clock }: Pick<LogisticsDeps, 'clock'>, tx: Tx, moved: Moved): Promise<void> {
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
  }
  return enqueue(tx, clock, { type: 'ShipmentMoved', aggregateId: id, keys: [orderId, shopId], payload })
}

/** What came of a parcel that was to be called off. */
interface CalledOff {
  readonly parcel: Pick<ShipmentRow, 'orderId' | 'buyerId' | 'shopId' | 'returnId'>
  readonly stopped: boolean
}

export function tellCalledOff({ clock }: Pick<LogisticsDeps, 'clock'>, tx: Tx, { parcel, stopped }: CalledOff): Promise<void> {
  const { orderId, buyerId, shopId, returnId } = parcel
  const payload = { orderId, buyerId, shopId, returnId, stopped }
  return enqueue(tx, clock, { type: 'ParcelCalledOff', aggregateId: orderId, keys: [shopId], payload })
}
