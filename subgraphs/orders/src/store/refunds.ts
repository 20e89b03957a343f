import type { RefundReason } from '@pasar/schema/events/orders'
import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import type { OrderParty } from '../domain/order.ts'
import type { LineRefund, RefundPlan } from '../domain/refund-plan.ts'
import type { Tx } from './client.ts'

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

/** Puts a decision down, with its lines. */
export async function addRefund(tx: Tx, refund: OrderRefund, { lines }: RefundPlan): Promise<void> {
  await tx.orderRefund.create({ data: refund })
  if (lines.length > 0) await tx.orderRefundLine.createMany({ data: lines.map((line) => ({ refundId: refund.id, ...line })) })
}

export const findRefunds = async (db: Tx, ids: readonly string[]): Promise<OrderRefund[]> =>
  (await db.orderRefund.findMany({ where: { id: { in: [...ids] } } })) as OrderRefund[]

export const findRefundLines = async (db: Tx, refundIds: readonly string[]): Promise<RefundLineRow[]> =>
  (await db.orderRefundLine.findMany({
    where: { refundId: { in: [...refundIds] } },
    orderBy: { orderLineId: 'asc' },
  })) as RefundLineRow[]

/** What went back of lines. */
export const findRefundsOfLines = async (db: Tx, lineIds: readonly string[]): Promise<RefundLineRow[]> =>
  (await db.orderRefundLine.findMany({ where: { orderLineId: { in: [...lineIds] } } })) as RefundLineRow[]

/** Notes that the buyer has the money; the order's id, or undefined where it was known or is not a refund of ours. */
export async function completeRefund(tx: Tx, id: string, now: Date): Promise<string | undefined> {
  const { count } = await tx.orderRefund.updateMany({ where: { id, completedAt: null }, data: { completedAt: now } })
  return count === 0 ? undefined : (await findRefunds(tx, [id]))[0]?.orderId
}
