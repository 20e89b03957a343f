import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import type { RefundDestination } from '../domain/methods.ts'
import type { RefundAgainst } from '../domain/refund.ts'
import type { Database, Tx } from './database.ts'

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
  readonly state: 'REQUESTED' | 'COMPLETED'
  readonly attempts: number
  readonly createdAt: Date
  readonly completedAt: Date | null
}

const columns = `id, order_id AS "orderId", payment_id AS "paymentId", buyer_id AS "buyerId", shop_id AS "shopId", amount, destination, against, state, attempts,
  created_at AS "createdAt", completed_at AS "completedAt"`

/** Puts a refund down. */
export const insertRefund = (tx: Tx, refund: Refund) => tx.refund.create({ data: { ...refund, nextTryAt: refund.createdAt } })

/** Whether a refund is put down already. */
export const isKnownRefund = async (tx: Tx, id: string): Promise<boolean> => (await tx.refund.count({ where: { id } })) > 0

/** Refunds by id. */
export const findRefunds = (db: Database, ids: readonly string[]) =>
  db.$queryRawUnsafe<Refund[]>(`SELECT ${columns} FROM refund WHERE id = ANY($1::text[])`, ids)

const claim = `UPDATE refund SET attempts = attempts + 1, next_try_at = $2 WHERE id IN
  (SELECT id FROM refund WHERE state = 'REQUESTED' AND next_try_at <= $1 ORDER BY next_try_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED) RETURNING ${columns}`

/** Takes refunds that are due and puts their next attempt off, so that no other replica asks at the same time. */
export const claimRefunds = (tx: Tx, { now, again, atMost }: { now: Date; again: Date; atMost: number }) =>
  tx.$queryRawUnsafe<Refund[]>(claim, now, again, atMost)

/** Says when to ask again. */
export const retryRefund = (tx: Tx, id: string, at: Date) =>
  tx.$executeRawUnsafe(`UPDATE refund SET next_try_at = $2 WHERE id = $1 AND state = 'REQUESTED'`, id, at)

/** Ends a refund; false when it had ended before. */
export const completeRefund = async (
  tx: Tx,
  { id, destination, against }: Pick<Refund, 'id' | 'destination' | 'against'>,
  now: Date,
): Promise<boolean> => {
  const { count } = await tx.refund.updateMany({
    where: { id, state: 'REQUESTED' },
    data: { state: 'COMPLETED', completedAt: now, destination, against },
  })
  return count === 1
}
