import type { EventOf, EventPayloads } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { contentsOf } from '../contents.ts'
import { quote } from '../domain/rates.ts'
import { isCalledOff, lockOrder } from '../store/cancellations.ts'
import type { Tx } from '../store/database.ts'
import { findServices } from '../store/couriers.ts'
import { addShipment } from '../store/shipments.ts'

/** A return that the seller agreed to gets a parcel back to the shop, unless its end was quicker; the worker books it. */
export async function createReturn(tx: Tx, clock: Clock, { payload }: EventOf<'ReturnApproved'>): Promise<void> {
  const { returnId, orderId, buyerId, shopId, courierServiceId, weightGrams, origin, destination, lines } = payload
  await lockOrder(tx, orderId)
  if (await isCalledOff(tx, { orderId, direction: 'RETURN' })) return
  await addShipment(tx, {
    id: newId('shipment'),
    direction: 'RETURN',
    returnId,
    orderId,
    buyerId,
    shopId,
    courierServiceId,
    shippingCost: await costOfWayBack(tx, payload),
    weightGrams,
    originRegencyCode: origin.regencyCode,
    destinationRegencyCode: destination.regencyCode,
    booking: { origin, destination, items: contentsOf(lines) },
    now: clock.now(),
  })
}

/** What the courier asks for what is sent back; as much as for the way to the buyer where that is not known, or not offered any more. */
async function costOfWayBack(tx: Tx, approved: EventPayloads['ReturnApproved']): Promise<Minor> {
  const { courierServiceId, shippingCost, weightGrams, volumeCubicCm, origin, destination } = approved
  const before = minorUnits(shippingCost)
  const service = (await findServices(tx)).find(({ id }) => id === courierServiceId)
  if (volumeCubicCm === undefined || !service) return before
  const ends = { originRegencyCode: origin.regencyCode, destinationRegencyCode: destination.regencyCode }
  const offer = quote(service, { ...ends, weightGrams, volumeCubicCm })
  return typeof offer === 'string' ? before : offer.cost
}
