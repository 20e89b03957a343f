import { newId } from '@pasar/shared/ids'
import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { ReservationState } from '../domain/reservation.ts'
import { due, locked, told } from './settle.ts'

const lock: Statement = {
  name: 'products lock reservation',
  text: `SELECT state FROM reservation WHERE checkout_id = $1 FOR UPDATE`,
}

/**
 * Counts units as put back and puts them where they came from; of each SKU the warehouses are filled in the order of their ids, up to the
 * wanted number. A bundle goes back as its components.
 */
const putBack: Statement = {
  name: 'products put back',
  writes: true,
  text: `WITH
    mine AS (SELECT id FROM reservation WHERE checkout_id = $1 AND state = 'CONFIRMED'),
    wanted AS (SELECT * FROM unnest($4::text[], $5::integer[]) AS wanted (sold_as, quantity)),
    open AS (
      SELECT a.reservation_id, a.sold_as, a.variant_id, a.warehouse_id, a.quantity - a.restocked AS units,
        sum(a.quantity - a.restocked) OVER (PARTITION BY a.sold_as, a.variant_id ORDER BY a.warehouse_id) - (a.quantity - a.restocked) AS before,
        sum(a.quantity) OVER (PARTITION BY a.sold_as, a.variant_id) / sum(a.sold) OVER (PARTITION BY a.sold_as) AS per,
        a.variant_id = min(a.variant_id) OVER (PARTITION BY a.sold_as) AS counts
      FROM reservation_allocation a JOIN mine ON mine.id = a.reservation_id),
    part AS MATERIALIZED (
      SELECT reservation_id, sold_as, variant_id, warehouse_id, quantity,
        CASE WHEN counts THEN ((before + quantity) / per - before / per)::integer ELSE 0 END AS sold
      FROM (
        SELECT open.*, least(units, coalesce(wanted.quantity * per - before, units))::integer AS quantity FROM open LEFT JOIN wanted USING (sold_as)
        WHERE $4::text[] IS NULL OR wanted.sold_as IS NOT NULL) AS back
      WHERE quantity > 0),
    claimed AS (
      UPDATE reservation_allocation a SET restocked = a.restocked + part.quantity, restocked_at = $2::timestamptz FROM part
      WHERE a.reservation_id = part.reservation_id AND a.sold_as = part.sold_as
        AND a.variant_id = part.variant_id AND a.warehouse_id = part.warehouse_id),
    ${locked},
    moved AS (
      UPDATE reservation r SET state = CASE WHEN $4::text[] IS NULL THEN 'RELEASED' ELSE r.state END,
        version = r.version + EXISTS (SELECT FROM part)::integer
      FROM mine WHERE r.id = mine.id RETURNING r.id, r.checkout_id, r.version),
    back AS (
      UPDATE stock s SET on_hand = s.on_hand + locked.quantity FROM locked
      WHERE s.variant_id = locked.variant_id AND s.warehouse_id = locked.warehouse_id
      RETURNING s.variant_id, s.warehouse_id, s.on_hand - locked.quantity AS before),
    written AS (
      INSERT INTO stock_movement (id, variant_id, warehouse_id, kind, delta, on_hand_after, reference, actor, occurred_at)
      SELECT numbered_id($3, row_number() OVER (ORDER BY part.sold_as, part.variant_id, part.warehouse_id)), part.variant_id, part.warehouse_id,
        'RETURN', part.quantity, back.before + sum(part.quantity) OVER (PARTITION BY part.variant_id, part.warehouse_id ORDER BY part.sold_as),
        coalesce($6::text, part.reservation_id) || CASE WHEN part.sold_as = part.variant_id THEN '' ELSE ' ' || part.sold_as END, 'orders', $2
      FROM part JOIN back USING (variant_id, warehouse_id)),
    ${due('-')}, ${told('RETURNED')}
    SELECT sold_as FROM part`,
}

/** The state of a checkout's reservation, locked: whoever changes it next waits. */
export const lockReservation = async (send: Send, checkoutId: string): Promise<ReservationState | undefined> =>
  (await send<{ state: ReservationState }>(lock, checkoutId))[0]?.state

/** Units of a line's variant to put back; all that are left of it where no number is said. */
export interface UnitsBack {
  readonly variantId: string
  readonly quantity: number | null
}

/** What to put back of a confirmed reservation, which must be locked. */
export interface PutBack {
  readonly checkoutId: string
  readonly now: Date
  /** All that are left, and the reservation ends, where none are named. */
  readonly units: readonly UnitsBack[] | null
  /** What caused it: the same cause moves the same units once. The reservation itself, when null. */
  readonly reference: string | null
}

/** Puts sold units back. */
export async function putBackSold(send: Send, { checkoutId, now, units, reference }: PutBack): Promise<void> {
  const wanted = new Map<string, number | null>()
  for (const { variantId, quantity } of units ?? []) {
    const before = wanted.get(variantId)
    wanted.set(variantId, quantity === null || before === null ? null : (before ?? 0) + quantity)
  }
  const of = units && { ids: [...wanted.keys()], quantities: [...wanted.values()] }
  await send(putBack, checkoutId, now, newId('movement'), of && of.ids, of && of.quantities, reference)
}
