import { problem } from '@pasar/shared/problems'
import type { Minor } from '@pasar/shared/money'
import type { OrdersContext } from '../context.ts'
import type { Order } from '../domain/order.ts'
import { planAll, planAmount, totalOf, type TooLarge } from '../domain/refund-plan.ts'
import type { RefundCompletedOrderInput } from '../generated/resolvers.ts'
import type { Tx } from '../store/database.ts'
import { changeOrder, needNote, type Decision } from './change-order.ts'
import { readLeft } from './plan-refund.ts'
import { parseAmount } from './request-return.ts'

/** Staff give a buyer money back after the sale was over: all that is left of it, or an amount. The goods stay where they are. */
export function refundCompletedOrder(context: OrdersContext, input: RefundCompletedOrderInput) {
  const amount = parseAmount(input.amount)
  return changeOrder(context, input, {
    scope: 'refundCompletedOrder',
    success: 'RefundCompletedOrderSuccess',
    move: 'REFUND_AFTERWARDS',
    note: needNote(input.note),
    asked: { amount },
    decide: (tx, order) => decide(tx, order, amount),
  })
}

async function decide(tx: Tx, order: Order, wanted: Minor | null): Promise<Decision | TooLarge> {
  const whole = planAll(await readLeft(tx, order))
  const most = totalOf(whole)
  const amount = wanted ?? most
  if (amount > most || most === 0n) return problem('RefundTooLarge', { most })
  return { refund: planAmount(amount, whole) }
}
