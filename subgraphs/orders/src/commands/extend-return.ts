import type { OrdersContext } from '../context.ts'
import type { ExtendReturnInput } from '../generated/resolvers.ts'
import { changeOrder, needNote } from './change-order.ts'

/** Staff give a return more time that no courier has taken yet. */
export const extendReturn = (context: OrdersContext, input: ExtendReturnInput) =>
  changeOrder(context, input, {
    scope: 'extendReturn',
    success: 'ExtendReturnSuccess',
    move: 'EXTEND_RETURN',
    note: needNote(input.note),
  })
