import type { Postgres } from '@pasar/shared/postgres/pool'
import { refundsOf, type Life } from './life.ts'

/** What there is of a life: its payment's state, its refunds and withdrawals, and every sum on every account. */
export interface Found {
  readonly state: string
  readonly refunds: readonly string[]
  readonly withdrawals: readonly string[]
  readonly journals: readonly string[]
  readonly sums: readonly { readonly account: string; readonly sum: number }[]
}

const query = `WITH own AS (SELECT id, reference FROM journal WHERE reference = ANY($1::text[])
    OR reference IN (SELECT 'dispute:' || message_key FROM payment_event WHERE payment_id = $2))
  SELECT (SELECT state FROM payment WHERE id = $2) AS state,
    ARRAY(SELECT id || ' ' || state FROM refund WHERE payment_id = $2 ORDER BY id) AS refunds,
    ARRAY(SELECT id || ' ' || state FROM withdrawal WHERE id = ANY($3::text[]) ORDER BY id) AS withdrawals,
    ARRAY(SELECT reference FROM own ORDER BY 1) AS journals,
    (SELECT coalesce(json_agg(json_build_object('account', account_id, 'sum', sum)), '[]') FROM (
      SELECT account_id, sum(amount) AS sum FROM posting JOIN own ON own.id = journal_id GROUP BY account_id
      HAVING sum(amount) <> 0 ORDER BY account_id) AS summed) AS sums`

/** Every name under which something of a life may be posted, but for what its provider alone decides. */
function referencesOf(life: Life): readonly string[] {
  const refunds = refundsOf(life).flatMap((id) =>
    ['refund', 'refund-paid', 'refund-rerouted', 'clawback'].map((kind) => `${kind}:${id}`),
  )
  const taken = life.withdrawals.flatMap(({ withdrawalId }) =>
    ['withdrawal', 'payout', 'payout_failed', 'payout_reversed'].map((kind) => `${kind}:${withdrawalId}`),
  )
  return [`capture:${life.paymentId}`, ...life.orders.map(({ orderId }) => `release:${orderId}`), ...refunds, ...taken]
}

/** Looks at a life in the database. */
export async function look({ pool }: Postgres, life: Life): Promise<Found> {
  const withdrawals = life.withdrawals.map(({ withdrawalId }) => withdrawalId)
  return (await pool.query<Found>(query, [referencesOf(life), life.paymentId, withdrawals])).rows[0]!
}
