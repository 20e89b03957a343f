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

/** Marks the units of variants as put back and returns those that were not yet: each unit goes back once. */
export async function claimRestock(
  tx: SqlSeam,
  {
    reservationId,
    variantIds,
    now,
  }: { readonly reservationId: string; readonly variantIds: readonly string[] | null; readonly now: Date },
): Promise<Allocation[]> {
  const rows = await tx.$queryRawUnsafe<Allocation[]>(
    `UPDATE reservation_allocation SET restocked_at = $3
     WHERE reservation_id = $1 AND restocked_at IS NULL AND ($2::text[] IS NULL OR variant_id = ANY($2::text[]))
     RETURNING variant_id AS "variantId", warehouse_id AS "warehouseId", quantity`,
    reservationId,
    variantIds,
    now,
  )
  return rows.toSorted((a, b) => (a.variantId + a.warehouseId < b.variantId + b.warehouseId ? -1 : 1))
}

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
