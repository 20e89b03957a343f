import type { EventOf } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { minorUnits } from '@pasar/shared/money'
import type { LogisticsDeps } from '../context.ts'
import { cancellationOf } from '../domain/shipment.ts'
import { lockOrder, saveCancelRequested } from '../store/cancellations.ts'
import type { Tx } from '../store/client.ts'
import { addShipment, lockShipment } from '../store/shipments.ts'
import { cancelUnbooked } from './cancel-shipment.ts'

/** A return that the seller agreed to gets a parcel back to the shop; the worker books it. */
export async function createReturn(tx: Tx, clock: Clock, { payload }: EventOf<'ReturnApproved'>): Promise<void> {
  const { returnId, orderId, buyerId, shopId, courierServiceId, shippingCost, weightGrams, origin, destination, lines } = payload
  await lockOrder(tx, orderId)
  const items = lines.map(({ title, quantity, unitPrice }) => ({ name: title, quantity, value: unitPrice }))
  await addShipment(tx, {
    id: newId('shipment'),
    direction: 'RETURN',
    returnId,
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

/** The buyer keeps the goods after all: nobody fetches them. */
export async function dropReturn(deps: Pick<LogisticsDeps, 'clock'>, tx: Tx, orderId: string): Promise<void> {
  await lockOrder(tx, orderId)
  const shipment = await lockShipment(tx, 'returnOfOrder', orderId)
  if (!shipment) return
  const cancellation = cancellationOf(shipment)
  if (cancellation === 'AT_ONCE') await cancelUnbooked(deps, tx, shipment)
  if (cancellation === 'AT_COURIER') await saveCancelRequested(tx, shipment.id, deps.clock.now())
}
