import type { Clock } from '@pasar/shared/clock'
import type { LogisticsDeps } from '../context.ts'
import type { Notification } from '../courier/notification.ts'
import {
  comesUnasked,
  courierDueOf,
  decide,
  isKnownEnd,
  isLoss,
  isPicked,
  passesPickup,
  wordsOfReturn,
  type Outcome,
} from '../domain/shipment.ts'
import { tellMoved } from '../shipment-events.ts'
import type { Tx } from '../store/database.ts'
import { lockShipment, savePicked, savePickupRequested, saveStatus, type ShipmentRow } from '../store/shipments.ts'
import { addTracking, hasWord } from '../store/tracking.ts'
import { tellDue } from './tell-due.ts'
import { tellImpliedPickup } from './tell-pickup.ts'

/** A scan and the parcel it is about. */
interface Scanned {
  readonly shipment: ShipmentRow
  readonly told: Notification
  readonly now: Date
}

/** Takes a courier's notification in: each one has its effect at most once, whatever comes twice, late or out of order. */
export const recordScan = (deps: LogisticsDeps, notification: Notification): Promise<Taken> =>
  deps.transaction((tx) => takeScan(tx, deps.clock, notification))

/** What came of a courier's word. */
type Taken = Outcome | 'DUPLICATE' | 'UNKNOWN'

/** Takes a courier's word in, in the caller's transaction. */
export async function takeScan(tx: Tx, clock: Clock, notification: Notification): Promise<Taken> {
  const now = clock.now()
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
  const scanned = { shipment, told, now, trackingEventId }
  if (outcome === 'APPLIED') await move(tx, clock, scanned)
  if (outcome === 'LATE') await noteLate(tx, clock, scanned)
  return outcome
}

const keep = (tx: Tx, { shipment, told, now }: Scanned, outcome: Outcome) => {
  const { courierEventId, status, location, note, occurredAt } = told
  return addTracking(tx, { shipmentId: shipment.id, courierEventId, status, location, note, occurredAt, now, outcome })
}

interface Kept extends Scanned {
  readonly trackingEventId: string
}

async function move(tx: Tx, clock: Clock, { shipment, told, now, trackingEventId }: Kept): Promise<void> {
  const { status, occurredAt, courierEventId } = told
  const held = isPicked(status) ? { picked: true, pickupGuessed: false } : shipment
  const { picked, pickupGuessed } = held
  if (comesUnasked(shipment, status)) await savePickupRequested(tx, { id: shipment.id, now, status: shipment.status })
  await saveStatus(tx, shipment.id, { status, statusAt: occurredAt, picked, pickupGuessed })
  const due = courierDueOf(shipment, status)
  if (due) await tellDue(tx, clock, { shipment, due, now })
  if (passesPickup(shipment, status)) await tellImpliedPickup(tx, clock, { shipment, courierEventId, occurredAt, now })
  await tellMoved(tx, clock, { shipment, status, trackingEventId })
}

/** A word that was overtaken moves nothing, but it may be the first that says that the courier has the parcel. */
async function noteLate(tx: Tx, clock: Clock, { shipment, told, now, trackingEventId }: Kept): Promise<void> {
  const { status, occurredAt, courierEventId } = told
  const { picked, pickupGuessed } = shipment
  const isStopped = shipment.status === 'CANCELLED'
  if ((picked && !pickupGuessed) || !isPicked(status)) return
  // This word, or one that has overtaken it.
  if (isStopped && (await hasWord(tx, shipment.id, wordsOfReturn(shipment)))) return
  await savePicked(tx, shipment.id)
  if (isLoss(shipment, shipment.status)) return
  if (isStopped) return tellDue(tx, clock, { shipment, due: 'LOST', now })
  if (picked) return
  if (status === 'PICKED') return tellMoved(tx, clock, { shipment, status, trackingEventId })
  await tellImpliedPickup(tx, clock, { shipment, courierEventId, occurredAt, now })
}
