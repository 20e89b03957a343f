import type { Minor } from '@pasar/shared/money'
import type { Clock } from '@pasar/shared/clock'
import type { Id } from '@pasar/shared/ids'
import { eventValues, tellingOf, type NewEvent } from '@pasar/shared/events/outbox'
import { lockName } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { PaymentMethod } from '../domain/methods.ts'
import { messageKey, type CarriedOut, type Decision, type Heard, type ProviderName } from '../domain/payment.ts'
import { isOpen, type PaymentState, type ProviderStatus } from '../domain/provider-status.ts'
import type { AskedPayment, Instructions } from '../providers/provider.ts'
import type { Db, Tx } from './database.ts'
import { columnsOf, heldAsJson, holdingPaid, orderOfJson, type NewShare, type OrderJson, type PaymentOrder } from './escrow.ts'

/** A payment as the rest of this subgraph sees it. */
export interface Payment {
  readonly id: Id<'payment'>
  readonly checkoutId: string
  readonly buyerId: string
  readonly method: PaymentMethod
  readonly provider: ProviderName
  readonly providerReference: string | null
  readonly transactionId: string | null
  readonly amount: Minor
  readonly state: PaymentState
  readonly status: ProviderStatus
  readonly instructions: Instructions | null
  readonly expiresAt: Date
  readonly createdAt: Date
  readonly capturedAt: Date | null
}

/** A payment that nobody else can change until the transaction ends. */
export type HeldPayment = Payment

const columns = `id, checkout_id AS "checkoutId", buyer_id AS "buyerId", method, provider, provider_reference AS "providerReference",
  provider_transaction_id AS "transactionId", amount, state, coalesce(provider_status, 'new') AS status, instructions,
  expires_at AS "expiresAt", created_at AS "createdAt", captured_at AS "capturedAt"`

const read = (db: Db | Tx, rest: string, ...values: unknown[]) =>
  db.$queryRawUnsafe<Payment[]>(`SELECT ${columns} FROM payment ${rest}`, ...values)

/** Payments by id. */
export const findPayments = (db: Db, ids: readonly string[]) => read(db, `WHERE id = ${anyOf('$1::text[]')}`, ids)

/** Payments by checkout. */
export const findPaymentsOfCheckouts = (db: Db | Tx, checkoutIds: readonly string[]) =>
  read(db, `WHERE checkout_id = ${anyOf('$1::text[]')}`, checkoutIds)

const heldFrom = async (tx: Tx, statement: string, ...values: unknown[]): Promise<HeldPayment | undefined> =>
  (await tx.$queryRawUnsafe<HeldPayment[]>(statement, ...values))[0]

const holdBy = (column: 'id' | 'checkout_id') => `SELECT ${columns} FROM payment WHERE ${column} = $1 FOR NO KEY UPDATE`

/** A payment, held until the transaction ends: everything that happens to one payment happens one after another. */
export const lockPayment = (tx: Tx, id: string) => heldFrom(tx, holdBy('id'), id)

/** The payment of a checkout, held until the transaction ends. */
export const lockPaymentOfCheckout = (tx: Tx, checkoutId: string) => heldFrom(tx, holdBy('checkout_id'), checkoutId)

const disputed = `(SELECT coalesce(sum(disputed_amount), 0) FROM payment_event WHERE payment_id = $1)`
const refunded = `(SELECT coalesce(sum(amount - disputed_amount), 0) FROM refund WHERE payment_id = $1`
const reversed = `SELECT (${disputed} + ${refunded} AND against = 'PROVIDER' AND (state = 'COMPLETED' AND NOT $4 OR $2 OR id = ANY($3::text[]))))::bigint AS amount`

/**
 * What is known to have gone back at the provider: unasked (from the log of what it said), or because we asked for it. Whoever holds the
 * payment asks when it is held: a statement that waits for a row sees other tables, such as what was told of refunds, as they were before
 * it waited.
 */
export const reversedOf = async (tx: Tx, id: string, { all, keys, only }: CarriedOut): Promise<Minor> =>
  (await tx.$queryRawUnsafe<[{ amount: Minor }]>(reversed, id, all, keys, only))[0].amount

const goneBack = `SELECT (${disputed} + ${refunded} AND id <> $2))::bigint AS amount`

/** What the buyer has of a payment again, or will have, whichever way, without one refund. Whoever holds the payment asks. */
export const goneBackOf = async (tx: Tx, id: string, without: string): Promise<Minor> =>
  (await tx.$queryRawUnsafe<[{ amount: Minor }]>(goneBack, id, without))[0].amount

const openDisputes = `SELECT count(*)::integer AS n FROM payment JOIN
    (SELECT payment_id AS id, max(received_at) AS at FROM payment_event WHERE disputed_amount > 0 GROUP BY payment_id) AS dispute USING (id)
  WHERE buyer_id = $1 AND at > $2 AND (SELECT sum(disputed_amount) FROM payment_event WHERE payment_id = payment.id)
    > (SELECT coalesce(sum(disputed_amount), 0) FROM refund WHERE payment_id = payment.id)`

/** How many payments of a buyer the provider gave back unasked since some moment, without a refund that settles it. */
export const countOpenDisputes = async (db: Db, buyerId: string, since: Date): Promise<number> =>
  (await db.$queryRawUnsafe<[{ n: number }]>(openDisputes, buyerId, since))[0].n

/** A payment to be asked for. */
export type NewPayment = Pick<
  Payment,
  'id' | 'checkoutId' | 'buyerId' | 'method' | 'provider' | 'amount' | 'expiresAt' | 'createdAt'
> & {
  readonly checkAt: Date
}

const insert = `WITH asked AS (
    INSERT INTO payment (id, checkout_id, buyer_id, method, provider, amount, state, expires_at, created_at, check_at)
    SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint, 'PENDING', $7::timestamptz, $8::timestamptz, $9::timestamptz
    WHERE NOT EXISTS (SELECT FROM cancelled_checkout WHERE checkout_id = $2) ON CONFLICT (checkout_id) DO NOTHING RETURNING ${columns}),
  shares AS (
    INSERT INTO payment_order (order_id, payment_id, buyer_id, shop_id, items_amount, shipping_amount, terms, escrow)
    SELECT order_id, asked.id, share.buyer_id, shop_id, items_amount, shipping_amount, terms, 'AWAITING'
    FROM asked, unnest($10::text[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::jsonb[])
      AS share (order_id, buyer_id, shop_id, items_amount, shipping_amount, terms))
  SELECT * FROM asked`

/**
 * Puts a payment and what it is for down before the provider hears of it; undefined where the checkout has one, or was called off. The caller
 * holds the checkout.
 */
export const insertPayment = (tx: Tx, payment: NewPayment, shares: readonly NewShare[]): Promise<HeldPayment | undefined> => {
  const { id, checkoutId, buyerId, method, provider, amount, expiresAt, createdAt, checkAt } = payment
  const asked = [id, checkoutId, buyerId, method, provider, amount, expiresAt, createdAt, checkAt]
  return heldFrom(tx, insert, ...asked, ...columnsOf(shares))
}

/** The payment as its provider knows it. */
export const askedOf = ({ id, method, amount, providerReference, transactionId }: HeldPayment): AskedPayment => ({
  paymentId: id,
  method,
  amount,
  reference: providerReference,
  transactionId,
})

const save = `WITH saved AS (UPDATE payment SET instructions = $2::jsonb, provider_reference = $3 WHERE id = $1 RETURNING id),
  ${tellingOf('saved', 4)}
  SELECT id FROM saved`

/** What the provider told the buyer to do, its own name for the payment, and the event that the payment can be paid. */
export interface Payable {
  readonly instructions: Instructions
  readonly reference: string | null
  readonly event: NewEvent
}

/** Keeps how a payment can be paid, and tells that it can. */
export const savePayable = (tx: Tx, clock: Clock, { id, instructions, reference, event }: Payable & { readonly id: string }) =>
  tx.$executeRawUnsafe(save, id, JSON.stringify(instructions), reference, ...eventValues(clock, [event]))

/** What is paid at the door is not there when the order may go on. */
const stateFor = (method: PaymentMethod, state: PaymentState): PaymentState =>
  method === 'COD' && state === 'CAPTURED' ? 'ON_DELIVERY' : state

const settle = `WITH orders AS (
    SELECT bool_or(collected_at IS NOT NULL) AND bool_and(collected_at IS NOT NULL OR escrow IN ('REFUNDING', 'REFUNDED')) AS collected
    FROM payment_order WHERE payment_id = $1),
  refunds AS (SELECT sum(amount) AS amount FROM refund WHERE payment_id = $1 AND state = 'COMPLETED')
  UPDATE payment SET state = CASE WHEN payment.amount = refunds.amount THEN 'REFUNDED' ELSE 'CAPTURED' END FROM orders, refunds
  WHERE id = $1 AND (state IN ('CAPTURED', 'ON_DELIVERY') AND payment.amount = refunds.amount OR state = 'ON_DELIVERY' AND collected)`

/** Whoever follows a payment hears that its state has changed, where no other event says so. */
export const paymentMoved = ({ id: paymentId, checkoutId, buyerId }: HeldPayment): NewEvent => ({
  type: 'PaymentMoved',
  aggregateId: paymentId,
  keys: [checkoutId],
  payload: { paymentId, checkoutId, buyerId },
})

/**
 * A payment of which all has gone back, whichever way, is refunded; one at the door is there when the courier has the cash for all orders
 * that were not called off. Asked after everything that may end either; whether it ended.
 */
export const endIfSettled = async (tx: Tx, paymentId: string): Promise<boolean> =>
  (await tx.$executeRawUnsafe(settle, paymentId)) === 1

const addMessage = `INSERT INTO payment_event (payment_id, provider, message_key, source, transaction_id, provider_status, status_code, fraud_status, amount,
    reversed_amount, outcome, disputed_amount, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (message_key) DO NOTHING`

/** A message with what became of it. */
export interface ReceivedMessage extends Heard {
  readonly decision: Decision
  readonly now: Date
}

const rowOf = ({ message, source, decision, now }: ReceivedMessage): unknown[] => {
  const { paymentId, provider, transactionId, providerStatus, statusCode, fraudStatus, amount, reversedAmount } = message
  const said = [transactionId, providerStatus, statusCode, fraudStatus, amount, reversedAmount]
  return [paymentId, provider, messageKey({ message, source }), source, ...said, decision.outcome, decision.disputed, now]
}

/** Adds a message that changes nothing to the payment's log; false when it was there already. */
export const addPaymentEvent = async (tx: Tx, received: ReceivedMessage): Promise<boolean> =>
  (await tx.$executeRawUnsafe(addMessage, ...rowOf(received))) === 1

/** Whether a payment's state changes by a message that makes this of it. */
export const movesTo = ({ state, method }: HeldPayment, to: PaymentState): boolean =>
  state !== 'REFUNDED' && state !== stateFor(method, to)

const applying = `WITH heard AS (${addMessage} RETURNING payment_id),
  applied AS (
    UPDATE payment SET provider_status = $14, state = CASE WHEN state = 'REFUNDED' THEN state ELSE $15 END, provider_transaction_id = $5,
      captured_at = $16, check_at = CASE WHEN $17 THEN check_at END, instructions = coalesce($18::jsonb, instructions),
      provider_reference = coalesce($19, provider_reference)
    FROM heard WHERE id = heard.payment_id RETURNING ${columns}),
  ${tellingOf('applied', 20)}`

const apply = `${applying} SELECT * FROM applied`
const applyCapture = `${applying}, ${holdingPaid('applied')} SELECT applied.*, ${heldAsJson} AS orders FROM applied`

/** A payment as a message has made it; where the money has come with that, also its parts as they were before. */
export interface Applied {
  readonly payment: HeldPayment
  readonly orders: readonly PaymentOrder[]
}

/** A message that changes its payment, and what is told of that; and how the payment can be paid, where that is heard with it. */
export interface AppliedMessage extends ReceivedMessage {
  readonly events: readonly NewEvent[]
  readonly payable?: Payable | undefined
}

/** Adds a message to the payment's log with what it makes of the payment, which is given back; undefined when it was there already. */
export const applyMessage = async (
  tx: Tx,
  before: HeldPayment,
  { events, payable, ...received }: AppliedMessage,
): Promise<Applied | undefined> => {
  const { status, state, capture } = received.decision
  const becomes = [status, stateFor(before.method, state), capture ? received.now : before.capturedAt, isOpen(state)]
  const known = [payable ? JSON.stringify(payable.instructions) : null, payable?.reference ?? null]
  const told = eventValues({ now: () => received.now }, payable ? [...events, payable.event] : events)
  const values = [...rowOf(received), ...becomes, ...known, ...told]
  const text = capture ? applyCapture : apply
  const [row] = await tx.$queryRawUnsafe<(HeldPayment & { readonly orders?: readonly OrderJson[] | null })[]>(text, ...values)
  if (!row) return undefined
  const { orders, ...payment } = row
  return { payment, orders: (orders ?? []).map(orderOfJson) }
}

const checkSoonOf = `UPDATE payment SET check_at = least(coalesce(check_at, $2), $2) WHERE id = $1`

/** What was said does not fit: the provider is asked what is true. */
export const checkSoon = (tx: Tx, id: string, now: Date) => tx.$executeRawUnsafe(checkSoonOf, id, now)

const endChecks = `UPDATE payment SET check_at = NULL WHERE id = $1 AND check_at = $2 AND state NOT IN ('PENDING', 'UNDER_REVIEW')`

/** A payment that is over has been asked about often enough, unless a question came up while the provider was asked. */
export const stopChecking = (tx: Tx, id: string, again: Date) => tx.$executeRawUnsafe(endChecks, id, again)

const byTransaction = 'WHERE provider = $1 AND (provider_transaction_id = $2 OR provider_reference = $2)'

/** The payment that a provider calls so. */
export const findPaymentAtProvider = async (
  db: Db,
  { provider, transactionId }: { readonly provider: ProviderName; readonly transactionId: string },
): Promise<Payment | undefined> => (await read(db, byTransaction, provider, transactionId))[0]

const due = `UPDATE payment SET check_at = $2 WHERE id IN
  (SELECT id FROM payment WHERE check_at <= $1 ORDER BY check_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED) RETURNING ${columns}`

/** Takes payments whose state should be asked for, and puts their next check off. */
export const claimPaymentsToCheck = (tx: Tx, { now, again, atMost }: { now: Date; again: Date; atMost: number }) =>
  tx.$queryRawUnsafe<Payment[]>(due, now, again, atMost)

/** Remembers that a checkout was called off before its payment was asked for. */
export const addCancelledCheckout = (tx: Tx, checkoutId: string, now: Date) =>
  tx.$executeRawUnsafe(
    `INSERT INTO cancelled_checkout (checkout_id, cancelled_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    checkoutId,
    now,
  )

/** Whether a checkout was called off before its payment was asked for. */
export const isCancelledCheckout = async (tx: Tx, checkoutId: string): Promise<boolean> =>
  (await tx.$queryRawUnsafe<unknown[]>(`SELECT checkout_id FROM cancelled_checkout WHERE checkout_id = $1`, checkoutId)).length >
  0

/** Holds everything else about a checkout until the transaction ends, also while it has no payment yet. */
export const lockCheckout = (tx: Tx, checkoutId: string) => lockName(tx, checkoutId)
