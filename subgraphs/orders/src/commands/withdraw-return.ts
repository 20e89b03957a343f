import type { OrdersContext } from '../context.ts'
import type { WithdrawReturnInput } from '../generated/resolvers.ts'
import { changeOrder, parseNote } from './change-order.ts'

/** The buyer keeps the goods after all: the order is finished. */
export const withdrawReturn = (context: OrdersContext, input: WithdrawReturnInput) =>
  changeOrder(context, input, {
    scope: 'withdrawReturn',
    success: 'WithdrawReturnSuccess',
    move: 'WITHDRAW_RETURN',
    note: parseNote(input.note),
  })
