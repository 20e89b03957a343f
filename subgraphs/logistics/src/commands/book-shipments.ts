import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/events/outbox'
import type { LogisticsDeps } from '../context.ts'
import { saveBookedTooLate } from '../store/cancellations.ts'
import { saveBooked, type WaitingRow } from '../store/shipments.ts'
import { addTracking } from '../store/tracking.ts'
import type { Tx } from '../store/database.ts'
import type { Booked } from '../courier/client.ts'
import { runErrands } from './run-errands.ts'

/** Books every shipment that is not booked yet: a courier that is down only delays. */
export const bookShipments = (deps: LogisticsDeps): Promise<number> =>
  runErrands(deps, 'BOOKING', {
    // The courier knows the shipment's id, so a lost answer is asked for again.
    ask: ({ id, courierServiceId, weightGrams, booking }) =>
      deps.courier.book({ shipmentId: id, courierServiceId, weightGrams, ...booking }),
    keep: (tx, shipment, booked) => keep(tx, deps.clock, { shipment, booked }),
  })

async function keep(tx: Tx, clock: Clock, { shipment, booked }: { shipment: WaitingRow; booked: Booked }): Promise<boolean> {
  const { id, orderId, buyerId, shopId, returnId } = shipment
  const now = clock.now()
  if (!(await saveBooked(tx, id, { booked, now }))) return saveBookedTooLate(tx, id, { booked, now })
  const told = { location: null, note: null, occurredAt: now, now, courierEventId: `booked:${booked.courierOrderId}` }
  await addTracking(tx, { shipmentId: id, status: 'CONFIRMED', outcome: 'APPLIED', ...told })
  const payload = { shipmentId: id, orderId, buyerId, shopId, returnId, trackingNumber: booked.trackingNumber }
  await enqueue(tx, clock, { type: 'ShipmentBooked', aggregateId: id, keys: [orderId, shopId], payload })
  return true
}
