import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/events/outbox'
import type { CourierDue } from '../domain/shipment.ts'
import { addClaim, courierOfService } from '../store/claims.ts'
import type { Tx } from '../store/database.ts'
import type { ShipmentRow } from '../store/shipments.ts'

/** What became of a parcel that its courier is owed something for, or owes something for. */
interface Arisen {
  readonly shipment: ShipmentRow
  readonly due: CourierDue
  readonly now: Date
}

/** Tells payments, who keep the books, what a courier has earned or owes; what a parcel was worth that is lost is noted here, too. */
export async function tellDue(tx: Tx, clock: Clock, { shipment, due, now }: Arisen): Promise<void> {
  const { id, orderId, buyerId, shopId, returnId, shippingCost, courierServiceId } = shipment
  const goods = due === 'LOST' ? await addClaim(tx, id, now) : 0n
  const payload = {
    shipmentId: id,
    orderId,
    buyerId,
    shopId,
    returnId,
    courierId: await courierOfService(tx, courierServiceId),
    trackingNumber: shipment.trackingNumber ?? id,
    kind: due,
    goodsAmount: Number(goods),
    shippingAmount: Number(shippingCost),
  }
  await enqueue(tx, clock, { type: 'CourierDueArose', aggregateId: id, keys: [orderId, shopId], payload })
}
