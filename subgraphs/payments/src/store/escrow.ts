import type { WayBackBearer } from '@pasar/schema/events/orders'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { EscrowMove, EscrowState } from '../domain/escrow.ts'
import type { OrderShare, RefundedSoFar } from '../domain/journals.ts'
import type { CategoryBack, Terms } from '../domain/terms.ts'
import type { Db, Tx } from './database.ts'

/** One order's part of a payment, and where its money is. */
export interface PaymentOrder extends OrderShare, RefundedSoFar {
  readonly paymentId: string
  readonly escrow: EscrowState
  readonly terms: Terms
  /** When a courier has taken the cash for an order that is paid at the door. */
  readonly collectedAt: Date | null
  /** Who bears the way back of its return, once one was agreed to. */
  readonly wayBackBorneBy: WayBackBearer | null
}

/** Terms as JSON: amounts are text. */
interface StoredTerms {
  readonly commission: readonly { readonly categoryId: string | null; readonly amount: string; readonly basisPoints: number }[]
  readonly paymentFee: string
  readonly incomeTaxExempt: boolean
  readonly vatRegistered: boolean
}

const termsOf = ({ commission, paymentFee, ...rest }: StoredTerms): Terms => ({
  ...rest,
  paymentFee: BigInt(paymentFee) as Minor,
  commission: commission.map(({ amount, ...share }) => ({ ...share, amount: BigInt(amount) as Minor })),
})
const storedTerms = ({ commission, paymentFee, incomeTaxExempt, vatRegistered }: Terms): StoredTerms => ({
  commission: commission.map(({ categoryId, amount, basisPoints }) => ({ categoryId, amount: String(amount), basisPoints })),
  paymentFee: String(paymentFee),
  incomeTaxExempt,
  vatRegistered,
})

type StoredBack = Omit<CategoryBack, 'amount'> & { readonly amount: string }

const storedBack = (back: readonly CategoryBack[]): string =>
  JSON.stringify(back.map(({ categoryId, amount }) => ({ categoryId, amount: String(amount) })))
const backOf = (stored: readonly StoredBack[]): CategoryBack[] =>
  stored.map(({ categoryId, amount }) => ({ categoryId, amount: BigInt(amount) as Minor }))

/** Terms and what went back of categories as they are kept. */
interface OrderRow extends Omit<PaymentOrder, 'terms' | 'refundedCategories'> {
  readonly terms: StoredTerms
  readonly refundedCategories: readonly StoredBack[]
}

const columns = `order_id AS "orderId", payment_id AS "paymentId", buyer_id AS "buyerId", shop_id AS "shopId", items_amount AS "itemsAmount",
  shipping_amount AS "shippingAmount", escrow, terms, refunded_items AS "refundedItems", refunded_shipping AS "refundedShipping",
  refunded_categories AS "refundedCategories", collected_at AS "collectedAt", way_back_borne_by AS "wayBackBorneBy"`

const orderOf = ({ terms, refundedCategories, ...row }: OrderRow): PaymentOrder => ({
  ...row,
  terms: termsOf(terms),
  refundedCategories: backOf(refundedCategories),
})

const byOrder = `SELECT ${columns} FROM payment_order WHERE order_id = ${anyOf('$1::text[]')} ORDER BY order_id`

/** Parts of payments by order. */
export const findPaymentOrders = async (db: Db | Tx, orderIds: readonly string[]): Promise<PaymentOrder[]> =>
  (await db.$queryRawUnsafe<OrderRow[]>(byOrder, orderIds)).map(orderOf)

const unpaid: readonly EscrowMove['from'][] = ['AWAITING', 'REFUND_ON_CAPTURE']

/**
 * Parts of a statement's WITH by which the money of the payment that another part of it is about is here, also of orders that were called off
 * meanwhile; `before` has how all its parts were.
 */
export const holdingPaid = (payment: string): string => `before AS MATERIALIZED (
    SELECT ${columns} FROM payment_order WHERE payment_id = (SELECT id FROM ${payment}) ORDER BY order_id FOR NO KEY UPDATE),
  held AS (
    UPDATE payment_order SET escrow = 'HELD' FROM before
    WHERE order_id = before."orderId" AND before.escrow IN (${unpaid.map((state) => `'${state}'`).join(', ')}))`

/** As SQL, the rows of `before` as JSON. */
export const heldAsJson = `(SELECT json_agg(before ORDER BY "orderId") FROM before)`

type Counted = 'itemsAmount' | 'shippingAmount' | 'refundedItems' | 'refundedShipping'

/** A part of a payment as JSON: whole numbers are exact in it, see money.ts. */
export type OrderJson = Omit<OrderRow, Counted | 'collectedAt'> &
  Readonly<Record<Counted, number>> & { readonly collectedAt: string | null }

export const orderOfJson = ({ collectedAt, ...row }: OrderJson): PaymentOrder =>
  orderOf({
    ...row,
    itemsAmount: minorUnits(row.itemsAmount),
    shippingAmount: minorUnits(row.shippingAmount),
    refundedItems: minorUnits(row.refundedItems),
    refundedShipping: minorUnits(row.refundedShipping),
    collectedAt: collectedAt === null ? null : new Date(collectedAt),
  })

/** One order's part of a payment that is put down. */
export type NewShare = OrderShare & { readonly terms: Terms }

/** Parts as they are put down: one array for each column, from order to terms. */
export const columnsOf = (shares: readonly NewShare[]): unknown[] => [
  shares.map(({ orderId }) => orderId),
  shares.map(({ buyerId }) => buyerId),
  shares.map(({ shopId }) => shopId),
  shares.map(({ itemsAmount }) => itemsAmount),
  shares.map(({ shippingAmount }) => shippingAmount),
  shares.map(({ terms }) => JSON.stringify(storedTerms(terms))),
]

const move = `UPDATE payment_order SET escrow = $3 WHERE order_id = ANY($1::text[]) AND escrow = $2`

/** Moves the money of those orders that are where the move begins; says how many moved. */
export const moveEscrow = (tx: Tx, orderIds: readonly string[], { from, to }: EscrowMove): Promise<number> =>
  tx.$executeRawUnsafe(move, orderIds, from, to)

/** Some of an order's money. */
export interface OrderPart {
  readonly orderId: string
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
  /** Of which categories the items are, as far as that is known. */
  readonly categories: readonly CategoryBack[]
}

const take = `UPDATE payment_order SET refunded_items = refunded_items + $2, refunded_shipping = refunded_shipping + $3,
    refunded_categories = refunded_categories || $4::jsonb
  WHERE order_id = $1 AND escrow = 'HELD' AND refunded_items + $2 <= items_amount AND refunded_shipping + $3 <= shipping_amount`

const takeBy = async (statement: string, tx: Tx, { orderId, itemsAmount, shippingAmount, categories }: OrderPart) =>
  (await tx.$executeRawUnsafe(statement, orderId, itemsAmount, shippingAmount, storedBack(categories))) === 1

/** Takes a part of the held money out for a refund; false when there is not so much of it. */
export const takeForRefund = (tx: Tx, part: OrderPart): Promise<boolean> => takeBy(take, tx, part)

const finish = `UPDATE payment_order SET escrow = 'REFUNDED' WHERE order_id = $1 AND escrow = 'REFUNDING'
  AND NOT EXISTS (SELECT FROM refund WHERE refund.order_id = $1 AND state = 'REQUESTED')`

const takeBack = take.replace(`escrow = 'HELD'`, `escrow = 'RELEASED'`)

/** Notes a refund of money that was released already; false when there was not so much of it. */
export const takeAfterRelease = (tx: Tx, part: OrderPart): Promise<boolean> => takeBy(takeBack, tx, part)

/** Ends the refunding of an order none of whose refunds is still on its way. */
export const finishRefunding = (tx: Tx, orderId: string) => tx.$executeRawUnsafe(finish, orderId)

const collect = `UPDATE payment_order SET collected_at = $2 WHERE order_id = $1 AND collected_at IS NULL`

/** Notes that a courier has the cash for an order. */
export const noteCollected = (tx: Tx, orderId: string, now: Date) => tx.$executeRawUnsafe(collect, orderId, now)

const cash = `SELECT (items_amount + shipping_amount
    - (SELECT coalesce(sum(refund.amount), 0) FROM refund WHERE refund.order_id = payment_order.order_id AND against = 'COURIER'))::bigint AS amount
  FROM payment_order JOIN payment ON payment.id = payment_id WHERE order_id = $1 AND method = 'COD' AND collected_at IS NOT NULL`

/** What a courier has taken at the door for an order; 0 where it is paid otherwise. */
export const cashOf = async (tx: Tx, orderId: string): Promise<Minor> =>
  (await tx.$queryRawUnsafe<{ amount: Minor }[]>(cash, orderId))[0]?.amount ?? (0n as Minor)

/** Notes who bears the way back of an order's return. */
export const noteWayBack = (tx: Tx, orderId: string, bearer: WayBackBearer) =>
  tx.$executeRawUnsafe(`UPDATE payment_order SET way_back_borne_by = $2 WHERE order_id = $1`, orderId, bearer)
