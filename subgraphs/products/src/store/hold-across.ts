import { newId } from '@pasar/shared/ids'
import { rowsOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import { bounds } from '../domain/bounds.ts'
import { eventOf, type NewHold } from './hold.ts'

const arrays = (from: number, ...types: readonly string[]) => types.map((type, index) => `$${from + index}::${type}[]`)
const wants = arrays(1, 'text', 'text', 'timestamptz', 'timestamptz', 'text', 'text', 'timestamptz', 'jsonb')
const takes = arrays(1 + wants.length, 'bigint', 'text', 'text', 'integer', 'text')

/**
 * Takes units of many counters for several checkouts, each of which gets all that it wants, with its own reservation, movements, event and
 * outcome, or nothing. It waits for nobody: what somebody else is changing is taken by nobody here, so that one busy counter never holds up
 * those who want other things. Whoever comes behind one that cannot have everything is counted as if that one had taken its units.
 */
const across: Statement = {
  name: 'products hold across',
  writes: true,
  text: `WITH
  want AS MATERIALIZED (
    SELECT * FROM ${rowsOf(...wants)} WITH ORDINALITY AS w (id, checkout_id, expires_at, now, hash, outcome, kept_until, payload, place)),
  take AS MATERIALIZED (
    SELECT t.*, sum(quantity) OVER (PARTITION BY variant_id, warehouse_id ORDER BY place) AS upto
    FROM ${rowsOf(...takes)} AS t (place, variant_id, warehouse_id, quantity, movement_id)),
  counter AS MATERIALIZED (
    SELECT s.variant_id, s.warehouse_id, s.on_hand, s.on_hand - s.reserved AS free
    FROM (SELECT DISTINCT variant_id, warehouse_id FROM take) AS t JOIN stock s USING (variant_id, warehouse_id)
    ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s SKIP LOCKED),
  fit AS (
    SELECT place FROM take LEFT JOIN counter USING (variant_id, warehouse_id)
    GROUP BY place HAVING bool_and(coalesce(upto <= free, false))),
  kept AS (
    INSERT INTO reservation (id, checkout_id, state, version, expires_at, created_at)
    SELECT id, checkout_id, 'HELD', 1, expires_at, now FROM want JOIN fit USING (place) ORDER BY checkout_id
    ON CONFLICT (checkout_id) DO NOTHING RETURNING id),
  got AS MATERIALIZED (SELECT want.* FROM want JOIN kept USING (id)),
  taken AS MATERIALIZED (
    SELECT got.id, got.now, take.variant_id, take.warehouse_id, take.quantity, take.movement_id FROM take JOIN got USING (place)),
  held AS (
    UPDATE stock s SET reserved = s.reserved + total.quantity
    FROM (SELECT variant_id, warehouse_id, sum(quantity)::integer AS quantity FROM taken GROUP BY 1, 2) AS total
    WHERE s.variant_id = total.variant_id AND s.warehouse_id = total.warehouse_id),
  allocated AS (
    INSERT INTO reservation_allocation (reservation_id, sold_as, variant_id, warehouse_id, quantity, sold)
    SELECT id, variant_id, variant_id, warehouse_id, quantity, quantity FROM taken),
  moved AS (
    INSERT INTO stock_movement (id, variant_id, warehouse_id, kind, delta, held, on_hand_after, reference, actor, occurred_at)
    SELECT movement_id, variant_id, warehouse_id, 'RESERVED', 0, quantity, counter.on_hand, taken.id, 'orders', taken.now
    FROM taken JOIN counter USING (variant_id, warehouse_id)),
  due AS (INSERT INTO listing_due (variant_id, sold) SELECT DISTINCT variant_id, 0 FROM taken),
  told AS (
    INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
    SELECT id, 1, 'StockMoved', payload, ARRAY[id, checkout_id], now FROM got ORDER BY place),
  recorded AS (
    INSERT INTO idempotency_record (scope, actor, key, request_hash, outcome, created_at, expires_at)
    SELECT 'productsReserve', 'orders', checkout_id, hash, outcome, now, kept_until FROM got ORDER BY checkout_id ON CONFLICT DO NOTHING)
  SELECT id FROM kept`,
}

/** Whether a hold can be made beside others: it takes a few SKUs as they are sold, all of them from counters. */
export const goesAcross = ({ takes: few, allocations }: NewHold): boolean =>
  few.length <= bounds.linesTogetherMax &&
  few.every(({ units }) => units === 0) &&
  allocations.every(({ soldAs, variantId }) => soldAs === variantId)

/** Makes holds of counters for checkouts; says for each whether it could at once. */
export async function holdAcross(send: Send, ones: readonly NewHold[]): Promise<boolean[]> {
  const all = ones.flatMap((one, index) => one.takes.map((take) => ({ ...take, place: index + 1 })))
  const rows = await send<{ id: string }>(
    across,
    ones.map(({ reservationId }) => reservationId),
    ones.map(({ checkoutId }) => checkoutId),
    ones.map(({ expiresAt }) => expiresAt),
    ones.map(({ now }) => now),
    ones.map(({ record }) => record.hash),
    ones.map(({ record }) => record.outcome),
    ones.map(({ record }) => record.expiresAt),
    ones.map(eventOf),
    all.map(({ place }) => place),
    all.map(({ variantId }) => variantId),
    all.map(({ warehouseId }) => warehouseId),
    all.map(({ counted }) => counted),
    all.map(() => newId('movement')),
  )
  const held = new Set(rows.map(({ id }) => id))
  return ones.map(({ reservationId }) => held.has(reservationId))
}
