import type { Order } from '../domain/order.ts'
import type { Tx } from './database.ts'

/** What of an account's purchases is not over yet. */
export interface Unfinished {
  readonly checkouts: number
  readonly orders: number
  readonly refunds: number
}

const unfinished = `SELECT
    (SELECT count(*) FROM checkout JOIN saga ON checkout_id = id WHERE buyer_id = $1 AND step <> 'ended')::integer AS checkouts,
    (SELECT count(*) FROM shop_order WHERE buyer_id = $1 AND state NOT IN ('COMPLETED', 'CANCELLED'))::integer AS orders,
    (SELECT count(*) FROM order_refund r JOIN shop_order o ON o.id = order_id WHERE buyer_id = $1 AND completed_at IS NULL)::integer AS refunds`

export const findUnfinished = async (db: Tx, accountId: string): Promise<Unfinished> =>
  (await db.$queryRawUnsafe<[Unfinished]>(unfinished, accountId))[0]

const note = `INSERT INTO erased_buyer (account_id, erased_at, next_look_at) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING`

/** Remembers that a buyer is erased; what the orders say of them goes as these end. */
export const noteErased = async (tx: Tx, accountId: string, now: Date): Promise<void> =>
  void (await tx.$executeRawUnsafe(note, accountId, now))

const claim = `UPDATE erased_buyer SET next_look_at = $2 WHERE account_id = (
    SELECT account_id FROM erased_buyer WHERE next_look_at <= $1 ORDER BY next_look_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING account_id AS "accountId"`

/** Takes an erased buyer whose orders are to be looked at, until `again`: one of a process that died is looked at then. */
export const claimErased = async (db: Tx, now: Date, again: Date): Promise<string | undefined> =>
  (await db.$queryRawUnsafe<{ accountId: string }[]>(claim, now, again))[0]?.accountId

/** Where money comes after the end, it goes back: there is nobody to send the goods to. */
const emptySagas = `UPDATE saga SET context = context - 'address',
    ending = CASE WHEN payment = 'CAPTURED' THEN ending ELSE 'CANCELLED_BY_BUYER' END
  FROM checkout WHERE id = checkout_id AND buyer_id = $1 AND step = 'ended' AND context ? 'address'`

/** What is left of a place: where it lies, as far as couriers' and tax statements need it. */
const nobody = JSON.stringify({ name: '', phone: '', street: '' })

const holdOver = `SELECT o.id FROM shop_order o JOIN saga s USING (checkout_id)
  WHERE buyer_id = $1 AND state IN ('COMPLETED', 'CANCELLED') AND step = 'ended' AND destination->>'name' <> ''
  ORDER BY o.id LIMIT $2 FOR UPDATE OF o`

const emptyOrders = `WITH over AS (SELECT unnest($1::text[]) AS id),
  notes AS (UPDATE order_history SET note = NULL FROM over WHERE order_id = over.id AND note IS NOT NULL),
  returns AS (UPDATE order_return SET note = '', evidence = '[]' FROM over WHERE order_id = over.id),
  events AS (
    UPDATE outbox_event SET payload = CASE type
      WHEN 'OrderAccepted' THEN jsonb_set(payload, '{destination}', (payload->'destination') || $2::jsonb)
      ELSE jsonb_set(payload, '{origin}', (payload->'origin') || $2::jsonb) END
    FROM over WHERE aggregate_id = over.id AND type IN ('OrderAccepted', 'ReturnApproved'))
  UPDATE shop_order SET destination = destination || $2::jsonb FROM over WHERE shop_order.id = over.id
  RETURNING shop_order.id, checkout_id AS "checkoutId", buyer_id AS "buyerId", shop_id AS "shopId"`

/** An order that says nothing of its buyer any more. */
export type EmptiedOrder = Pick<Order, 'id' | 'checkoutId' | 'buyerId' | 'shopId'>

/**
 * Empties what ended orders and checkouts say of an erased buyer, as many orders as `atMost`; gives those. They are held first: a statement
 * that waits for an order sees what is written about it as it was before it waited.
 */
export async function emptyEnded(tx: Tx, accountId: string, atMost: number): Promise<EmptiedOrder[]> {
  await tx.$executeRawUnsafe(emptySagas, accountId)
  const over = await tx.$queryRawUnsafe<{ readonly id: string }[]>(holdOver, accountId, atMost)
  return tx.$queryRawUnsafe<EmptiedOrder[]>(
    emptyOrders,
    over.map(({ id }) => id),
    nobody,
  )
}

const settle = `UPDATE erased_buyer SET next_look_at = NULL WHERE account_id = $1
  AND NOT EXISTS (SELECT FROM shop_order WHERE buyer_id = $1 AND destination->>'name' <> '')
  AND NOT EXISTS (SELECT FROM checkout JOIN saga ON checkout_id = id WHERE buyer_id = $1 AND step <> 'ended')`

/** Looks no more at the orders of an erased buyer where none says anything of them, and none can come. */
export const settleErased = (tx: Tx, accountId: string) => tx.$executeRawUnsafe(settle, accountId)

const hurry = `UPDATE erased_buyer SET next_look_at = $2 WHERE account_id = $1`

/** Looks at once again: there were more orders than one look takes. */
export const lookAgain = (tx: Tx, accountId: string, now: Date) => tx.$executeRawUnsafe(hurry, accountId, now)
