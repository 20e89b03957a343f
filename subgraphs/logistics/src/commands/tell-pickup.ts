import type { Clock } from '@pasar/shared/clock'
import { tellMoved } from '../shipment-events.ts'
import type { Tx } from '../store/database.ts'
import type { ShipmentRow } from '../store/shipments.ts'
import { addTracking } from '../store/tracking.ts'

/** Something that a courier says only of a parcel that it has. */
export interface ImpliedPickup {
  readonly shipment: ShipmentRow
  readonly courierEventId: string
  readonly occurredAt: Date
  readonly now: Date
}

/** Tells of the pickup that a courier did not tell of: others wait for that word. The parcel's history shows only what it did tell. */
export async function tellImpliedPickup(tx: Tx, clock: Clock, pickup: ImpliedPickup): Promise<void> {
  const { shipment, courierEventId, occurredAt, now } = pickup
  const implied = { courierEventId: `${courierEventId}#picked`, status: 'PICKED', location: null, note: null } as const
  const trackingEventId = await addTracking(tx, { shipmentId: shipment.id, ...implied, occurredAt, now, outcome: 'IMPLIED' })
  await tellMoved(tx, clock, { shipment, status: 'PICKED', trackingEventId: trackingEventId! })
}
