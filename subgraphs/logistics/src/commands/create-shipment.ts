import type { EventOf } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { minorUnits } from '@pasar/shared/money'
import { contentsOf } from '../contents.ts'
import { isCalledOff, lockOrder } from '../store/cancellations.ts'
import type { Tx } from '../store/database.ts'
import { addShipment } from '../store/shipments.ts'

/** An accepted order gets its shipment, unless its cancellation was quicker; the worker books it. */
export async function createShipment(tx: Tx, clock: Clock, { payload }: EventOf<'OrderAccepted'>): Promise<void> {
  const { orderId, buyerId, shopId, courierServiceId, shippingCost, weightGrams, origin, destination, lines } = payload
  await lockOrder(tx, orderId)
  if (await isCalledOff(tx, { orderId, direction: 'OUTBOUND' })) return
  await addShipment(tx, {
    id: newId('shipment'),
    direction: 'OUTBOUND',
    returnId: null,
    orderId,
    buyerId,
    shopId,
    courierServiceId,
    shippingCost: minorUnits(shippingCost),
    weightGrams,
    originRegencyCode: origin.regencyCode,
    destinationRegencyCode: destination.regencyCode,
    booking: { origin, destination, items: contentsOf(lines) },
    now: clock.now(),
  })
}
