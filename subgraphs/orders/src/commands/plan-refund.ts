import type { RefundReason } from '@pasar/schema/events/orders'
import type { Order } from '../domain/order.ts'
import { rowOf } from '../domain/order-moves.ts'
import { leftOf, planAll, planClaim, totalOf, type Left, type RefundPlan } from '../domain/refund-plan.ts'
import type { TransitionName } from '../domain/transitions.ts'
import type { Tx } from '../store/database.ts'
import { findLines } from '../store/order-parts.ts'
import { findRefundsOfLines } from '../store/refunds.ts'
import { findReturns, type OrderReturn } from '../store/returns.ts'

/** What is left of an order's goods and money. An order of which nothing went back is not asked twice. */
export async function readLeft(tx: Tx, order: Order): Promise<Left> {
  const lines = await findLines(tx, [order.id])
  const touched = order.refundedItems + order.refundedShipping > 0n
  return leftOf(
    order,
    lines,
    touched
      ? await findRefundsOfLines(
          tx,
          lines.map(({ id }) => id),
        )
      : [],
  )
}

/** The return of an order that has one. */
export async function readReturn(tx: Tx, order: Order): Promise<OrderReturn> {
  const [found] = await findReturns(tx, [order.id])
  if (!found) throw new Error(`order ${order.id} is ${order.state} without a return`)
  return found
}

/** What a return's buyer gets: all that was claimed, or another amount. */
export const claimed = (left: Left, request: OrderReturn, amount = totalOf(request)): RefundPlan | undefined =>
  planClaim(left, { ...request, amount })

/** A move, and what is known when it is made. */
interface Planned {
  readonly order: Order
  readonly name: TransitionName
  readonly left: Left
  readonly request: OrderReturn | undefined
}

/** What goes back with a move where nobody says it: the claim of a return, or all that is left of a paid order that ends. */
export function planRefund({ order, name, left, request }: Planned): RefundPlan | undefined {
  const { to, refunds, pays } = rowOf(name)
  if (refunds && request) return claimed(left, request)
  const isPaid = order.paidAt !== null || pays === true
  return to === 'CANCELLED' && isPaid ? planAll(left) : undefined
}

/** Why money goes back with a move. */
export function refundReason({ state }: Order, name: TransitionName): RefundReason {
  const { event, refunds } = rowOf(name)
  if (event === 'LINES_CANCELLED') return 'LINES_CANCELLED'
  if (event === 'REFUND_GRANTED') return 'GRANTED_AFTERWARDS'
  if (!refunds) return 'ORDER_ENDED'
  return state === 'MEDIATION' ? 'MEDIATED' : 'RETURNED'
}
