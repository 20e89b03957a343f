import { isDeepStrictEqual } from 'node:util'
import type { Postgres } from '@pasar/shared/postgres/pool'
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

/** What was answered to a notification about a payment, or is in the log of it. */
export interface Answer {
  readonly about: string
  readonly answer: string
}

const logged = `SELECT payment_id AS about, '200 ' || lower(outcome) AS answer FROM payment_event WHERE source = 'NOTIFICATION'`

/** What the log has of notifications, as they must have been answered. */
export const readLog = async ({ pool }: Postgres): Promise<readonly Answer[]> => (await pool.query<Answer>(logged)).rows

/** Answers to what is in the log: whatever is told again is in it once. */
const keptAnswers: readonly string[] = ['200 applied', '200 disputed', '200 superseded']

/** How many notifications the log has of another payment or with another outcome than was answered, or has not. Pure. */
export function wronglyLogged(answers: readonly Answer[], log: readonly Answer[]): number {
  const missing = new Map<string, number>()
  const count = ({ about, answer }: Answer, by: number) => {
    const name = `${about} ${answer}`
    missing.set(name, (missing.get(name) ?? 0) + by)
  }
  for (const one of answers) if (keptAnswers.includes(one.answer)) count(one, 1)
  for (const one of log) count(one, -1)
  return [...missing.values()].reduce((sum, times) => sum + Math.abs(times), 0)
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
