import type { EventOf } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import type { LogisticsDeps } from '../context.ts'
import { cancellationOf, moves } from '../domain/shipment.ts'
import { tellMoved } from '../shipment-events.ts'
import { addCalledOff, lockOrder, saveCancelledUnbooked, saveCancelRequested } from '../store/cancellations.ts'
import type { Tx } from '../store/database.ts'
import { lockShipment, type ShipmentRow } from '../store/shipments.ts'
import { addTracking } from '../store/tracking.ts'

/** The parcel of a cancelled order is not sent, as long as the courier does not have it. */
export async function cancelShipment(
  tx: Tx,
  { clock, log }: LogisticsDeps,
  { payload }: EventOf<'OrderCancelled'>,
): Promise<void> {
  // Nobody accepts what is not paid; and paid late after all, such an order goes on and is accepted later.
  if (!payload.paid) return
  const { orderId } = payload
  await lockOrder(tx, orderId)
  const shipment = await lockShipment(tx, 'orderId', orderId)
  if (!shipment) return void (await addCalledOff(tx, { orderId, direction: 'OUTBOUND' }, clock.now()))
  const cancellation = cancellationOf(shipment)
  if (cancellation === 'AT_ONCE') await cancelUnbooked(tx, clock, shipment)
  if (cancellation === 'AT_COURIER') await saveCancelRequested(tx, shipment, clock.now())
  if (shipment.picked && moves[shipment.status].length > 0)
    log.warn({ orderId, shipmentId: shipment.id, status: shipment.status }, 'a cancelled order is with the courier already')
}

/** Ends a parcel that the courier does not know of for sure, and tells the market. */
export async function cancelUnbooked(tx: Tx, clock: Clock, shipment: ShipmentRow): Promise<void> {
  const { id } = shipment
  const now = clock.now()
  await saveCancelledUnbooked(tx, id, now)
  const cancelled = { status: 'CANCELLED', outcome: 'APPLIED', location: null, note: null } as const
  const ownWord = { shipmentId: id, courierEventId: `unbooked:${id}`, occurredAt: now, now }
  const trackingEventId = await addTracking(tx, { ...cancelled, ...ownWord })
  await tellMoved(tx, clock, { shipment, status: 'CANCELLED', trackingEventId: trackingEventId! })
}
