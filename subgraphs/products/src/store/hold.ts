import { newId } from '@pasar/shared/ids'
import type { Send, Statement } from '@pasar/shared/statement'
import type { LineAllocation, Take } from '../domain/reserve-plan.ts'

/** A reservation to put down, with what a repeat of it is answered. */
export interface NewHold {
  readonly reservationId: string
  readonly checkoutId: string
  readonly expiresAt: Date
  readonly now: Date
  readonly takes: readonly Take[]
  readonly allocations: readonly LineAllocation[]
  readonly record: { readonly hash: string; readonly outcome: string; readonly expiresAt: Date }
}

/**
 * Takes everything and writes it down, or nothing: counters and ready units are locked in the order of their keys, counters before units,
 * and only where all of them can give what is wanted anything is changed. A unit that somebody else is taking is passed over, or waited for.
 */
const text = (others: 'SKIP LOCKED' | '') => `WITH
  take AS (SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::text[])
    AS take (variant_id, warehouse_id, counted, units, movement_id)),
  counter AS MATERIALIZED (
    SELECT s.variant_id, s.warehouse_id, take.counted FROM take JOIN stock s USING (variant_id, warehouse_id)
    WHERE take.counted > 0 AND s.on_hand - s.reserved >= take.counted ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s),
  unit AS MATERIALIZED (
    SELECT u.variant_id, u.warehouse_id, u.id
    FROM (SELECT * FROM take WHERE units > 0 AND (SELECT count(*) FROM counter) >= 0 ORDER BY variant_id, warehouse_id) AS take
    CROSS JOIN LATERAL (
      SELECT u.variant_id, u.warehouse_id, u.id FROM stock_unit u
      WHERE u.variant_id = take.variant_id AND u.warehouse_id = take.warehouse_id ORDER BY u.id LIMIT take.units FOR UPDATE ${others}) AS u),
  kept AS (
    INSERT INTO reservation (id, checkout_id, state, version, expires_at, created_at)
    SELECT $6, $7, 'HELD', 1, $8::timestamptz, $9::timestamptz
    WHERE (SELECT count(*) FROM counter) = (SELECT count(*) FROM take WHERE counted > 0)
      AND (SELECT count(*) FROM unit) = (SELECT sum(units) FROM take)
    ON CONFLICT (checkout_id) DO NOTHING RETURNING id),
  held AS (
    UPDATE stock s SET reserved = s.reserved + counter.counted FROM counter, kept
    WHERE s.variant_id = counter.variant_id AND s.warehouse_id = counter.warehouse_id),
  taken AS (
    DELETE FROM stock_unit u USING unit, kept
    WHERE u.variant_id = unit.variant_id AND u.warehouse_id = unit.warehouse_id AND u.id = unit.id),
  allocated AS (
    INSERT INTO reservation_allocation (reservation_id, sold_as, variant_id, warehouse_id, quantity, sold)
    SELECT kept.id, part.* FROM kept, unnest($10::text[], $11::text[], $12::text[], $13::integer[], $14::integer[]) AS part),
  moved AS (
    INSERT INTO stock_movement (id, variant_id, warehouse_id, kind, delta, held, on_hand_after, reference, actor, occurred_at)
    SELECT take.movement_id, s.variant_id, s.warehouse_id, 'RESERVED', 0, take.counted + take.units, s.on_hand, kept.id, 'orders', $9
    FROM kept, take JOIN stock s USING (variant_id, warehouse_id)),
  due AS (INSERT INTO listing_due (variant_id, sold) SELECT DISTINCT variant_id, 0 FROM kept, take),
  told AS (
    INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
    SELECT kept.id, 1, 'StockMoved', $15::jsonb, ARRAY[kept.id, $7], $9 FROM kept),
  recorded AS (
    INSERT INTO idempotency_record (scope, actor, key, request_hash, outcome, created_at, expires_at)
    SELECT 'productsReserve', 'orders', $7, $16, $17, $9, $18::timestamptz FROM kept ON CONFLICT DO NOTHING)
  SELECT id FROM kept`

const passing: Statement = { name: 'products hold', text: text('SKIP LOCKED'), writes: true }
const waiting: Statement = { name: 'products hold, waiting', text: text(''), writes: true }

/** Holds units for a checkout, with all that is written of it; says whether it could. */
export async function hold(send: Send, { wait }: { readonly wait: boolean }, one: NewHold): Promise<boolean> {
  const { reservationId, checkoutId, expiresAt, now, takes, allocations, record } = one
  const units = takes.map(({ variantId, warehouseId, counted, units }) => ({ variantId, warehouseId, quantity: counted + units }))
  const rows = await send(
    wait ? waiting : passing,
    takes.map(({ variantId }) => variantId),
    takes.map(({ warehouseId }) => warehouseId),
    takes.map(({ counted }) => counted),
    takes.map((take) => take.units),
    takes.map(() => newId('movement')),
    reservationId,
    checkoutId,
    expiresAt,
    now,
    allocations.map(({ soldAs }) => soldAs),
    allocations.map(({ variantId }) => variantId),
    allocations.map(({ warehouseId }) => warehouseId),
    allocations.map(({ quantity }) => quantity),
    allocations.map(({ sold }) => sold),
    JSON.stringify({ reservationId, checkoutId, kind: 'RESERVED', units }),
    record.hash,
    record.outcome,
    record.expiresAt,
  )
  return rows.length === 1
}
