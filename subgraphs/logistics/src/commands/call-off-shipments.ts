import type { Clock } from '@pasar/shared/clock'
import type { LogisticsDeps } from '../context.ts'
import type { CancelAnswer } from '../courier/client.ts'
import { courierDueOf, decide, isEnd, isPicked, type Standing } from '../domain/shipment.ts'
import { tellCalledOff, tellMoved } from '../shipment-events.ts'
import { saveCancelAnswered } from '../store/cancellations.ts'
import type { Tx } from '../store/database.ts'
import { lockShipment, savePickupGuessed, saveStatus, type WaitingRow } from '../store/shipments.ts'
import { addTracking } from '../store/tracking.ts'
import { runErrands } from './run-errands.ts'
import { tellDue } from './tell-due.ts'
import { tellImpliedPickup, type ImpliedPickup } from './tell-pickup.ts'

/** Asks the courier to call off what it has booked of cancelled orders: a courier that is down is asked again. */
export const callOffShipments = (deps: LogisticsDeps): Promise<number> =>
  runErrands(deps, 'CANCELLATION', {
    ask: (shipment) => deps.courier.cancel(atCourier(shipment)),
    keep: (tx, shipment, answer) => keep(tx, deps, { id: shipment.id, orderAtCourier: atCourier(shipment), answer }),
  })

/** The courier knows a booking whose answer was lost by the shipment's id. */
const atCourier = ({ id, courierOrderId }: WaitingRow): string => courierOrderId ?? id

interface Answered {
  readonly id: string
  readonly orderAtCourier: string
  readonly answer: CancelAnswer
}

/** The table decides what the courier's yes means by now: it may have fetched the parcel, or told of the end, meanwhile. */
async function keep(tx: Tx, { clock, log }: LogisticsDeps, { id, orderAtCourier, answer }: Answered): Promise<boolean> {
  const now = clock.now()
  const shipment = await lockShipment(tx, 'id', id)
  if (!shipment || !(await saveCancelAnswered(tx, id, now))) return false
  const told = { status: 'CANCELLED', occurredAt: notBefore(shipment, now) } as const
  // What it has said to be on its way may come back yet: what becomes of that it has to say itself.
  const outcome = answer.isCancelled && !isPicked(shipment.status) ? decide(shipment, told) : 'REFUSED'
  const word = { shipmentId: id, courierEventId: `cancel:${orderAtCourier}`, location: null, note: answer.note, outcome, now }
  const trackingEventId = await addTracking(tx, { ...word, ...told })
  if (!answer.isCancelled) log.warn({ shipmentId: id, status: shipment.status }, 'the courier brings a cancelled order')
  if (outcome !== 'APPLIED') {
    await tellCalledOff(tx, clock, shipment)
    if (!answer.isCancelled) await noteInHand(tx, clock, { shipment, courierEventId: word.courierEventId, occurredAt: now, now })
    return true
  }
  const { picked, pickupGuessed } = shipment
  await saveStatus(tx, id, { status: told.status, statusAt: told.occurredAt, picked, pickupGuessed })
  // A word of its pickup may have come while the courier was asked: then this is its loss.
  const due = courierDueOf(shipment, told.status)
  if (due) await tellDue(tx, clock, { shipment, due, now })
  await tellMoved(tx, clock, { shipment, status: told.status, trackingEventId: trackingEventId! })
  return true
}

/** A courier that will not call a parcel off is taken to have it. */
async function noteInHand(tx: Tx, clock: Clock, pickup: ImpliedPickup): Promise<void> {
  const { id, status, picked } = pickup.shipment
  if (picked || isEnd(status)) return
  await savePickupGuessed(tx, id)
  await tellImpliedPickup(tx, clock, pickup)
}

/** The answer is newer than every scan that is known, whatever the clocks say. */
const notBefore = ({ statusAt }: Standing, now: Date): Date => (statusAt !== null && statusAt > now ? statusAt : now)
