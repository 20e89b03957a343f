import type { EventOf } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { minorUnits } from '@pasar/shared/money'
import { addShipment } from '../store/shipments.ts'
import type { Tx } from '../store/client.ts'

/** An accepted order gets its shipment; the worker books it. */
export function createShipment(tx: Tx, clock: Clock, { payload }: EventOf<'OrderAccepted'>): Promise<void> {
  const { orderId, buyerId, shopId, courierServiceId, shippingCost, weightGrams, origin, destination, lines } = payload
  const items = lines.map(({ title, quantity, unitPrice }) => ({ name: title, quantity, value: unitPrice }))
  return addShipment(tx, {
    id: newId('shipment'),
    orderId,
    buyerId,
    shopId,
    courierServiceId,
    shippingCost: minorUnits(shippingCost),
    weightGrams,
    originRegencyCode: origin.regencyCode,
    destinationRegencyCode: destination.regencyCode,
    booking: { origin, destination, items },
    now: clock.now(),
  })
}
