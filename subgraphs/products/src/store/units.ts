import type { Send, Statement } from '@pasar/shared/postgres/statement'
import { bounds } from '../domain/bounds.ts'

/** How a variant's stock is taken. */
export type StockMode = 'COUNTER' | 'UNITS'

/**
 * Lays units out, up to a full bucket in each warehouse. Whoever finds that the counter has changed since it looked lays none out, and has
 * lost nothing: somebody else has just done it.
 */
const layOut: Statement = {
  name: 'products lay out',
  writes: true,
  text: `WITH
    seen AS MATERIALIZED (
      SELECT s.variant_id, s.warehouse_id, s.reserved, least($2::integer - ready.units, s.on_hand - s.reserved)::integer AS units
      FROM stock s JOIN variant v ON v.id = s.variant_id
      CROSS JOIN LATERAL (SELECT count(*) AS units FROM stock_unit u WHERE u.variant_id = s.variant_id AND u.warehouse_id = s.warehouse_id) AS ready
      WHERE s.variant_id = ANY($1::text[]) AND v.stock_mode = 'UNITS' AND ready.units <= $3::integer AND s.on_hand > s.reserved),
    locked AS MATERIALIZED (
      SELECT s.variant_id, s.warehouse_id, seen.units FROM stock s JOIN seen USING (variant_id, warehouse_id)
      WHERE seen.units > 0 AND s.reserved = seen.reserved AND s.on_hand - s.reserved >= seen.units
      ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s),
    counted AS (
      UPDATE stock s SET reserved = s.reserved + locked.units FROM locked
      WHERE s.variant_id = locked.variant_id AND s.warehouse_id = locked.warehouse_id)
    INSERT INTO stock_unit (variant_id, warehouse_id)
    SELECT variant_id, warehouse_id FROM locked, generate_series(1, locked.units) RETURNING id`,
}

/** Takes the units of a variant that nobody is taking back to the counter: of all warehouses, or of one. */
const takeIn: Statement = {
  name: 'products take in',
  writes: true,
  text: `WITH
    locked AS MATERIALIZED (
      SELECT variant_id, warehouse_id FROM stock WHERE variant_id = $1 AND ($2::text IS NULL OR warehouse_id = $2)
      ORDER BY variant_id, warehouse_id FOR NO KEY UPDATE),
    unit AS MATERIALIZED (
      SELECT u.warehouse_id, u.id FROM stock_unit u WHERE u.variant_id = $1 AND u.warehouse_id IN (SELECT warehouse_id FROM locked)
      ORDER BY u.warehouse_id, u.id FOR UPDATE SKIP LOCKED),
    gone AS (
      DELETE FROM stock_unit u USING unit WHERE u.variant_id = $1 AND u.warehouse_id = unit.warehouse_id AND u.id = unit.id RETURNING u.warehouse_id)
    UPDATE stock s SET reserved = s.reserved - back.units
    FROM (SELECT warehouse_id, count(*)::integer AS units FROM gone GROUP BY 1) AS back
    WHERE s.variant_id = $1 AND s.warehouse_id = back.warehouse_id RETURNING s.warehouse_id`,
}

const setMode: Statement = {
  name: 'products stock mode',
  writes: true,
  text: `UPDATE variant SET stock_mode = $2 WHERE id = $1 RETURNING id`,
}

/**
 * Variants by units whose bucket is half empty while the counter has more, and variants by counter of which units still lie out. No more units
 * are counted than it takes to know, and those that lie out are found by leaping from variant to variant.
 */
const unbalanced: Statement = {
  name: 'products unbalanced',
  text: `WITH RECURSIVE lying AS (
      (SELECT variant_id AS id FROM stock_unit ORDER BY variant_id LIMIT 1)
      UNION ALL
      SELECT (SELECT u.variant_id FROM stock_unit u WHERE u.variant_id > lying.id ORDER BY u.variant_id LIMIT 1) FROM lying WHERE lying.id IS NOT NULL)
    SELECT v.id, v.stock_mode AS mode FROM variant v WHERE v.stock_mode = 'UNITS' AND EXISTS (
      SELECT FROM stock s WHERE s.variant_id = v.id AND s.on_hand > s.reserved AND (
        SELECT count(*) FROM (
          SELECT FROM stock_unit u WHERE u.variant_id = s.variant_id AND u.warehouse_id = s.warehouse_id LIMIT $1::bigint + 1) AS ready) <= $1)
    UNION ALL
    SELECT v.id, v.stock_mode FROM lying JOIN variant v USING (id) WHERE v.stock_mode = 'COUNTER'
    ORDER BY id`,
}

/** Lays units of variants out where a bucket is empty, or at most so full. */
export const layUnitsOut = async (
  send: Send,
  variantIds: readonly string[],
  unlessMore = bounds.unitBucket - 1,
): Promise<number> => (await send(layOut, variantIds, bounds.unitBucket, unlessMore)).length

/** Takes units back to the counter. */
export const takeUnitsIn = async (send: Send, variantId: string, warehouseId: string | null = null): Promise<void> =>
  void (await send(takeIn, variantId, warehouseId))

/** Says from now on how a variant's stock is taken; false where there is no such variant. */
export const setStockMode = async (send: Send, variantId: string, mode: StockMode): Promise<boolean> =>
  (await send(setMode, variantId, mode)).length === 1

/** Variants whose units do not lie as their mode says. */
export const findUnbalanced = (send: Send): Promise<{ readonly id: string; readonly mode: StockMode }[]> =>
  send(unbalanced, bounds.unitBucket / 2)
