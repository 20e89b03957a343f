import { newId } from '@pasar/shared/ids'
import { rowsOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import type { Take } from '../domain/reserve-plan.ts'
import type { NewHold } from './hold.ts'

/** From where units of one shelf are taken: all from its counter, or ready ones, waiting for those that somebody else is taking or not. */
type Source = 'counter' | 'units' | 'units wait'

const counter = `counter AS MATERIALIZED (
    SELECT on_hand, on_hand - reserved AS free FROM stock WHERE variant_id = $1 AND warehouse_id = $2 FOR NO KEY UPDATE),`

const held = `held AS (
    UPDATE stock SET reserved = reserved + total.quantity FROM (SELECT sum(quantity) AS quantity FROM got) AS total
    WHERE variant_id = $1 AND warehouse_id = $2 AND total.quantity > 0),`

const unit = (source: Source) => `unit AS MATERIALIZED (
    SELECT id FROM stock_unit WHERE variant_id = $1 AND warehouse_id = $2 ORDER BY id LIMIT (SELECT sum(quantity) FROM want)
    FOR UPDATE ${source === 'units wait' ? '' : 'SKIP LOCKED'}),`

const taken = `taken AS (
    DELETE FROM stock_unit u USING (SELECT id, row_number() OVER (ORDER BY id) AS number FROM unit) AS first
    WHERE u.variant_id = $1 AND u.warehouse_id = $2 AND u.id = first.id AND first.number <= (SELECT sum(quantity) FROM got)),`

/** What checkouts want, as the parameters after the shelf. */
const arrays = ['text', 'text', 'timestamptz', 'timestamptz', 'integer', 'text', 'text', 'text', 'timestamptz'].map(
  (type, index) => `$${index + 3}::${type}[]`,
)

/**
 * Takes units of one shelf for several checkouts, in the order in which they came, as far as there are units: each of them gets all that it
 * wants, with its own reservation, movement, event and outcome, or nothing.
 */
const textOf = (source: Source) => `WITH
  want AS MATERIALIZED (
    SELECT w.*, sum(quantity) OVER (ORDER BY place) AS upto
    FROM ${rowsOf(...arrays)} WITH ORDINALITY
      AS w (id, checkout_id, expires_at, now, quantity, movement_id, hash, outcome, kept_until, place)),
  ${source === 'counter' ? counter : unit(source)}
  kept AS (
    INSERT INTO reservation (id, checkout_id, state, version, expires_at, created_at)
    SELECT id, checkout_id, 'HELD', 1, expires_at, now FROM want
    WHERE upto <= (SELECT ${source === 'counter' ? 'free FROM counter' : 'count(*) FROM unit'}) ORDER BY checkout_id
    ON CONFLICT (checkout_id) DO NOTHING RETURNING id),
  got AS MATERIALIZED (SELECT want.* FROM want JOIN kept USING (id)),
  ${source === 'counter' ? held : taken}
  allocated AS (
    INSERT INTO reservation_allocation (reservation_id, sold_as, variant_id, warehouse_id, quantity, sold)
    SELECT id, $1, $1, $2, quantity, quantity FROM got),
  moved AS (
    INSERT INTO stock_movement (id, variant_id, warehouse_id, kind, delta, held, on_hand_after, reference, actor, occurred_at)
    SELECT movement_id, $1, $2, 'RESERVED', 0, quantity, on_hand, got.id, 'orders', now
    FROM got, ${source === 'counter' ? 'counter' : '(SELECT on_hand FROM stock WHERE variant_id = $1 AND warehouse_id = $2) AS shelf'}),
  due AS (INSERT INTO listing_due (variant_id, sold) SELECT $1, 0 WHERE EXISTS (SELECT FROM kept)),
  told AS (
    INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
    SELECT id, 1, 'StockMoved', jsonb_build_object('reservationId', id, 'checkoutId', checkout_id, 'kind', 'RESERVED', 'units',
      jsonb_build_array(jsonb_build_object('variantId', $1::text, 'warehouseId', $2::text, 'quantity', quantity))), ARRAY[id, checkout_id], now
    FROM got ORDER BY place),
  recorded AS (
    INSERT INTO idempotency_record (scope, actor, key, request_hash, outcome, created_at, expires_at)
    SELECT 'productsReserve', 'orders', checkout_id, hash, outcome, now, kept_until FROM got ORDER BY checkout_id ON CONFLICT DO NOTHING)
  SELECT id FROM kept`

const statementOf = (source: Source): Statement => ({
  name: `products hold together ${source}`,
  text: textOf(source),
  writes: true,
})

const statements = { counter: statementOf('counter'), units: statementOf('units'), 'units wait': statementOf('units wait') }

/** A hold, and whether units that somebody else is taking are waited for. */
export interface Hold {
  readonly one: NewHold
  readonly wait: boolean
}

/** What holds must have in common to be made together; undefined where one takes from several places, or parts of bundles. */
export function shelfOf({ one: { takes, allocations }, wait }: Hold): string | undefined {
  const [take, ...others] = takes
  if (!take || others.length > 0 || allocations.length > 1 || allocations[0]?.soldAs !== take.variantId) return undefined
  if (take.counted > 0 && take.units > 0) return undefined
  return `${take.variantId} ${take.warehouseId} ${sourceOf(take, wait)}`
}

const sourceOf = (take: Take, wait: boolean): Source => (take.counted > 0 ? 'counter' : wait ? 'units wait' : 'units')

/** Makes holds of one shelf for checkouts that wait for it; says for each whether it could. */
export async function holdTogether(send: Send, holds: readonly Hold[]): Promise<boolean[]> {
  const ones = holds.map(({ one }) => one)
  const take = ones[0]!.takes[0]!
  const rows = await send<{ id: string }>(
    statements[sourceOf(take, holds[0]!.wait)],
    take.variantId,
    take.warehouseId,
    ones.map(({ reservationId }) => reservationId),
    ones.map(({ checkoutId }) => checkoutId),
    ones.map(({ expiresAt }) => expiresAt),
    ones.map(({ now }) => now),
    ones.map(({ takes }) => takes[0]!.counted + takes[0]!.units),
    ones.map(() => newId('movement')),
    ones.map(({ record }) => record.hash),
    ones.map(({ record }) => record.outcome),
    ones.map(({ record }) => record.expiresAt),
  )
  const held = new Set(rows.map(({ id }) => id))
  return ones.map(({ reservationId }) => held.has(reservationId))
}
