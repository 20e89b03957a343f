import type { RefundReason } from '@pasar/schema/events/orders'
import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import type { OrderParty } from '../domain/order.ts'
import type { LineRefund, RefundPlan } from '../domain/refund-plan.ts'
import type { Tx } from './database.ts'

/** Money of an order that was decided to go back. */
export interface OrderRefund {
  readonly id: Id<'refund'>
  readonly orderId: Id<'order'>
  readonly reason: RefundReason
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
  readonly party: OrderParty
  readonly decidedAt: Date
  readonly completedAt: Date | null
}

/** A line of a refund. */
export interface RefundLineRow extends LineRefund {
  readonly refundId: string
}

const add = `INSERT INTO order_refund (id, order_id, reason, items_amount, shipping_amount, party, decided_at, completed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

const addLines = `INSERT INTO order_refund_line (refund_id, order_line_id, quantity, amount)
  SELECT $1, * FROM unnest($2::text[], $3::integer[], $4::bigint[])`

/** Puts a decision down, with its lines. */
export async function addRefund(tx: Tx, refund: OrderRefund, { lines }: RefundPlan): Promise<void> {
  const { id, orderId, reason, itemsAmount, shippingAmount, party, decidedAt, completedAt } = refund
  await tx.$executeRawUnsafe(add, id, orderId, reason, itemsAmount, shippingAmount, party, decidedAt, completedAt)
  if (lines.length === 0) return
  const columns = [
    lines.map(({ orderLineId }) => orderLineId),
    lines.map((line) => line.quantity),
    lines.map((line) => line.amount),
  ]
  await tx.$executeRawUnsafe(addLines, id, ...columns)
}

const byId = `SELECT id, order_id AS "orderId", reason, items_amount AS "itemsAmount", shipping_amount AS "shippingAmount", party,
    decided_at AS "decidedAt", completed_at AS "completedAt"
  FROM order_refund WHERE id = ANY($1::text[])`

export const findRefunds = (db: Tx, ids: readonly string[]): Promise<OrderRefund[]> => db.$queryRawUnsafe(byId, ids)

const lineColumns = `refund_id AS "refundId", order_line_id AS "orderLineId", quantity, amount`

const linesOfRefunds = `SELECT ${lineColumns} FROM order_refund_line WHERE refund_id = ANY($1::text[]) ORDER BY order_line_id`

export const findRefundLines = (db: Tx, refundIds: readonly string[]): Promise<RefundLineRow[]> =>
  db.$queryRawUnsafe(linesOfRefunds, refundIds)

const refundsOfLines = `SELECT ${lineColumns} FROM order_refund_line WHERE order_line_id = ANY($1::text[])`

/** What went back of lines. */
export const findRefundsOfLines = (db: Tx, lineIds: readonly string[]): Promise<RefundLineRow[]> =>
  db.$queryRawUnsafe(refundsOfLines, lineIds)

const complete = `UPDATE order_refund SET completed_at = $2 WHERE id = $1 AND completed_at IS NULL RETURNING order_id AS "orderId"`

/** Notes that the buyer has the money; the order's id, or undefined where it was known or is not a refund of ours. */
export const completeRefund = async (tx: Tx, id: string, now: Date): Promise<string | undefined> =>
  (await tx.$queryRawUnsafe<Pick<OrderRefund, 'orderId'>[]>(complete, id, now))[0]?.orderId
