import type { OrdersContext } from '../context.ts'
import type { EscalateReturnInput } from '../generated/resolvers.ts'
import { changeOrder, needNote } from './change-order.ts'

/** The buyer does not accept the seller's refusal: staff decide. */
export const escalateReturn = (context: OrdersContext, input: EscalateReturnInput) =>
  changeOrder(context, input, {
    scope: 'escalateReturn',
    success: 'EscalateReturnSuccess',
    move: 'ESCALATE_RETURN',
    note: needNote(input.note),
  })
