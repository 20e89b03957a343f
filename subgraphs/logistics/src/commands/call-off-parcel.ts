import type { OrderRef } from '@pasar/schema/events/orders'
import type { Clock } from '@pasar/shared/clock'
import { cancellationOf } from '../domain/shipment.ts'
import { tellCalledOff } from '../shipment-events.ts'
import { addCalledOff, lockOrder, saveCancelRequested } from '../store/cancellations.ts'
import type { Tx } from '../store/database.ts'
import { lockShipment, type ShipmentRow } from '../store/shipments.ts'
import { cancelUnbooked } from './cancel-shipment.ts'

/** The parcel of an order to its buyer, or that of a return. */
type Wanted = Omit<OrderRef, 'checkoutId'> & Pick<ShipmentRow, 'direction' | 'returnId'>

const keys = { OUTBOUND: 'orderId', RETURN: 'returnOfOrder' } as const

/** An accepted order, or a return, shall end before it is sent: its parcel is stopped, unless the courier has it, and orders hears which. */
export async function callOffParcel(tx: Tx, clock: Clock, parcel: Wanted): Promise<void> {
  await lockOrder(tx, parcel.orderId)
  const shipment = await lockShipment(tx, keys[parcel.direction], parcel.orderId)
  if (!shipment) return forget(tx, clock, parcel)
  const cancellation = cancellationOf(shipment)
  // Orders hears of the end from the parcel itself.
  if (cancellation === 'AT_ONCE' && !mayBeBooked(shipment)) return cancelUnbooked(tx, clock, shipment)
  if (cancellation !== 'NONE') return void (await saveCancelRequested(tx, shipment, clock.now()))
  await tellCalledOff(tx, clock, shipment)
}

/** The courier may have what it has never answered for: no money goes back before it says. A return of which nobody has a number lies with its buyer. */
const mayBeBooked = ({ direction, attempts }: ShipmentRow) => direction === 'OUTBOUND' && attempts > 0

/** It has not been heard of yet: there will be no parcel. */
async function forget(tx: Tx, clock: Clock, parcel: Wanted): Promise<void> {
  await addCalledOff(tx, parcel, clock.now())
  await tellCalledOff(tx, clock, parcel)
}
