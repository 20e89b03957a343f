import type { Id } from '@pasar/shared/ids'
import { listOfEach, type Order } from '@pasar/shared/subgraph/keyset'
import type { Minor } from '@pasar/shared/money'
import type { Page } from '@pasar/shared/subgraph/page'
import type { RefundDestination } from '../domain/methods.ts'
import type { RefundAgainst } from '../domain/refund.ts'
import type { Db, Tx } from './database.ts'

/** Money of one order on its way back. */
export interface Refund {
  readonly id: Id<'refund'>
  readonly orderId: string
  readonly paymentId: string
  readonly buyerId: string
  readonly shopId: string
  readonly amount: Minor
  readonly destination: RefundDestination
  readonly against: RefundAgainst
  /** How much of it the provider had given back before: that part settles a dispute. */
  readonly disputed: Minor
  readonly state: 'REQUESTED' | 'COMPLETED'
  /** The provider's own name for it, once it has answered. */
  readonly providerReference: string | null
  readonly attempts: number
  readonly createdAt: Date
  readonly completedAt: Date | null
}

const columns = `id, order_id AS "orderId", payment_id AS "paymentId", buyer_id AS "buyerId", shop_id AS "shopId", amount, destination, against,
  disputed_amount AS disputed, state, provider_reference AS "providerReference", attempts, created_at AS "createdAt", completed_at AS "completedAt"`

const insert = `INSERT INTO refund (id, order_id, payment_id, buyer_id, shop_id, amount, destination, against, disputed_amount, state, attempts,
    next_try_at, created_at, completed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)`

/** Puts a refund down. */
export const insertRefund = (tx: Tx, refund: Refund) => {
  const { id, orderId, paymentId, buyerId, shopId, amount, destination, against, disputed, ...rest } = refund
  const { state, attempts, createdAt, completedAt } = rest
  const what = [id, orderId, paymentId, buyerId, shopId, amount, destination, against, disputed]
  return tx.$executeRawUnsafe(insert, ...what, state, attempts, createdAt, completedAt)
}

/** Whether a refund is put down already. */
export const isKnownRefund = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.$queryRawUnsafe<unknown[]>('SELECT 1 FROM refund WHERE id = $1', id)).length > 0

/** Refunds by id. */
export const findRefunds = (db: Db | Tx, ids: readonly string[]) =>
  db.$queryRawUnsafe<Refund[]>(`SELECT ${columns} FROM refund WHERE id = ANY($1::text[])`, ids)

const oldestFirst: Order = { columns: [{ sql: 'id', kind: 'text' }], descending: false }
const ofEach = { columns, from: 'refund', order: oldestFirst } as const

/** The same page of each order's refunds. */
export const findRefundPages = (db: Db, orderIds: readonly string[], page: Page) =>
  listOfEach<Refund>(db, orderIds, { ...ofEach, where: 'order_id = owner.id', page })

/** The same page of each payment's refunds. */
export const findRefundPagesOfPayments = (db: Db, paymentIds: readonly string[], page: Page) =>
  listOfEach<Refund>(db, paymentIds, { ...ofEach, where: 'payment_id = owner.id', page })

const open = `SELECT count(*)::integer AS n FROM refund WHERE buyer_id = $1 AND state = 'REQUESTED'`

/** How many refunds of a buyer the provider has not carried out yet. */
export const countOpenRefunds = async (db: Db, buyerId: string): Promise<number> =>
  (await db.$queryRawUnsafe<[{ n: number }]>(open, buyerId))[0].n

const claim = `UPDATE refund SET attempts = attempts + 1, next_try_at = $2 WHERE id IN
  (SELECT id FROM refund WHERE state = 'REQUESTED' AND next_try_at <= $1 ORDER BY next_try_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED) RETURNING ${columns}`

/** Takes refunds that are due and puts their next attempt off, so that no other replica asks at the same time. */
export const claimRefunds = (tx: Tx, { now, again, atMost }: { now: Date; again: Date; atMost: number }) =>
  tx.$queryRawUnsafe<Refund[]>(claim, now, again, atMost)

const retry = `UPDATE refund SET next_try_at = $2, provider_reference = coalesce($3, provider_reference) WHERE id = $1 AND state = 'REQUESTED'`

/** Says when to ask again, and by what name, where the provider has given it one. */
export const retryRefund = (
  tx: Tx,
  id: string,
  { at, reference = null }: { readonly at: Date; readonly reference?: string | null },
) => tx.$executeRawUnsafe(retry, id, at, reference)

const made = `UPDATE refund SET made_by = coalesce(made_by, $2) WHERE id = $1 RETURNING made_by = $2 AS "isOnce"`

/** Notes by which word a provider has told that it has made a refund; false when it was another one before. */
export const noteMade = async (tx: Tx, id: string, word: string): Promise<boolean> =>
  (await tx.$queryRawUnsafe<[{ isOnce: boolean }]>(made, id, word))[0].isOnce

const complete = `UPDATE refund SET state = 'COMPLETED', completed_at = $2, destination = $3, against = $4, disputed_amount = $5
  WHERE id = $1 AND state = 'REQUESTED'`

/** Ends a refund; false when it had ended before. */
export const completeRefund = async (
  tx: Tx,
  { id, destination, against, disputed }: Pick<Refund, 'id' | 'destination' | 'against' | 'disputed'>,
  now: Date,
): Promise<boolean> => (await tx.$executeRawUnsafe(complete, id, now, destination, against, disputed)) === 1
