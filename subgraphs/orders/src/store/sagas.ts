import { limits } from '@pasar/shared/limits'
import { eventValues, tellingOf, type NewEvent } from '@pasar/shared/events/outbox'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { DeadlineKind } from '../domain/deadlines.ts'
import type { OrderState } from '../domain/order.ts'
import type { SagaPlace } from '../domain/saga-flow.ts'
import type { TrailEntry } from '../domain/saga-trail.ts'
import type { SagaContext } from '../saga/context.ts'
import type { Tx } from './database.ts'

/** The work on one checkout as its row says. */
export interface Saga extends SagaPlace {
  readonly checkoutId: string
  readonly attempts: number
  readonly fence: bigint
  readonly leaseUntil: Date | null
  readonly nextTryAt: Date | null
  readonly patientUntil: Date
  readonly context: SagaContext
  readonly payment: 'CAPTURED' | 'EXPIRED' | 'DENIED' | 'CANCELLED' | null
  readonly ending: 'UNPAID' | 'CANCELLED_BY_BUYER' | null
  readonly trail: readonly TrailEntry[]
  readonly lastError: string | null
}

const columns = `checkout_id AS "checkoutId", step, compensating, attempts, fence, lease_until AS "leaseUntil",
  next_try_at AS "nextTryAt", patient_until AS "patientUntil", context, payment, ending,
  trail, last_error AS "lastError"`

/** Until when whoever takes a saga now has it. */
export const leaseFrom = (now: Date) => new Date(now.getTime() + limits.leaseMs)

/** What a saga begins with. */
export interface NewSaga {
  readonly step: string
  readonly context: SagaContext
  readonly patientUntil: Date
  readonly now: Date
}

/** The end of a statement that adds the saga of a checkout that a part of it adds, already leased to whoever adds it. */
export const addingSaga = (
  added: string,
  at: number,
) => `INSERT INTO saga (checkout_id, step, context, patient_until, fence, lease_until, next_try_at)
    SELECT id, $${at}::text, $${at + 1}::jsonb, $${at + 2}::timestamptz, 1, $${at + 3}::timestamptz, $${at + 4}::timestamptz FROM ${added}
    RETURNING ${columns}`

/** The values of `addingSaga`, from `$at` on. */
export const newSagaValues = ({ step, context, patientUntil, now }: NewSaga): readonly unknown[] => [
  step,
  JSON.stringify(context),
  patientUntil,
  leaseFrom(now),
  now,
]

/** Leases a saga that is due and that nobody holds: one of those `among`, the longest waiting of them. */
export const claiming = (among: string) => `UPDATE saga SET fence = fence + 1, lease_until = $2::timestamptz WHERE checkout_id = (
      SELECT checkout_id FROM saga
      WHERE next_try_at <= $1::timestamptz AND (lease_until IS NULL OR lease_until < $1::timestamptz) AND ${among}
      ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING ${columns}`

/** What a runner writes after a step. `at` is when the saga is taken up next; null waits for an event. */
export interface SagaWrite extends SagaPlace {
  readonly attempts: number
  readonly context: SagaContext
  readonly at: Date | null
  /** Whether the runner goes on at once and keeps the lease. */
  readonly keep: boolean
  readonly now: Date
  /** Payment or ending as they are to be from now on; as they are when absent. */
  readonly payment?: Saga['payment']
  readonly ending?: null
  /** What became of the steps, where something did. */
  readonly trail: readonly TrailEntry[]
  /** What went wrong, where something did. */
  readonly lastError?: string
  /** What is written in the same statement. */
  readonly beside?: Beside | undefined
}

/** Orders' own part of a step that is written by the statement which writes the saga's row; see `besideSaga`. */
export interface Beside {
  readonly statement: string
  readonly values: readonly unknown[]
}

const row = `UPDATE saga SET step = $3, compensating = $4, attempts = $5, context = $6::jsonb, lease_until = $7::timestamptz,
    payment = CASE WHEN $9 THEN $10 ELSE payment END,
    ending = CASE WHEN $11 THEN NULL ELSE ending END,
    next_try_at = CASE WHEN $8::timestamptz IS NULL AND $3 <> 'ended' AND (payment IS NOT NULL OR ending IS NOT NULL)
      THEN $12::timestamptz ELSE $8::timestamptz END,
    trail = trail || $13::jsonb, last_error = coalesce($14, last_error)
  WHERE checkout_id = $1 AND fence = $2 RETURNING ${columns}`

/**
 * The statement that writes a saga's row and, with it, parts of its WITH. They begin with the row that is `written`: where another runner has
 * taken the saga over there is none, and they do nothing. Their values are from `$besideAt` on.
 */
export const besideSaga = (parts: string): string => `WITH written AS (${row}),\n  ${parts}\n  SELECT * FROM written`

/** Behind the values of the saga's row. */
export const besideAt = 15

/**
 * Writes a saga if the fence is still ours; undefined when another runner has taken it over. A saga that wants to wait for an event that came
 * in the meantime is due at once.
 */
export async function writeSaga(tx: SqlSeam, { checkoutId, fence }: Saga, write: SagaWrite): Promise<Saga | undefined> {
  const { step, compensating, attempts, context, at, keep, now, payment, ending, trail, lastError, beside } = write
  const lease = keep ? leaseFrom(now) : null
  const values = [checkoutId, fence, step, compensating, attempts, JSON.stringify(context), lease, at]
  const flags = [payment !== undefined, payment ?? null, ending === null, now]
  const told = [JSON.stringify(trail), lastError ?? null]
  const own = beside?.values ?? []
  return (await tx.$queryRawUnsafe<Saga[]>(beside?.statement ?? row, ...values, ...flags, ...told, ...own))[0]
}

/** A lease that somebody holds: the fence tells whether it is still theirs. */
export type Lease = Pick<Saga, 'checkoutId' | 'fence'>

/** Makes leases last longer whose holders are still at work; those that were taken over stay as they are. */
export const renewLeases = (db: SqlSeam, leases: readonly Lease[], now: Date): Promise<number> =>
  db.$executeRawUnsafe(
    `UPDATE saga SET lease_until = $3::timestamptz FROM unnest($1::text[], $2::bigint[]) AS held (checkout_id, fence)
      WHERE saga.checkout_id = held.checkout_id AND saga.fence = held.fence AND saga.lease_until IS NOT NULL`,
    leases.map(({ checkoutId }) => checkoutId),
    leases.map(({ fence }) => fence),
    leaseFrom(now),
  )

export const findSagas = (db: SqlSeam, checkoutIds: readonly string[]): Promise<Saga[]> =>
  db.$queryRawUnsafe<Saga[]>(`SELECT ${columns} FROM saga WHERE checkout_id = ANY($1::text[])`, checkoutIds)

/** Locks a saga's row, so that its runner cannot write before this transaction is over. */
export async function lockSaga(tx: SqlSeam, checkoutId: string): Promise<Saga | undefined> {
  return (await tx.$queryRawUnsafe<Saga[]>(`SELECT ${columns} FROM saga WHERE checkout_id = $1 FOR UPDATE`, checkoutId))[0]
}

/** Wishes a checkout to end; heeded until its payment has come. Says how many wait for that. */
export const wishEnd = (
  tx: Tx,
  wish: { readonly checkoutId: string; readonly ending: NonNullable<Saga['ending']>; readonly now: Date },
) =>
  tx.$executeRawUnsafe(
    `UPDATE saga SET ending = coalesce(ending, $2), next_try_at = coalesce(next_try_at, $3::timestamptz)
      WHERE checkout_id = $1 AND payment IS DISTINCT FROM 'CAPTURED' AND step <> 'ended'`,
    wish.checkoutId,
    wish.ending,
    wish.now,
  )

/** What payments said of a checkout. */
export interface PaymentNews {
  readonly checkoutId: string
  readonly buyerId: string
  readonly payment: NonNullable<Saga['payment']>
  readonly now: Date
}

/**
 * Parts of a statement's WITH that show in the checkout, once, that the payment which its part `noted` knows of is here, and tell it: whoever
 * has paid has paid in time, also where the deadline has passed meanwhile, as long as the orders have not ended. The statement's values are
 * those of `newsValues`.
 */
const receiving = `received AS (
    UPDATE checkout SET payment_received_at = $3::timestamptz FROM noted
    WHERE id = noted."checkoutId" AND noted.payment = 'CAPTURED' AND payment_received_at IS NULL RETURNING id),
  in_time AS (
    UPDATE deadline SET done_at = $3::timestamptz, kept = true FROM received JOIN shop_order ON checkout_id = received.id
    WHERE order_id = shop_order.id AND state = '${'AWAITING_PAYMENT' satisfies OrderState}' AND kind = '${'PAY' satisfies DeadlineKind}'
      AND kept IS DISTINCT FROM true),
  ${tellingOf('received', 4)}`

const newsValues = ({ checkoutId, buyerId, payment, now }: PaymentNews): readonly unknown[] => {
  const payload = { checkoutId, buyerId }
  const event: NewEvent = { type: 'CheckoutPaymentReceived', aggregateId: checkoutId, keys: [buyerId], payload }
  return [checkoutId, payment, now, ...eventValues({ now: () => now }, [event])]
}

/** What was captured stays captured. */
const noting = (from: string) => `noted AS (
  UPDATE saga
  SET payment = $2, next_try_at = CASE WHEN step = 'ended' THEN next_try_at ELSE coalesce(next_try_at, $3::timestamptz) END ${from}
  WHERE checkout_id = $1 AND (payment IS NULL OR ($2 = 'CAPTURED' AND payment <> 'CAPTURED')) RETURNING ${columns}),
  ${receiving} SELECT * FROM noted`

const note = `WITH ${noting('')}`

/** Notes what payments said and wakes the saga, which is given as it is then; undefined when it was known. */
export const notePayment = async (tx: Tx, news: PaymentNews): Promise<Saga | undefined> =>
  (await tx.$queryRawUnsafe<Saga[]>(note, ...newsValues(news)))[0]

const show = `WITH noted AS (SELECT checkout_id AS "checkoutId", payment FROM saga WHERE checkout_id = $1 AND payment = $2),
  ${receiving} SELECT id FROM received`

/** Shows and tells that a payment is here which its saga knows of by itself. */
export const showPayment = async (tx: Tx, news: PaymentNews): Promise<void> =>
  void (await tx.$executeRawUnsafe(show, ...newsValues(news)))

/** Whoever is told after the end of a saga does more than this. */
const hear: Statement = {
  name: 'orders_hear_payment',
  text: `WITH open AS (SELECT checkout_id FROM saga WHERE checkout_id = $1 AND step <> 'ended' FOR UPDATE),
    heard AS (
      INSERT INTO inbox_event (consumer, event_id, received_at) SELECT $6::text, $7::text, $3::timestamptz FROM open ON CONFLICT DO NOTHING RETURNING event_id),
    ${noting('FROM heard')}`,
  writes: true,
}

/** Notes, for the first event that says so and before the saga's end, what payments said; false otherwise. */
export const hearPayment = async (send: Send, news: PaymentNews, heard: Heard): Promise<boolean> =>
  (await send(hear, ...newsValues(news), heard.consumer, heard.eventId)).length > 0

/** An event as an inbox remembers it. */
export interface Heard {
  readonly consumer: string
  readonly eventId: string
}

/** Takes an ended saga up again where a payment came after its end. */
export const reopenSaga = (
  tx: SqlSeam,
  saga: { readonly checkoutId: string; readonly step: string; readonly context: SagaContext; readonly now: Date },
) =>
  tx.$executeRawUnsafe(
    `UPDATE saga SET step = $2, compensating = false, attempts = 0, context = $3::jsonb, next_try_at = $4::timestamptz, lease_until = NULL
      WHERE checkout_id = $1 AND step = 'ended'`,
    saga.checkoutId,
    saga.step,
    JSON.stringify(saga.context),
    saga.now,
  )
