import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { Booked, Booking } from '../courier/client.ts'
import { pickupPossibleIn, type Scan, type Standing } from '../domain/shipment.ts'
import type { Tx } from './database.ts'

/** A shipment as people see it. */
export interface ShipmentRow extends Standing {
  readonly id: string
  readonly orderId: string
  /** To the buyer, or back to the shop. */
  readonly direction: 'OUTBOUND' | 'RETURN'
  /** Whether the courier is only taken to have it, because it would not call it off. */
  readonly pickupGuessed: boolean
  /** The return that it brings back. */
  readonly returnId: string | null
  readonly buyerId: string
  readonly shopId: string
  readonly courierServiceId: string
  readonly shippingCost: bigint
  readonly weightGrams: number
  readonly originRegencyCode: string
  readonly destinationRegencyCode: string
  readonly trackingNumber: string | null
  readonly pickupRequestedAt: Date | null
  /** When the courier was first to be asked to call it off. */
  readonly cancelRequestedAt: Date | null
  /** How often the courier was called since it last answered. */
  readonly attempts: number
  readonly createdAt: Date
}

/** A shipment that waits for the courier's answer. */
export interface WaitingRow extends ShipmentRow {
  readonly booking: Booking
  readonly courierOrderId: string | null
}

const keys = {
  id: 'id',
  orderId: `direction = 'OUTBOUND' AND order_id`,
  returnOfOrder: `direction = 'RETURN' AND order_id`,
  trackingNumber: 'tracking_number',
} as const

const columns = `id, order_id AS "orderId", direction, return_id AS "returnId", buyer_id AS "buyerId", shop_id AS "shopId", courier_service_id AS "courierServiceId",
  shipping_cost AS "shippingCost", weight_grams AS "weightGrams", origin_regency_code AS "originRegencyCode",
  destination_regency_code AS "destinationRegencyCode", status, status_at AS "statusAt", picked, pickup_guessed AS "pickupGuessed", tracking_number AS "trackingNumber",
  pickup_requested_at AS "pickupRequestedAt", cancel_requested_at AS "cancelRequestedAt", attempts, created_at AS "createdAt"`

export const findShipments = (db: SqlSeam, ids: readonly string[]): Promise<ShipmentRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM shipment WHERE id = ${anyOf('$1::text[]')}`, ids)

export const findShipmentsOfOrders = (db: SqlSeam, orderIds: readonly string[]): Promise<ShipmentRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM shipment WHERE order_id = ${anyOf('$1::text[]')} ORDER BY id`, orderIds)

/** Locks a shipment's row, so that what happens to one parcel happens one after the other. */
export async function lockShipment(tx: SqlSeam, by: keyof typeof keys, value: string): Promise<ShipmentRow | undefined> {
  const query = `SELECT ${columns} FROM shipment WHERE ${keys[by]} = $1 FOR UPDATE`
  return (await tx.$queryRawUnsafe<ShipmentRow[]>(query, value))[0]
}

/** A shipment of an accepted order, or of a return. */
export type NewShipment = Pick<
  ShipmentRow,
  | 'id'
  | 'orderId'
  | 'direction'
  | 'returnId'
  | 'buyerId'
  | 'shopId'
  | 'courierServiceId'
  | 'shippingCost'
  | 'weightGrams'
  | 'originRegencyCode'
  | 'destinationRegencyCode'
> & { readonly booking: Booking; readonly now: Date }

/** An order has one shipment each way, however often it is told. */
export async function addShipment(tx: Tx, { booking, now, ...shipment }: NewShipment): Promise<void> {
  const waiting = { status: 'REQUESTED', nextTryAt: now, createdAt: now }
  const data = { ...shipment, ...waiting, booking: JSON.parse(JSON.stringify(booking)) as object }
  await tx.shipment.createMany({ data, skipDuplicates: true })
}

const lessen = `UPDATE shipment SET booking = jsonb_set(booking, '{items}', $2::jsonb)
  WHERE id = $1 AND $3 < (SELECT sum((item->>'quantity')::bigint) FROM jsonb_array_elements(booking->'items') item)`

/** Notes what is left of a parcel's contents: they only ever become less, so that of two tellings the lesser is the newer. */
export const saveLessContents = (tx: SqlSeam, id: string, contents: Booking['items']) => {
  const units = contents.reduce((sum, { quantity }) => sum + quantity, 0)
  return tx.$executeRawUnsafe(lessen, id, JSON.stringify(contents), units)
}

/** Work that waits for the courier. */
export type Errand = 'BOOKING' | 'PICKUP' | 'CANCELLATION' | 'TRACKING'

/** A courier that says anything more of a parcel than that it is booked need not be told any more to come for it. */
const waitsForPickup = `status = '${pickupPossibleIn}' AND pickup_requested_at IS NOT NULL AND pickup_sent_at IS NULL AND cancel_requested_at IS NULL`
const waitsForCancellation = `cancel_requested_at IS NOT NULL AND cancel_answered_at IS NULL`

/** Longer than couriers rest over a holiday's weekend without a scan. */
const silence = `interval '3 days'`
const isUnderWay = `courier_order_id IS NOT NULL AND status NOT IN ('REQUESTED', 'DELIVERED', 'RETURNED', 'LOST', 'CANCELLED')`

/** When each errand waits; $1 is now. */
const waits: Readonly<Record<Errand, string>> = {
  BOOKING: `status = 'REQUESTED' AND NOT (${waitsForCancellation})`,
  PICKUP: waitsForPickup,
  CANCELLATION: waitsForCancellation,
  TRACKING: `${isUnderWay} AND coalesce(status_at, created_at) <= $1::timestamptz - ${silence}
    AND NOT (${waitsForPickup}) AND NOT (${waitsForCancellation})`,
}

/** Takes errands that are due until `again`: no two replicas run the same errand at once, and one of a process that died is due then. */
export const claimErrands = (
  db: SqlSeam,
  errand: Errand,
  { now, again, atMost }: { now: Date; again: Date; atMost: number },
): Promise<WaitingRow[]> =>
  db.$queryRawUnsafe(
    `UPDATE shipment SET attempts = attempts + 1, next_try_at = $3
     WHERE id IN (SELECT id FROM shipment WHERE ${waits[errand]} AND next_try_at <= $1 ORDER BY next_try_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING ${columns}, booking, courier_order_id AS "courierOrderId"`,
    now,
    atMost,
    again,
  )

/** Puts an errand off, unless somebody else has taken it since, or another errand of the same parcel goes before it. */
export const putErrandOff = (
  db: SqlSeam,
  errand: Errand,
  { id, attempts, now, pauseMs }: Pick<WaitingRow, 'id' | 'attempts'> & { readonly now: Date; readonly pauseMs: number },
) =>
  db.$executeRawUnsafe(
    `UPDATE shipment SET next_try_at = $1::timestamptz + $4::int * interval '1 millisecond'
     WHERE id = $2 AND attempts = $3 AND ${waits[errand]}`,
    now,
    id,
    attempts,
    pauseMs,
  )

/** Keeps what the courier answered; false when another replica was quicker. */
export const saveBooked = async (tx: Tx, id: string, { booked, now }: { booked: Booked; now: Date }): Promise<boolean> => {
  const data = { ...booked, status: 'CONFIRMED', attempts: 0, nextTryAt: now }
  return (await tx.shipment.updateMany({ where: { id, status: 'REQUESTED' }, data })).count === 1
}

export const savePickupSent = async (db: Tx, id: string, now: Date): Promise<boolean> =>
  (await db.shipment.updateMany({ where: { id, pickupSentAt: null }, data: { pickupSentAt: now, attempts: 0 } })).count === 1

/** Asks for a pickup if none was asked for, the parcel still waits for one, and its order is not cancelled. */
export const savePickupRequested = async (tx: Tx, ask: { id: string; now: Date; status: string }): Promise<boolean> => {
  const where = { id: ask.id, status: ask.status, pickupRequestedAt: null, cancelRequestedAt: null }
  return (
    (await tx.shipment.updateMany({ where, data: { pickupRequestedAt: ask.now, nextTryAt: ask.now, attempts: 0 } })).count === 1
  )
}

/** Notes that the courier has had a parcel in hand, whatever it says of it now. */
export const savePicked = (tx: Tx, id: string) =>
  tx.shipment.update({ where: { id }, data: { picked: true, pickupGuessed: false } })

/** Notes that the courier would not call a parcel off, and is taken to have it until it says so itself. */
export const savePickupGuessed = (tx: Tx, id: string) =>
  tx.shipment.update({ where: { id }, data: { picked: true, pickupGuessed: true } })

export const saveStatus = (
  tx: Tx,
  id: string,
  standing: Pick<ShipmentRow, 'picked' | 'pickupGuessed'> & { status: Scan; statusAt: Date },
) => tx.shipment.update({ where: { id }, data: standing })
