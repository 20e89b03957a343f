import type { Checkout, CheckoutProblem, CheckoutState } from '../domain/checkout.ts'
import type { Clock } from '@pasar/shared/clock'
import { eventValues, tellingOf, type NewEvent } from '@pasar/shared/events/outbox'
import { afterTime, type Page } from '@pasar/shared/subgraph/page'
import { keeping, keptAlready, notKept } from '@pasar/shared/idempotency'
import { anyOf } from '@pasar/shared/postgres/statement'
import { alone, type AloneIn } from '@pasar/shared/postgres/transaction'
import { fromWire, toWire } from '@pasar/shared/wire'
import type { Tx } from './database.ts'
import {
  addingSaga,
  besideAt,
  besideSaga,
  claiming,
  leaseFrom,
  newSagaValues,
  type Beside,
  type NewSaga,
  type Saga,
} from './sagas.ts'

interface Row extends Omit<Checkout, 'problem'> {
  readonly problem: string | null
}

const toCheckout = (row: Row): Checkout => ({
  ...row,
  problem: row.problem === null ? null : (fromWire(row.problem) as CheckoutProblem),
})

const columns = `id, buyer_id AS "buyerId", cart_id AS "cartId", cart_version AS "cartVersion", payment_method AS "paymentMethod",
  expected_total AS "expectedTotal", state, items_total AS "itemsTotal", shipping_total AS "shippingTotal", discount, pay_by AS "payBy",
  payment_received_at AS "paymentReceivedAt", problem, created_at AS "createdAt"`

const byId = `SELECT ${columns} FROM checkout WHERE id = ${anyOf('$1::text[]')}`

export const findCheckouts = async (db: Tx, ids: readonly string[]): Promise<Checkout[]> =>
  (await db.$queryRawUnsafe<Row[]>(byId, ids)).map(toCheckout)

export async function getCheckout(db: Tx, id: string): Promise<Checkout> {
  const [found] = await findCheckouts(db, [id])
  if (!found) throw new Error(`there is no checkout ${id}`)
  return found
}

const page = `SELECT ${columns} FROM checkout WHERE buyer_id = $1 AND ($2::text[] IS NULL OR state = ANY($2::text[]))
    AND ($3::timestamptz IS NULL OR (created_at, id) < ($3::timestamptz, $4::text))
  ORDER BY created_at DESC, id DESC LIMIT $5`

/** Which checkouts a list shows; all of a buyer's where no states are given. */
export interface CheckoutSelection {
  readonly buyerId: string
  readonly states: readonly CheckoutState[] | null
}

/** One page of checkouts, newest first, and one more row. */
export async function pageOfCheckouts(db: Tx, { buyerId, states }: CheckoutSelection, asked: Page): Promise<Checkout[]> {
  const after = afterTime(asked)
  const values = [buyerId, states, after?.time ?? null, after?.id ?? null, asked.first + 1]
  return (await db.$queryRawUnsafe<Row[]>(page, ...values)).map(toCheckout)
}

/** What a new checkout begins with. */
export type NewCheckout = Pick<
  Checkout,
  'id' | 'buyerId' | 'cartId' | 'cartVersion' | 'paymentMethod' | 'expectedTotal' | 'createdAt'
>

const begin = `WITH added AS (
    INSERT INTO checkout (id, buyer_id, cart_id, cart_version, payment_method, expected_total, state, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'PROCESSING', $7) ON CONFLICT (buyer_id, cart_id) WHERE state = 'PROCESSING' DO NOTHING RETURNING id)
  ${addingSaga('added', 8)}`

const beginAndKeep = `WITH added AS (
    INSERT INTO checkout (id, buyer_id, cart_id, cart_version, payment_method, expected_total, state, created_at)
    SELECT $1::text, $2::text, $3::text, $4::integer, $5::text, $6::bigint, 'PROCESSING', $7::timestamptz WHERE ${notKept(13)}
    ON CONFLICT (buyer_id, cart_id) WHERE state = 'PROCESSING' DO NOTHING RETURNING id),
  kept AS (${keeping('added', 13)})
  ${addingSaga('added', 8)}`

/** A checkout and the work on it. */
export interface Begun {
  readonly checkout: Checkout
  readonly saga: Saga
}

const untouched = {
  state: 'PROCESSING',
  itemsTotal: null,
  shippingTotal: null,
  discount: null,
  payBy: null,
  paymentReceivedAt: null,
  problem: null,
} as const

/** Adds a checkout and its saga; undefined when the buyer's cart is in another one that is not placed yet. */
export async function beginCheckout(tx: Tx, checkout: NewCheckout, saga: NewSaga): Promise<Begun | undefined> {
  const [added] = await tx.$queryRawUnsafe<Saga[]>(begin, ...newValues(checkout), ...newSagaValues(saga))
  return added && { checkout: { ...checkout, ...untouched }, saga: added }
}

const newValues = ({ id, buyerId, cartId, cartVersion, paymentMethod, expectedTotal, createdAt }: NewCheckout) => [
  id,
  buyerId,
  cartId,
  cartVersion,
  paymentMethod,
  expectedTotal,
  createdAt,
]

/** A new checkout with its saga, and the values that keep its attempt; see `keptValues`. */
export interface Beginning {
  readonly checkout: NewCheckout
  readonly saga: NewSaga
  readonly kept: readonly unknown[]
}

/**
 * Begins a checkout and keeps its attempt, in one statement; undefined where that has to be looked at more closely: the key was used before, or
 * the buyer's cart is in another checkout that is not placed yet.
 */
export const beginAtOnce = (orders: AloneIn<Tx>, { checkout, saga, kept }: Beginning): Promise<Begun | undefined> =>
  alone(orders, async (tx) => {
    const [added] = await tx.$queryRawUnsafe<Saga[]>(beginAndKeep, ...newValues(checkout), ...newSagaValues(saga), ...kept)
    return added && { checkout: { ...checkout, ...untouched }, saga: added }
  }).catch((error: unknown) => ((error as { code?: unknown }).code === keptAlready ? undefined : Promise.reject(error)))

const claim = (among: string) =>
  `WITH claimed AS (${claiming(among)}) SELECT claimed.*, ${columns} FROM claimed JOIN checkout ON id = "checkoutId"`

const claimAny = claim('true')
const claimOne = claim('checkout_id = $3')

/** Leases a saga that is due and that nobody holds, or the one that is named, and gives its checkout with it. */
export async function claimCheckout(db: Tx, now: Date, checkoutId?: string): Promise<Begun | undefined> {
  const [text, ...named] = checkoutId === undefined ? [claimAny] : [claimOne, checkoutId]
  const [row] = await db.$queryRawUnsafe<(Row & Saga)[]>(text, now, leaseFrom(now), ...named)
  if (!row) return undefined
  const { id, buyerId, cartId, cartVersion, paymentMethod, expectedTotal, ...rest } = row
  const { state, itemsTotal, shippingTotal, discount, payBy, paymentReceivedAt, problem, createdAt, ...saga } = rest
  const asked = { id, buyerId, cartId, cartVersion, paymentMethod, expectedTotal, createdAt }
  const figures = { itemsTotal, shippingTotal, discount, payBy, paymentReceivedAt }
  return { checkout: toCheckout({ ...asked, ...figures, state, problem }), saga }
}

const running = `SELECT id FROM checkout WHERE buyer_id = $1 AND cart_id = $2 AND state = 'PROCESSING'`

export const findRunning = async (tx: Tx, buyerId: string, cartId: string) =>
  (await tx.$queryRawUnsafe<Pick<Checkout, 'id'>[]>(running, buyerId, cartId))[0]

const begun = `SELECT EXISTS (SELECT FROM idempotency_record i WHERE i.scope = 'checkout' AND i.actor = asked.buyer_id AND i.key = asked.key)
    OR EXISTS (SELECT FROM checkout c WHERE c.buyer_id = asked.buyer_id AND c.cart_id = asked.cart_id AND c.state = 'PROCESSING') AS begun
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (buyer_id, key, cart_id, place) ORDER BY place`

/** Of each attempt, whether it, or another one with the same cart, has begun a checkout. */
export const findBegun = async (
  db: Tx,
  attempts: readonly { readonly buyerId: string; readonly cartId: string; readonly key: string }[],
): Promise<boolean[]> => {
  const columns = [attempts.map(({ buyerId }) => buyerId), attempts.map(({ key }) => key), attempts.map(({ cartId }) => cartId)]
  return (await db.$queryRawUnsafe<{ begun: boolean }[]>(begun, ...columns)).map((row) => row.begun)
}

const move = `WITH moved AS (
    UPDATE checkout SET state = $3, problem = CASE WHEN $4 THEN $5 ELSE problem END WHERE id = $1 AND state = ANY($2::text[]) RETURNING id),
  ${tellingOf('moved', 6)}
  SELECT id FROM moved`

/** A change of a checkout's state from one of the given ones. */
export interface CheckoutMove {
  readonly from: readonly CheckoutState[]
  readonly to: CheckoutState
  readonly problem?: CheckoutProblem | null
}

/** Changes a checkout's state, and tells it; neither where it has another one. */
export const moveCheckout = async (
  tx: Tx,
  clock: Clock,
  { id, from, to, problem, event }: CheckoutMove & { readonly id: string; readonly event: NewEvent },
): Promise<void> => {
  const told = problem ? toWire(problem) : null
  await tx.$executeRawUnsafe(move, id, from, to, problem !== undefined, told, ...eventValues(clock, [event]))
}

const pay = besideSaga(`moved AS (
    UPDATE checkout SET state = 'PAID', problem = NULL FROM written WHERE id = written."checkoutId" AND state = ANY($15::text[]) RETURNING id),
  ${tellingOf('moved', besideAt + 1)}`)

/** A checkout is paid and tells it, in the statement that writes its saga; neither where it has another state than one of the given ones. */
export const payCheckout = (
  clock: Clock,
  { from, event }: Pick<CheckoutMove, 'from'> & { readonly event: NewEvent },
): Beside => ({
  statement: pay,
  values: [from, ...eventValues(clock, [event])],
})

const forget = `DELETE FROM idempotency_record WHERE scope = 'checkout' AND actor = $1 AND key = $2`

/** Forgets the attempt that a refused checkout was, so that the same key may try again: a refusal has changed nothing. */
export const forgetAttempt = (db: Tx, actor: string, key: string) => db.$executeRawUnsafe(forget, actor, key)
