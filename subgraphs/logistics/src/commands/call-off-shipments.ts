import type { LogisticsDeps } from '../context.ts'
import type { CancelAnswer } from '../courier/client.ts'
import { decide, type Standing } from '../domain/shipment.ts'
import { tellCalledOff, tellMoved } from '../shipment-events.ts'
import { saveCancelAnswered } from '../store/cancellations.ts'
import type { Tx } from '../store/client.ts'
import { lockShipment, saveStatus } from '../store/shipments.ts'
import { addTracking } from '../store/tracking.ts'
import { runErrands } from './run-errands.ts'

/** Asks the courier to call off what it has booked of cancelled orders: a courier that is down is asked again. */
export const callOffShipments = (deps: LogisticsDeps): Promise<number> =>
  runErrands(deps, 'CANCELLATION', async ({ id, courierOrderId }) => {
    // The courier knows a booking whose answer was lost by the shipment's id.
    const orderAtCourier = courierOrderId ?? id
    const answer = await deps.courier.cancel(orderAtCourier)
    return deps.transaction((tx) => keep(deps, tx, { id, orderAtCourier, answer }))
  })

interface Answered {
  readonly id: string
  readonly orderAtCourier: string
  readonly answer: CancelAnswer
}

/** The table decides what the courier's yes means by now: it may have fetched the parcel, or told of the end, meanwhile. */
async function keep(deps: LogisticsDeps, tx: Tx, { id, orderAtCourier, answer }: Answered): Promise<boolean> {
  const now = deps.clock.now()
  const shipment = await lockShipment(tx, 'id', id)
  if (!shipment || !(await saveCancelAnswered(tx, id, now))) return false
  const told = { status: 'CANCELLED', occurredAt: notBefore(shipment, now) } as const
  const outcome = answer.isCancelled ? decide(shipment, told) : 'REFUSED'
  const word = { shipmentId: id, courierEventId: `cancel:${orderAtCourier}`, location: null, note: answer.note, outcome, now }
  const trackingEventId = await addTracking(tx, { ...word, ...told })
  if (!answer.isCancelled) deps.log.warn({ shipmentId: id, status: shipment.status }, 'the courier brings a cancelled order')
  if (outcome !== 'APPLIED') {
    if (shipment.direction === 'OUTBOUND')
      await tellCalledOff(deps, tx, { order: shipment, stopped: shipment.status === 'CANCELLED' })
    return true
  }
  await saveStatus(tx, id, { status: told.status, statusAt: told.occurredAt, picked: shipment.picked })
  await tellMoved(deps, tx, { shipment, status: told.status, trackingEventId: trackingEventId! })
  return true
}

/** The answer is newer than every scan that is known, whatever the clocks say. */
const notBefore = ({ statusAt }: Standing, now: Date): Date => (statusAt !== null && statusAt > now ? statusAt : now)
