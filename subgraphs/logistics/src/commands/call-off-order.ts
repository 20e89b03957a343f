import type { EventOf } from '@pasar/schema/events'
import type { OrderRef } from '@pasar/schema/events/orders'
import type { LogisticsDeps } from '../context.ts'
import { cancellationOf } from '../domain/shipment.ts'
import { tellCalledOff } from '../shipment-events.ts'
import { addCancelledOrder, lockOrder, saveCancelRequested } from '../store/cancellations.ts'
import type { Tx } from '../store/client.ts'
import { lockShipment } from '../store/shipments.ts'
import { cancelUnbooked } from './cancel-shipment.ts'

type Deps = Pick<LogisticsDeps, 'clock'>

/** An accepted order shall end before it is sent: its parcel is stopped, unless the courier has it, and orders hears which. */
export async function callOffOrder(deps: Deps, tx: Tx, { payload }: EventOf<'OrderCallingOff'>): Promise<void> {
  const { orderId } = payload
  await lockOrder(tx, orderId)
  const shipment = await lockShipment(tx, 'orderId', orderId)
  if (!shipment) return forget(deps, tx, payload)
  const cancellation = cancellationOf(shipment)
  // Orders hears of the end from the parcel itself.
  if (cancellation === 'AT_ONCE') return cancelUnbooked(deps, tx, shipment)
  if (cancellation === 'AT_COURIER') return void (await saveCancelRequested(tx, shipment.id, deps.clock.now()))
  await tellCalledOff(deps, tx, { order: payload, stopped: shipment.status === 'CANCELLED' })
}

/** Its acceptance has not been heard of yet: there will be no parcel. */
async function forget(deps: Deps, tx: Tx, order: OrderRef): Promise<void> {
  await addCancelledOrder(tx, order.orderId, deps.clock.now())
  await tellCalledOff(deps, tx, { order, stopped: true })
}
