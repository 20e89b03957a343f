import { newId } from '@pasar/shared/ids'
import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { MoveFrom, ReservationState } from '../domain/reservation.ts'

/** Stock rows of what is moved, locked in the order of their keys. */
export const locked = `locked AS MATERIALIZED (
    SELECT s.variant_id, s.warehouse_id, total.quantity
    FROM (SELECT variant_id, warehouse_id, sum(quantity)::integer AS quantity FROM part GROUP BY 1, 2) AS total JOIN stock s USING (variant_id, warehouse_id)
    ORDER BY s.variant_id, s.warehouse_id FOR NO KEY UPDATE OF s)`

/** The event of each reservation that was moved. */
export const told = (kind: string) => `told AS (
    INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
    SELECT moved.id, moved.version, 'StockMoved',
      jsonb_build_object('reservationId', moved.id, 'checkoutId', moved.checkout_id, 'kind', '${kind}', 'units', jsonb_agg(
        jsonb_build_object('variantId', part.variant_id, 'warehouseId', part.warehouse_id, 'quantity', part.quantity))),
      ARRAY[moved.id, moved.checkout_id], $2::timestamptz
    FROM moved JOIN part ON part.reservation_id = moved.id GROUP BY moved.id, moved.version, moved.checkout_id)`

/** Lists are brought up to date later: the SKUs, and as what they were sold. */
export const due = (sign: '+' | '-' | '0') => `due AS (
    INSERT INTO listing_due (variant_id, sold)
    SELECT id, ${sign === '0' ? 0 : `${sign} sum(sold)`} FROM (SELECT variant_id AS id, 0 AS sold FROM part UNION ALL SELECT sold_as, sold FROM part) AS touched
    GROUP BY id ORDER BY id)`

/**
 * What was taken of flash sales. These are locked in the order of their ids, and before any stock, as by whoever takes of them: the parts are
 * read behind them, and the stock behind the parts.
 */
const parts = `claim AS MATERIALIZED (
    SELECT c.reservation_id, c.flash_sale_id, c.quantity FROM flash_sale_claim c JOIN mine ON mine.id = c.reservation_id WHERE NOT c.given_back),
  sale AS MATERIALIZED (
    SELECT f.id, total.quantity FROM (SELECT flash_sale_id AS id, sum(quantity)::integer AS quantity FROM claim GROUP BY 1) AS total
    JOIN flash_sale f USING (id) ORDER BY f.id FOR NO KEY UPDATE OF f),
  part AS MATERIALIZED (
    SELECT a.reservation_id, a.sold_as, a.variant_id, a.warehouse_id, a.quantity, a.sold
    FROM reservation_allocation a JOIN mine ON mine.id = a.reservation_id WHERE (SELECT count(*) FROM sale) >= 0)`

/** Only moves of the table are written. */
const move = <F extends ReservationState>(_from: F, to: MoveFrom<F>) => `moved AS (
    UPDATE reservation r SET state = '${to}', version = r.version + 1 FROM mine WHERE r.id = mine.id RETURNING r.id, r.checkout_id, r.version)`

/** A movement of each stock row and reservation; $3 is the id from which theirs are made. */
const written = (kind: 'SALE' | 'RELEASED' | 'EXPIRED', from: string) => `written AS (
    INSERT INTO stock_movement (id, variant_id, warehouse_id, kind, delta, held, on_hand_after, reference, actor, occurred_at)
    SELECT numbered_id($3, row_number() OVER (ORDER BY one.reservation_id, one.variant_id, one.warehouse_id)), one.variant_id, one.warehouse_id,
      '${kind}', ${kind === 'SALE' ? '-one.quantity' : '0'}, -one.quantity, ${from}.on_hand, one.reservation_id, 'orders', $2
    FROM (SELECT reservation_id, variant_id, warehouse_id, sum(quantity)::integer AS quantity FROM part GROUP BY 1, 2, 3) AS one
    JOIN ${from} USING (variant_id, warehouse_id))`

const confirm: Statement = {
  name: 'products confirm',
  writes: true,
  text: `WITH
    mine AS MATERIALIZED (SELECT id FROM reservation WHERE checkout_id = $1 AND state = 'HELD' FOR UPDATE),
    ${parts}, ${locked}, ${move('HELD', 'CONFIRMED')},
    sold AS (
      UPDATE stock s SET on_hand = s.on_hand - locked.quantity, reserved = s.reserved - locked.quantity FROM locked
      WHERE s.variant_id = locked.variant_id AND s.warehouse_id = locked.warehouse_id RETURNING s.variant_id, s.warehouse_id, s.on_hand),
    bought AS (
      UPDATE flash_sale f SET sold = f.sold + sale.quantity,
        turns_at = CASE WHEN f.state = 'RUNNING' AND f.sold + sale.quantity >= f.units THEN least(f.turns_at, $2::timestamptz) ELSE f.turns_at END
      FROM sale WHERE f.id = sale.id),
    ${written('SALE', 'sold')}, ${due('+')}, ${told('SOLD')}
    SELECT r.id, r.state, EXISTS (SELECT FROM mine) AS done FROM reservation r WHERE r.checkout_id = $1`,
}

const letGo = (mine: string, kind: 'RELEASED' | 'EXPIRED') => `WITH ${mine},
    ${parts}, ${locked}, ${move('HELD', kind)},
    back AS (
      UPDATE stock s SET reserved = s.reserved - locked.quantity FROM locked
      WHERE s.variant_id = locked.variant_id AND s.warehouse_id = locked.warehouse_id RETURNING s.variant_id, s.warehouse_id, s.on_hand),
    unclaimed AS (UPDATE flash_sale f SET taken = f.taken - sale.quantity FROM sale WHERE f.id = sale.id),
    given AS (
      UPDATE flash_sale_claim c SET given_back = true FROM claim
      WHERE c.reservation_id = claim.reservation_id AND c.flash_sale_id = claim.flash_sale_id),
    ${written(kind, 'back')}, ${due('0')}, ${told(kind)}`

const release: Statement = {
  name: 'products release',
  writes: true,
  text: `${letGo(
    `kept AS (
      INSERT INTO reservation (id, checkout_id, state, created_at) VALUES ($4, $1, 'RELEASED', $2::timestamptz)
      ON CONFLICT (checkout_id) DO NOTHING RETURNING id),
    mine AS MATERIALIZED (SELECT id FROM reservation WHERE checkout_id = $1 AND state = 'HELD' FOR UPDATE)`,
    'RELEASED',
  )}
    SELECT EXISTS (SELECT FROM kept) OR EXISTS (SELECT FROM mine) AS done, (SELECT state FROM reservation WHERE checkout_id = $1) AS state`,
}

const overdue: Statement = {
  name: 'products overdue',
  text: `SELECT id FROM reservation WHERE state = 'HELD' AND expires_at <= $1::timestamptz ORDER BY expires_at, id LIMIT $2::bigint`,
}

const expire: Statement = {
  name: 'products expire',
  writes: true,
  text: `${letGo(
    `mine AS MATERIALIZED (
      SELECT id FROM reservation WHERE state = 'HELD' AND expires_at <= $2::timestamptz AND ($4::text IS NULL OR id = $4)
      ORDER BY expires_at, id LIMIT $1::bigint FOR UPDATE SKIP LOCKED)`,
    'EXPIRED',
  )}
    SELECT id FROM moved`,
}

/** What a confirmation found. */
export interface Confirmation {
  readonly id: string
  readonly state: ReservationState
  readonly done: boolean
}

/**
 * Takes held units out of stock for good, also after their time while nobody has given them back: they are still this checkout's.
 * Undefined where the checkout has no reservation; the state is that of before.
 */
export const confirmHeld = async (send: Send, checkoutId: string, now: Date): Promise<Confirmation | undefined> =>
  (await send<Confirmation>(confirm, checkoutId, now, newId('movement')))[0]

/** Gives held units back, or keeps a reserve that comes later out; the state is that of before. */
export const releaseHeld = async (
  send: Send,
  checkoutId: string,
  now: Date,
): Promise<{ readonly done: boolean; readonly state: ReservationState | null }> =>
  (
    await send<{ done: boolean; state: ReservationState | null }>(
      release,
      checkoutId,
      now,
      newId('movement'),
      newId('reservation'),
    )
  )[0]!

/** Held reservations whose time is up, the oldest first. */
export const findOverdue = async (send: Send, now: Date, most: number): Promise<string[]> =>
  (await send<{ id: string }>(overdue, now, most)).map(({ id }) => id)

/** Gives the units of overdue reservations back that nobody else has in hand, of at most so many or of the one named; says of how many. */
export const expireHeld = async (send: Send, now: Date, which: number | string): Promise<number> => {
  const [most, id] = typeof which === 'number' ? [which, null] : [1, which]
  return (await send(expire, most, now, newId('movement'), id)).length
}
