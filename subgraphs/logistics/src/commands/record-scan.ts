import type { LogisticsDeps } from '../context.ts'
import type { Notification } from '../courier/notification.ts'
import { courierDueOf, decide, isKnownEnd, isPicked, passesPickup, type Outcome } from '../domain/shipment.ts'
import { tellMoved } from '../shipment-events.ts'
import type { Tx } from '../store/client.ts'
import { tellDue } from './tell-due.ts'
import { lockShipment, saveStatus, type ShipmentRow } from '../store/shipments.ts'
import { addTracking } from '../store/tracking.ts'

/** A scan and the parcel it is about. */
interface Scanned {
  readonly shipment: ShipmentRow
  readonly told: Notification
  readonly now: Date
}

/** Takes a courier's notification in: each one has its effect at most once, whatever comes twice, late or out of order. */
export const recordScan = (deps: LogisticsDeps, notification: Notification): Promise<Outcome | 'DUPLICATE' | 'UNKNOWN'> =>
  deps.transaction(async (tx) => {
    const now = deps.clock.now()
    const shipment = await lockShipment(tx, 'trackingNumber', notification.trackingNumber)
    if (!shipment) return 'UNKNOWN'
    // A courier's clock may be ahead; nothing happens in the future.
    const occurredAt = notification.occurredAt > now ? now : notification.occurredAt
    const told = { ...notification, occurredAt }
    const outcome = decide(shipment, told)
    const trackingEventId = await keep(tx, { shipment, told, now }, outcome)
    if (trackingEventId === undefined) return 'DUPLICATE'
    // Such as the courier's word about a parcel that it was asked to call off.
    if (isKnownEnd(shipment, told)) return 'DUPLICATE'
    if (outcome === 'APPLIED') await move(deps, tx, { shipment, told, now, trackingEventId })
    return outcome
  })

const keep = (tx: Tx, { shipment, told, now }: Scanned, outcome: Outcome) => {
  const { courierEventId, status, location, note, occurredAt } = told
  return addTracking(tx, { shipmentId: shipment.id, courierEventId, status, location, note, occurredAt, now, outcome })
}

async function move(deps: LogisticsDeps, tx: Tx, scanned: Scanned & { readonly trackingEventId: string }): Promise<void> {
  const { shipment, told, trackingEventId } = scanned
  const { status, occurredAt } = told
  await saveStatus(tx, shipment.id, { status, statusAt: occurredAt, picked: shipment.picked || isPicked(status) })
  const due = courierDueOf(shipment, status)
  if (due) await tellDue(deps, tx, { shipment, due, now: scanned.now })
  if (passesPickup(shipment, status))
    await tellMoved(deps, tx, { shipment, status: 'PICKED', trackingEventId: await imply(tx, scanned) })
  await tellMoved(deps, tx, { shipment, status, trackingEventId })
}

/** The pickup that the courier did not tell of; the parcel's history shows only what it did tell. */
async function imply(tx: Tx, { shipment, told, now }: Scanned): Promise<string> {
  const implied = { courierEventId: `${told.courierEventId}#picked`, status: 'PICKED', location: null, note: null } as const
  const id = await addTracking(tx, { shipmentId: shipment.id, ...implied, occurredAt: told.occurredAt, now, outcome: 'IMPLIED' })
  return id!
}
