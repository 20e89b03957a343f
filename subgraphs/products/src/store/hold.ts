import { newId } from '@pasar/shared/ids'
import { rowsOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
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

/** What a hold is made of; each form has its own statement, that does nothing in vain. */
interface Form {
  readonly counters: boolean
  readonly units: boolean
  readonly bundles: boolean
  /** Whether a unit that somebody else is taking is waited for, and not passed over. */
  readonly wait: boolean
}

const counter = `counter AS MATERIALIZED (
    SELECT s.variant_id, s.warehouse_id, s.on_hand, take.counted, take.movement_id FROM take JOIN stock s USING (variant_id, warehouse_id)
    WHERE take.counted > 0 AND s.on_hand - s.reserved >= take.counted ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s),`

const held = `held AS (
    UPDATE stock s SET reserved = s.reserved + counter.counted FROM counter, kept
    WHERE s.variant_id = counter.variant_id AND s.warehouse_id = counter.warehouse_id),`

const unit = ({ counters, wait }: Form) => `unit AS MATERIALIZED (
    SELECT u.variant_id, u.warehouse_id, u.id
    FROM (SELECT * FROM take WHERE units > 0 ${counters ? 'AND (SELECT count(*) FROM counter) >= 0' : ''} ORDER BY variant_id, warehouse_id) AS take
    CROSS JOIN LATERAL (
      SELECT u.variant_id, u.warehouse_id, u.id FROM stock_unit u
      WHERE u.variant_id = take.variant_id AND u.warehouse_id = take.warehouse_id ORDER BY u.id LIMIT take.units
      FOR UPDATE ${wait ? '' : 'SKIP LOCKED'}) AS u),`

const taken = `taken AS (
    DELETE FROM stock_unit u USING unit, kept
    WHERE u.variant_id = unit.variant_id AND u.warehouse_id = unit.warehouse_id AND u.id = unit.id),`

/**
 * Takes everything and writes it down, or nothing: counters and ready units are locked in the order of their keys, counters before units,
 * and only where all of them can give what is wanted anything is changed.
 */
const textOf = (form: Form) => {
  const { counters, units, bundles } = form
  const onlyCounters = counters && !units
  const parts = rowsOf('$16::text[]', '$17::text[]', '$18::text[]', '$19::integer[]', '$20::integer[]')
  const parcel = bundles ? 'part.*' : 'variant_id, variant_id, warehouse_id, counted + units, counted + units'
  return `WITH
  take AS (
    SELECT * FROM ${rowsOf('$1::text[]', '$2::text[]', '$3::integer[]', '$4::integer[]', '$5::text[]')}
      AS take (variant_id, warehouse_id, counted, units, movement_id)),
  ${counters ? counter : ''} ${units ? unit(form) : ''}
  kept AS (
    INSERT INTO reservation (id, checkout_id, state, version, expires_at, created_at)
    SELECT $6, $7, 'HELD', 1, $8::timestamptz, $9::timestamptz
    WHERE ${counters ? '(SELECT count(*) FROM counter)' : 0} = $14::bigint AND ${units ? '(SELECT count(*) FROM unit)' : 0} = $15::bigint
    ON CONFLICT (checkout_id) DO NOTHING RETURNING id),
  ${counters ? held : ''} ${units ? taken : ''}
  allocated AS (
    INSERT INTO reservation_allocation (reservation_id, sold_as, variant_id, warehouse_id, quantity, sold)
    SELECT kept.id, ${parcel} FROM kept, ${bundles ? `${parts} AS part` : 'take'}),
  moved AS (
    INSERT INTO stock_movement (id, variant_id, warehouse_id, kind, delta, held, on_hand_after, reference, actor, occurred_at)
    SELECT movement_id, variant_id, warehouse_id, 'RESERVED', 0, ${onlyCounters ? 'counted' : 'counted + units'}, on_hand, kept.id, 'orders', $9
    FROM kept, ${onlyCounters ? 'counter' : 'take JOIN stock s USING (variant_id, warehouse_id)'}),
  due AS (INSERT INTO listing_due (variant_id, sold) SELECT variant_id, 0 FROM kept, take),
  told AS (
    INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
    SELECT kept.id, 1, 'StockMoved', $10::jsonb, ARRAY[kept.id, $7], $9 FROM kept),
  recorded AS (
    INSERT INTO idempotency_record (scope, actor, key, request_hash, outcome, created_at, expires_at)
    SELECT 'productsReserve', 'orders', $7, $11, $12, $9, $13::timestamptz FROM kept ON CONFLICT DO NOTHING)
  SELECT id FROM kept`
}

const statements = new Map<string, Statement>()

const partsOf = (form: Form) => Object.entries(form).flatMap(([part, is]) => (is ? [part] : []))

function statementFor(form: Form): Statement {
  const name = `products hold ${partsOf(form).join(' ')}`
  const statement = statements.get(name) ?? { name, text: textOf(form), writes: true }
  statements.set(name, statement)
  return statement
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

/** What the event of a reservation says. */
export const eventOf = ({ reservationId, checkoutId, takes }: NewHold): string =>
  JSON.stringify({
    reservationId,
    checkoutId,
    kind: 'RESERVED',
    units: takes.map(({ variantId, warehouseId, counted, units }) => ({ variantId, warehouseId, quantity: counted + units })),
  })

/** Holds units for a checkout, with all that is written of it; says whether it could. */
export async function hold(send: Send, one: NewHold, { wait }: Pick<Form, 'wait'>): Promise<boolean> {
  const { reservationId, checkoutId, expiresAt, now, takes, allocations, record } = one
  const counters = takes.filter(({ counted }) => counted > 0).length
  const units = sum(takes.map((take) => take.units))
  const bundles = allocations.some(({ soldAs, variantId }) => soldAs !== variantId)
  const rows = await send(
    statementFor({ counters: counters > 0, units: units > 0, bundles, wait: wait && units > 0 }),
    takes.map(({ variantId }) => variantId),
    takes.map(({ warehouseId }) => warehouseId),
    takes.map(({ counted }) => counted),
    takes.map((take) => take.units),
    takes.map(() => newId('movement')),
    reservationId,
    checkoutId,
    expiresAt,
    now,
    eventOf(one),
    record.hash,
    record.outcome,
    record.expiresAt,
    counters,
    units,
    ...(bundles ? columnsOf(allocations) : []),
  )
  return rows.length === 1
}

const columnsOf = (allocations: readonly LineAllocation[]) => [
  allocations.map(({ soldAs }) => soldAs),
  allocations.map(({ variantId }) => variantId),
  allocations.map(({ warehouseId }) => warehouseId),
  allocations.map(({ quantity }) => quantity),
  allocations.map(({ sold }) => sold),
]
