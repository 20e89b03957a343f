import type { Minor } from '@pasar/shared/money'
import type { Tx } from './database.ts'

/** What is known of one dispute. */
export interface Dispute {
  /** How much of the payment is booked as gone because of it, less what came back. */
  readonly booked: Minor
  readonly isOver: boolean
}

// A word that tells of less than before keeps what came back beside what it takes off the disputes: refunds may have settled some of it.
const find = `SELECT coalesce(sum(coalesce(-reversed_amount, disputed_amount)), 0)::bigint AS booked,
    coalesce(bool_or(provider_status IN ('dispute.won', 'dispute.lost')), false) AS "isOver"
  FROM payment_event WHERE message_key = ANY($1::text[])`

/** A dispute by the keys under which it is told. Whoever holds its payment asks. */
export const findDispute = async (tx: Tx, keys: readonly string[]): Promise<Dispute> =>
  (await tx.$queryRawUnsafe<[Dispute]>(find, keys))[0]

const unsettled = `SELECT ((SELECT coalesce(sum(disputed_amount), 0) FROM payment_event WHERE payment_id = $1)
  - (SELECT coalesce(sum(disputed_amount), 0) FROM refund WHERE payment_id = $1))::bigint AS amount`

/** What of a payment is disputed and not settled by a refund. Whoever holds the payment asks. */
export const unsettledOf = async (tx: Tx, paymentId: string): Promise<Minor> =>
  (await tx.$queryRawUnsafe<[{ amount: Minor }]>(unsettled, paymentId))[0].amount
