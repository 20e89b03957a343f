import type { Id } from '@pasar/shared/ids'
import type { SqlSeam } from '@pasar/shared/transaction'
import type { Allocation } from '../domain/allocation.ts'
import type { ReservationState } from '../domain/reservation.ts'

/** A reservation as it is kept. */
export interface ReservationRow {
  readonly id: string
  readonly checkoutId: string
  readonly state: ReservationState
  readonly expiresAt: Date | null
}

const columns = `id, checkout_id AS "checkoutId", state, expires_at AS "expiresAt"`

/** A reservation to put down. */
export interface NewReservation extends ReservationRow {
  readonly id: Id<'reservation'>
  readonly createdAt: Date
}

/** Puts a reservation down unless its checkout has one; says whether it did. */
export const insertReservation = async (tx: SqlSeam, row: NewReservation): Promise<boolean> =>
  (await tx.$executeRawUnsafe(
    `INSERT INTO reservation (id, checkout_id, state, expires_at, created_at) VALUES ($1, $2, $3, $4::timestamptz, $5)
     ON CONFLICT (checkout_id) DO NOTHING`,
    row.id,
    row.checkoutId,
    row.state,
    row.expiresAt,
    row.createdAt,
  )) === 1

/** The reservation of a checkout. */
export async function findReservation(db: SqlSeam, checkoutId: string): Promise<ReservationRow | undefined> {
  const [row] = await db.$queryRawUnsafe<ReservationRow[]>(
    `SELECT ${columns} FROM reservation WHERE checkout_id = $1`,
    checkoutId,
  )
  return row
}

/** The reservation of a checkout, locked: whoever changes it next waits. */
export async function lockReservation(tx: SqlSeam, checkoutId: string): Promise<ReservationRow | undefined> {
  const sql = `SELECT ${columns} FROM reservation WHERE checkout_id = $1 FOR UPDATE`
  const [row] = await tx.$queryRawUnsafe<ReservationRow[]>(sql, checkoutId)
  return row
}

/** Held reservations whose time is up, locked; those that another replica works on are left to it. */
export const lockExpired = (tx: SqlSeam, now: Date, most: number): Promise<ReservationRow[]> =>
  tx.$queryRawUnsafe(
    `SELECT ${columns} FROM reservation WHERE state = 'HELD' AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2::bigint
     FOR UPDATE SKIP LOCKED`,
    now,
    most,
  )

/** Moves reservations from one state to another; says how many there were in it. */
export const moveReservations = (
  tx: SqlSeam,
  ids: readonly string[],
  { from, to }: { readonly from: ReservationState; readonly to: ReservationState },
): Promise<number> =>
  tx.$executeRawUnsafe(`UPDATE reservation SET state = $3 WHERE id = ANY($1::text[]) AND state = $2`, ids, from, to)

/** Writes down where the units of a reservation come from. */
export const insertAllocations = (tx: SqlSeam, reservationId: string, allocations: readonly Allocation[]): Promise<number> =>
  tx.$executeRawUnsafe(
    `INSERT INTO reservation_allocation (reservation_id, variant_id, warehouse_id, quantity)
     SELECT $2, "variantId", "warehouseId", quantity
     FROM jsonb_to_recordset($1::jsonb) AS part ("variantId" text, "warehouseId" text, quantity integer)`,
    JSON.stringify(allocations),
    reservationId,
  )

/** Units of reservations by variant and warehouse, summed, in the order in which stock is locked. */
export const findAllocations = (db: SqlSeam, reservationIds: readonly string[]): Promise<Allocation[]> =>
  db.$queryRawUnsafe(
    `SELECT variant_id AS "variantId", warehouse_id AS "warehouseId", sum(quantity)::integer AS quantity FROM reservation_allocation
     WHERE reservation_id = ANY($1::text[]) GROUP BY 1, 2 ORDER BY 1, 2`,
    reservationIds,
  )

/** Units of a variant to put back; all that are left of it where no number is said. */
export interface UnitsBack {
  readonly variantId: string
  readonly quantity?: number
}

/** Counts units as put back and returns where they go; what was put back before stays out of it. The reservation must be locked. */
export const claimRestock = (
  tx: SqlSeam,
  {
    reservationId,
    units,
    now,
  }: { readonly reservationId: string; readonly units: readonly UnitsBack[] | null; readonly now: Date },
): Promise<Allocation[]> => tx.$queryRawUnsafe<Allocation[]>(claim, reservationId, units && JSON.stringify(units), now)

/** Of each variant the warehouses are filled in the order of their ids, up to the wanted number. */
const claim = `WITH open AS (
    SELECT variant_id, warehouse_id, quantity - restocked AS units,
      sum(quantity - restocked) OVER (PARTITION BY variant_id ORDER BY warehouse_id) - (quantity - restocked) AS before
    FROM reservation_allocation WHERE reservation_id = $1),
  wanted AS (SELECT "variantId" AS variant_id, quantity FROM jsonb_to_recordset($2::jsonb) AS line ("variantId" text, quantity integer)),
  part AS (
    SELECT open.variant_id, warehouse_id, least(units, coalesce(quantity - before, units))::integer AS units
    FROM open LEFT JOIN wanted USING (variant_id) WHERE $2::jsonb IS NULL OR wanted.variant_id IS NOT NULL),
  claimed AS (
    UPDATE reservation_allocation a SET restocked = restocked + units, restocked_at = $3
    FROM part WHERE a.reservation_id = $1 AND a.variant_id = part.variant_id AND a.warehouse_id = part.warehouse_id AND units > 0
    RETURNING a.variant_id AS "variantId", a.warehouse_id AS "warehouseId", units AS quantity)
  SELECT * FROM claimed ORDER BY "variantId", "warehouseId"`

/** Adds to (or takes from) the number of units sold of the products of variants. */
export const countSold = (tx: SqlSeam, allocations: readonly Allocation[], sign: 1 | -1): Promise<number> =>
  tx.$executeRawUnsafe(
    `WITH sold AS (
       SELECT v.product_id AS id, sum(part.quantity)::integer * $2::integer AS units
       FROM jsonb_to_recordset($1::jsonb) AS part ("variantId" text, quantity integer) JOIN variant v ON v.id = part."variantId" GROUP BY 1),
     locked AS (SELECT p.id FROM product p JOIN sold USING (id) ORDER BY p.id FOR NO KEY UPDATE OF p)
     UPDATE product p SET sold_count = greatest(0, p.sold_count + sold.units) FROM sold JOIN locked USING (id) WHERE p.id = sold.id`,
    JSON.stringify(allocations),
    sign,
  )
