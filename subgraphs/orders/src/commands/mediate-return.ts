import { BadInput, problem } from '@pasar/shared/problems'
import type { Minor } from '@pasar/shared/money'
import type { OrdersContext } from '../context.ts'
import type { Order } from '../domain/order.ts'
import { totalOf, type TooLarge } from '../domain/refund-plan.ts'
import type { MediateReturnInput } from '../generated/resolvers.ts'
import type { Tx } from '../store/database.ts'
import { changeOrder, needNote, type Decision } from './change-order.ts'
import { claimed, readLeft, readReturn } from './plan-refund.ts'
import { parseAmount } from './request-return.ts'

/** Staff decide between buyer and seller: all or a part of what was claimed goes back, or nothing. */
export function mediateReturn(context: OrdersContext, input: MediateReturnInput) {
  const refunds = input.decision === 'REFUND'
  const amount = parseAmount(input.amount)
  if (!refunds && amount !== null)
    throw new BadInput('amount', {
      id: 'tidak diisi bila uang diteruskan ke penjual',
      en: 'to be absent where the seller is paid',
    })
  return changeOrder(context, input, {
    scope: 'mediateReturn',
    success: 'MediateReturnSuccess',
    move: refunds ? 'REFUND_BUYER' : 'RELEASE_TO_SELLER',
    note: needNote(input.note),
    asked: { amount },
    decide: (tx, order) => decide(tx, order, refunds ? amount : null),
  })
}

/** Without an amount, all of the claim goes back or nothing, as the move says. */
async function decide(tx: Tx, order: Order, amount: Minor | null): Promise<Decision | TooLarge> {
  if (amount === null) return {}
  const request = await readReturn(tx, order)
  const most = totalOf(request)
  if (amount > most) return problem('RefundTooLarge', { most })
  return { refund: claimed(await readLeft(tx, order), request, amount) }
}
