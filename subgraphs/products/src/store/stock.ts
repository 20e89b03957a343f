import { newId } from '@pasar/shared/ids'
import { listOfEach, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Reads, SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { Level, MovementKind } from '../domain/stock.ts'
import { readySql } from './available.ts'

/** Units of a variant in a warehouse. */
export interface StockRow extends Level {
  readonly variantId: string
  readonly warehouseId: string
}

/** Stock of variants by warehouse; units that lie ready are not what checkouts hold. */
export const findStock = (db: Reads, variantIds: readonly string[]): Promise<StockRow[]> =>
  db.$queryRawUnsafe(
    `SELECT s.variant_id AS "variantId", s.warehouse_id AS "warehouseId", s.on_hand AS "onHand", (s.reserved - ${readySql})::integer AS reserved
     FROM stock s WHERE s.variant_id = ${anyOf('$1::text[]')} ORDER BY s.variant_id, s.warehouse_id`,
    variantIds,
  )

/** The level of one variant in one warehouse, locked; a row is made where there was none. */
export async function lockLevel(tx: SqlSeam, variantId: string, warehouseId: string): Promise<Level> {
  await tx.$executeRawUnsafe(
    `INSERT INTO stock (variant_id, warehouse_id, on_hand, reserved) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING`,
    variantId,
    warehouseId,
  )
  const sql = `SELECT on_hand AS "onHand", reserved FROM stock WHERE variant_id = $1 AND warehouse_id = $2 FOR NO KEY UPDATE`
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
  readonly held: number
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

/** Which movements are wanted: with those that only tell what checkouts hold, or without. */
export interface MovementList {
  readonly holds: boolean
  readonly page: Page
}

const movementColumns = `m.id, m.variant_id AS "variantId", m.warehouse_id AS "warehouseId", m.kind, m.delta, m.held, m.on_hand_after AS "onHandAfter",
      m.note, m.occurred_at AS "occurredAt"`

/** One page (and one row more) of the movements of each variant. */
export function listMovements(
  db: Reads,
  variantIds: readonly string[],
  { holds, page }: MovementList,
): Promise<Placed<MovementRow>[]> {
  const where = `m.variant_id = owner.id AND ${holds ? 'true' : 'm.delta <> 0'}`
  return listOfEach(db, variantIds, { columns: movementColumns, from: 'stock_movement m', where, order: newestFirst, page })
}
