import type { Checkout, CheckoutProblem, CheckoutState, PaymentMethod } from '../domain/checkout.ts'
import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { fromWire, toWire } from '@pasar/shared/wire'
import type { Tx } from './client.ts'

type Row = NonNullable<Awaited<ReturnType<Tx['checkout']['findUnique']>>>

const toCheckout = (row: Row): Checkout => ({
  ...row,
  id: row.id as Id<'checkout'>,
  buyerId: row.buyerId as Id<'account'>,
  paymentMethod: row.paymentMethod as PaymentMethod,
  state: row.state as CheckoutState,
  itemsTotal: row.itemsTotal as Minor | null,
  shippingTotal: row.shippingTotal as Minor | null,
  problem: row.problem === null ? null : (fromWire(row.problem) as CheckoutProblem),
})

export const findCheckouts = async (db: Tx, ids: readonly string[]): Promise<Checkout[]> =>
  (await db.checkout.findMany({ where: { id: { in: [...ids] } } })).map(toCheckout)

export const getCheckout = async (db: Tx, id: string): Promise<Checkout> =>
  toCheckout(await db.checkout.findUniqueOrThrow({ where: { id } }))

/** What a new checkout begins with. */
export type NewCheckout = Pick<
  Checkout,
  'id' | 'buyerId' | 'cartId' | 'cartVersion' | 'paymentMethod' | 'expectedTotal' | 'createdAt'
>

const insert = `INSERT INTO checkout (id, buyer_id, cart_id, cart_version, payment_method, expected_total, state, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, 'PROCESSING', $7) ON CONFLICT (buyer_id, cart_id) WHERE state = 'PROCESSING' DO NOTHING`

/** Adds a checkout; false when the buyer's cart is in another one that is not placed yet. */
export const addCheckout = async (tx: Tx, checkout: NewCheckout): Promise<boolean> => {
  const { id, buyerId, cartId, cartVersion, paymentMethod, expectedTotal, createdAt } = checkout
  return (await tx.$executeRawUnsafe(insert, id, buyerId, cartId, cartVersion, paymentMethod, expectedTotal, createdAt)) === 1
}

export const findRunning = (tx: Tx, buyerId: string, cartId: string) =>
  tx.checkout.findFirst({ where: { buyerId, cartId, state: 'PROCESSING' }, select: { id: true } })

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

/** Puts a placed checkout's figures down. */
export const placeCheckout = (
  tx: Tx,
  id: string,
  figures: { readonly itemsTotal: bigint; readonly shippingTotal: bigint; readonly payBy: Date },
) => tx.checkout.update({ where: { id }, data: figures })

/** Changes a checkout's state from one of the given ones; false when it has another. */
export const moveCheckout = async (
  tx: Tx,
  id: string,
  move: { readonly from: readonly CheckoutState[]; readonly to: CheckoutState; readonly problem?: CheckoutProblem | null },
): Promise<boolean> => {
  const data = { state: move.to, ...(move.problem !== undefined && { problem: move.problem && toWire(move.problem) }) }
  return (await tx.checkout.updateMany({ where: { id, state: { in: [...move.from] } }, data })).count === 1
}

/** Forgets the attempt that a refused checkout was, so that the same key may try again: a refusal has changed nothing. */
export const forgetAttempt = (db: Tx, actor: string, key: string) =>
  db.idempotencyRecord.deleteMany({ where: { scope: 'checkout', actor, key } })
