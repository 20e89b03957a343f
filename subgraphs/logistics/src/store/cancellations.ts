import { lockName } from '@pasar/shared/postgres/seam'
import type { Booked } from '../courier/client.ts'
import type { Tx } from './database.ts'
import type { ShipmentRow } from './shipments.ts'

/** Holds everything else about an order until the transaction ends, also while it has no shipment yet. */
export const lockOrder = (tx: Tx, orderId: string) => lockName(tx, orderId)

/** The one parcel of an order that goes one way. */
type OneWay = Pick<ShipmentRow, 'orderId' | 'direction'>

/** Remembers that a parcel which is not heard of yet shall not be sent. */
export const addCalledOff = (tx: Tx, { orderId, direction }: OneWay, now: Date) =>
  tx.calledOffParcel.createMany({ data: { orderId, direction, calledOffAt: now }, skipDuplicates: true })

export const isCalledOff = async (tx: Tx, { orderId, direction }: OneWay): Promise<boolean> =>
  (await tx.calledOffParcel.count({ where: { orderId, direction } })) > 0

/**
 * Ends a shipment that is not booked. Where a booking was tried, its answer may be lost or on its way: the courier is asked to call that
 * off, not before the try's lease ends.
 */
export const saveCancelledUnbooked = (tx: Tx, id: string, now: Date) =>
  tx.$executeRawUnsafe(
    `UPDATE shipment SET status = 'CANCELLED', cancel_requested_at = CASE WHEN attempts > 0 THEN $2::timestamptz END, attempts = 0
     WHERE id = $1 AND status = 'REQUESTED'`,
    id,
    now,
  )

/** Asks the courier, once, to call a parcel off; one whose booking was tried, not before the try's lease ends. */
export const saveCancelRequested = (tx: Tx, { id, status }: Pick<ShipmentRow, 'id' | 'status'>, now: Date) =>
  tx.shipment.updateMany({
    where: { id, cancelRequestedAt: null },
    data: { cancelRequestedAt: now, ...(status !== 'REQUESTED' && { attempts: 0, nextTryAt: now }) },
  })

/** Keeps a booking whose answer came after its order was cancelled, for the courier to call off. */
export const saveBookedTooLate = async (tx: Tx, id: string, { booked, now }: { booked: Booked; now: Date }): Promise<boolean> => {
  const data = { ...booked, cancelRequestedAt: now, cancelAnsweredAt: null, attempts: 0, nextTryAt: now }
  return (await tx.shipment.updateMany({ where: { id, status: 'CANCELLED', courierOrderId: null }, data })).count === 1
}

/** Notes that the courier has answered; false when another replica was quicker. */
export const saveCancelAnswered = async (tx: Tx, id: string, now: Date): Promise<boolean> =>
  (await tx.shipment.updateMany({ where: { id, cancelAnsweredAt: null }, data: { cancelAnsweredAt: now, attempts: 0 } }))
    .count === 1
