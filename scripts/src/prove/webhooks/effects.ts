import { isDeepStrictEqual } from 'node:util'
import type { Postgres } from '@pasar/shared/postgres'
import type { Plan } from './chaos.ts'

/** All that notifications did about one payment, but for the log of what was said. */
export interface Effects {
  readonly state: string
  readonly captures: number
  /** Every movement of its journals, by account. */
  readonly movements: readonly string[]
  /** Every event that the market is told of it, in order. */
  readonly told: readonly string[]
  readonly refunds: number
}

const found = `SELECT payment.id, state, (captured_at IS NOT NULL)::int AS captures,
    ARRAY(SELECT account_id || ' ' || posting.amount FROM posting JOIN journal ON journal.id = journal_id
      WHERE reference = 'capture:' || payment.id OR account_id = 'ESCROW:' || order_id ORDER BY 1) AS movements,
    ARRAY(SELECT type FROM outbox_event WHERE aggregate_id = payment.id ORDER BY seq) AS told,
    (SELECT count(*) FROM refund WHERE payment_id = payment.id)::int AS refunds
  FROM payment JOIN payment_order ON payment_id = payment.id`

/** What there is of each payment, by its id. */
export async function effectsOf({ pool }: Postgres, paymentIds: readonly string[]): Promise<ReadonlyMap<string, Effects>> {
  const { rows } = await pool.query<Effects & { id: string }>(`${found} WHERE payment.id = ANY($1::text[])`, [paymentIds])
  return new Map(rows.map(({ id, ...effects }) => [id, effects]))
}

/** What the notifications must have done: what the provider did, each once, and a refusal only where it was heard before the money. */
function expected({ lived: { orderId, amount, state }, turns }: Plan): Effects {
  const heard = turns.flat().flatMap(({ sent, twist }) => (twist === 'forged' || twist === 'superseded' ? [] : sent.does))
  const [paid, refused] = [heard.indexOf('pays'), heard.indexOf('refuses')]
  const captures = paid < 0 ? 0 : 1
  const isRefused = refused >= 0 && (paid < 0 || refused < paid)
  const movements = [`ESCROW:${orderId} ${-amount}`, `PROVIDER_CLEARING ${amount}`]
  const told = ['PaymentPending', ...(isRefused ? ['PaymentFailed'] : []), ...(captures ? ['PaymentCaptured'] : [])]
  return { state, captures, movements: captures ? movements : [], told, refunds: 0 }
}

const logged = `SELECT lower(outcome) AS outcome, count(*)::int AS count FROM payment_event WHERE source = 'NOTIFICATION' GROUP BY outcome`

/** Notifications that the log has with another outcome than was answered, or does not have; what is told again is in it once. */
export async function wronglyLogged({ pool }: Postgres, answers: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ outcome: string; count: number }>(logged)
  const outcomes = ['applied', 'disputed', 'superseded']
  const difference = (outcome: string) =>
    (rows.find((row) => row.outcome === outcome)?.count ?? 0) - answers.filter((answer) => answer === `200 ${outcome}`).length
  return outcomes.reduce((sum, outcome) => sum + Math.abs(difference(outcome)), 0)
}

/** What became of the payments, against what their providers did. */
export async function verify(postgres: Postgres, plans: readonly Plan[]) {
  const there = await effectsOf(
    postgres,
    plans.map(({ lived }) => lived.paymentId),
  )
  const count = `SELECT (SELECT count(*) FROM journal)::int AS journals, (SELECT count(*) FROM payment)::int AS payments,
    (SELECT coalesce(sum(amount), 0) FROM posting)::text AS sum`
  const { rows } = await postgres.pool.query<{ journals: number; payments: number; sum: string }>(count)
  const { journals, payments, sum } = rows[0]!
  const wanted = plans.map((plan) => ({ id: plan.lived.paymentId, effects: expected(plan) }))
  const captured = wanted.filter(({ effects }) => effects.captures > 0)
  return {
    wrongStates: wanted.filter(({ id, effects }) => there.get(id)?.state !== effects.state).length,
    wrongEffects: wanted.filter(({ id, effects }) => !isDeepStrictEqual(there.get(id), effects)).length,
    /** Journals and payments of which no provider knows. */
    unasked: Math.abs(journals - captured.length) + Math.abs(payments - plans.length),
    ledgerSum: Number(sum),
  }
}
