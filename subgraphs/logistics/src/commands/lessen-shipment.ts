import type { EventOf } from '@pasar/schema/events'
import { contentsOf } from '../contents.ts'
import { isCalledOff, lockOrder } from '../store/cancellations.ts'
import type { Tx } from '../store/database.ts'
import { lockShipment, saveLessContents } from '../store/shipments.ts'

/** Units of an accepted order were cancelled: its parcel has less in it, and is worth less should the courier lose it. */
export async function lessenShipment(tx: Tx, { payload }: EventOf<'RefundDecided'>): Promise<void> {
  const { orderId, toSend } = payload
  if (!toSend) return
  await lockOrder(tx, orderId)
  const shipment = await lockShipment(tx, 'orderId', orderId)
  if (shipment) return void (await saveLessContents(tx, shipment.id, contentsOf(toSend)))
  // Its acceptance was told before; should it be heard of later, this event is handed over again.
  if (!(await isCalledOff(tx, { orderId, direction: 'OUTBOUND' }))) throw new Error(`there is no parcel of order ${orderId} yet`)
}
