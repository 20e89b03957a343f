import { problem, type Problem } from '@pasar/shared/problems'
import type { OrdersContext } from '../context.ts'
import type { Order } from '../domain/order.ts'
import { leftAfter, planUnits, type Left, type Units } from '../domain/refund-plan.ts'
import type { CancelLinesInput } from '../generated/resolvers.ts'
import type { Tx } from '../store/database.ts'
import { changeOrder, noteOn, type Decision } from './change-order.ts'
import { readLeft } from './plan-refund.ts'
import { parseUnits } from './parse-units.ts'

/** There are not so many units of a line left to cancel or return. */
export type OrderLinesShort = Problem<'OrderLinesShort', { left: readonly Units[] }>

/** Nothing would be left of the order: its seller rejects it as a whole, or, once it is accepted, its buyer or staff cancel it. */
export type OrderWouldBeEmpty = Problem<'OrderWouldBeEmpty', object>

export const linesShort = ({ lines }: Left): OrderLinesShort =>
  problem('OrderLinesShort', { left: lines.map(({ line, quantity }) => ({ orderLineId: line.id, quantity })) })

/** The seller cannot send some of an order: their price goes back, the rest is sent. */
export function cancelLines(context: OrdersContext, input: CancelLinesInput) {
  const { reason: rejectReason } = input
  const units = parseUnits(input.lines)
  return changeOrder(context, input, {
    scope: 'cancelLines',
    success: 'CancelLinesSuccess',
    move: 'CANCEL_LINES',
    note: noteOn(rejectReason, input.note),
    asked: { units, reason: rejectReason },
    facts: () => ({ rejectReason }),
    decide: (tx, order) => decide(tx, order, units),
  })
}

async function decide(tx: Tx, order: Order, units: readonly Units[]): Promise<Decision | OrderLinesShort | OrderWouldBeEmpty> {
  const left = await readLeft(tx, order)
  const refund = planUnits(left, units)
  if (!refund) return linesShort(left)
  if (leftAfter(left, refund).lines.every(({ quantity }) => quantity === 0)) return problem('OrderWouldBeEmpty', {})
  return { refund, restock: units }
}
