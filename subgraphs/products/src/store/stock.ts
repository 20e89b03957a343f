import { newId } from '@pasar/shared/ids'
import type { Page } from '@pasar/shared/page'
import type { SqlSeam } from '@pasar/shared/transaction'
import type { Allocation, Spare } from '../domain/allocation.ts'
import type { Level, MovementKind } from '../domain/stock.ts'
import { afterSql, cursorSql, orderSql, Values, type Order, type Placed } from './keyset.ts'

/** Units of a variant in a warehouse. */
export interface StockRow extends Level {
  readonly variantId: string
  readonly warehouseId: string
}

/** Stock of variants by warehouse. */
export const findStock = (db: SqlSeam, variantIds: readonly string[]): Promise<StockRow[]> =>
  db.$queryRawUnsafe(
    `SELECT variant_id AS "variantId", warehouse_id AS "warehouseId", on_hand AS "onHand", reserved FROM stock
     WHERE variant_id = ANY($1::text[]) ORDER BY variant_id, warehouse_id`,
    variantIds,
  )

/** What the warehouses can give of variants; the rows stay locked, always in the same order, so that two checkouts never block each other. */
export const lockSpare = (tx: SqlSeam, variantIds: readonly string[]): Promise<Spare[]> =>
  tx.$queryRawUnsafe(
    `SELECT variant_id AS "variantId", warehouse_id AS "warehouseId", on_hand - reserved AS available FROM stock
     WHERE variant_id = ANY($1::text[]) ORDER BY variant_id, warehouse_id FOR UPDATE`,
    variantIds,
  )

/** The level of one variant in one warehouse, locked; a row is made where there was none. */
export async function lockLevel(tx: SqlSeam, variantId: string, warehouseId: string): Promise<Level> {
  await tx.$executeRawUnsafe(
    `INSERT INTO stock (variant_id, warehouse_id, on_hand, reserved) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING`,
    variantId,
    warehouseId,
  )
  const sql = `SELECT on_hand AS "onHand", reserved FROM stock WHERE variant_id = $1 AND warehouse_id = $2 FOR UPDATE`
  const [level] = await tx.$queryRawUnsafe<Level[]>(sql, variantId, warehouseId)
  return level!
}

/** Sets the level unless checkouts hold more than that; says whether it did. */
export const setOnHand = async (tx: SqlSeam, at: Omit<StockRow, 'reserved'>): Promise<boolean> =>
  (await tx.$executeRawUnsafe(
    `UPDATE stock SET on_hand = $3 WHERE variant_id = $1 AND warehouse_id = $2 AND reserved <= $3`,
    at.variantId,
    at.warehouseId,
    at.onHand,
  )) === 1

const parts = `FROM jsonb_to_recordset($1::jsonb) AS part ("variantId" text, "warehouseId" text, quantity integer)
  WHERE stock.variant_id = part."variantId" AND stock.warehouse_id = part."warehouseId"`

/** Sends a change of all allocations as one statement; throws unless every one of them could be made, which rolls back. */
async function change(tx: SqlSeam, sql: string, allocations: readonly Allocation[]): Promise<void> {
  const changed = await tx.$executeRawUnsafe(sql, JSON.stringify(allocations))
  if (changed !== allocations.length) throw new Error(`stock changed for ${changed} of ${allocations.length} allocations`)
}

/** Holds units for a checkout: check and change are one statement. */
export const hold = (tx: SqlSeam, allocations: readonly Allocation[]) =>
  change(tx, `UPDATE stock SET reserved = reserved + quantity ${parts} AND on_hand - reserved >= quantity`, allocations)

/** Gives held units back. */
export const letGo = (tx: SqlSeam, allocations: readonly Allocation[]) =>
  change(tx, `UPDATE stock SET reserved = reserved - quantity ${parts} AND reserved >= quantity`, allocations)

/** Takes held units out of stock. */
export const takeOut = (tx: SqlSeam, allocations: readonly Allocation[]) =>
  change(
    tx,
    `UPDATE stock SET on_hand = on_hand - quantity, reserved = reserved - quantity ${parts} AND reserved >= quantity`,
    allocations,
  )

/** Puts sold units back. */
export const putBack = (tx: SqlSeam, allocations: readonly Allocation[]) =>
  change(tx, `UPDATE stock SET on_hand = on_hand + quantity ${parts}`, allocations)

/** A movement to write down. */
export interface NewMovement {
  readonly variantId: string
  readonly warehouseId: string
  readonly delta: number
}

/** What movements of one act have in common. */
export interface MovementAct {
  readonly kind: MovementKind
  readonly actor: string
  readonly occurredAt: Date
  /** What caused it; the same cause moves the same units once. */
  readonly reference?: string | undefined
  readonly note?: string | undefined
}

/** Writes movements down, with the level that the stock has now. */
export async function recordMovements(tx: SqlSeam, act: MovementAct, movements: readonly NewMovement[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO stock_movement (id, variant_id, warehouse_id, kind, delta, on_hand_after, reference, note, actor, occurred_at)
     SELECT m.id, s.variant_id, s.warehouse_id, $2, m.delta, s.on_hand, $3, $4, $5, $6
     FROM jsonb_to_recordset($1::jsonb) AS m (id text, "variantId" text, "warehouseId" text, delta integer)
     JOIN stock s ON s.variant_id = m."variantId" AND s.warehouse_id = m."warehouseId"`,
    JSON.stringify(movements.map((movement) => ({ ...movement, id: newId('movement') }))),
    act.kind,
    act.reference ?? null,
    act.note ?? null,
    act.actor,
    act.occurredAt,
  )
}

/** A movement as it is kept. */
export interface MovementRow {
  readonly id: string
  readonly variantId: string
  readonly warehouseId: string
  readonly kind: MovementKind
  readonly delta: number
  readonly onHandAfter: number
  readonly note: string | null
  readonly occurredAt: Date
}

const newestFirst: Order = {
  descending: true,
  columns: [
    { sql: 'm.occurred_at', kind: 'time' },
    { sql: 'm.id', kind: 'text' },
  ],
}

/** One page (and one row more) of the movements of each variant. */
export function listMovements(db: SqlSeam, variantIds: readonly string[], page: Page): Promise<Placed<MovementRow>[]> {
  const values = new Values()
  const variants = values.add(variantIds, 'text[]')
  const rows = `SELECT m.id, m.variant_id AS "variantId", m.warehouse_id AS "warehouseId", m.kind, m.delta, m.on_hand_after AS "onHandAfter",
      m.note, m.occurred_at AS "occurredAt", ${cursorSql(newestFirst)}
    FROM stock_movement m WHERE m.variant_id = variant.id AND ${afterSql(newestFirst, page.after, values)}
    ORDER BY ${orderSql(newestFirst)} LIMIT ${values.add(page.first + 1, 'bigint')}`
  return db.$queryRawUnsafe(
    `SELECT row.* FROM unnest(${variants}) AS variant (id) CROSS JOIN LATERAL (${rows}) AS row`,
    ...values.list,
  )
}
