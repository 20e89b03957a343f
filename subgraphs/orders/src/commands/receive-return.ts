import type { OrdersContext } from '../context.ts'
import type { ReceiveReturnInput } from '../generated/resolvers.ts'
import { changeOrder, needNote, parseNote } from './change-order.ts'

/** The seller has what was sent back: content, and the buyer is refunded; or not, and staff decide. */
export const receiveReturn = (context: OrdersContext, input: ReceiveReturnInput) =>
  changeOrder<'ReceiveReturnSuccess'>(context, input, {
    scope: 'receiveReturn',
    success: 'ReceiveReturnSuccess',
    move: input.accept ? 'ACCEPT_RETURN' : 'DISPUTE_RETURN',
    note: input.accept ? parseNote(input.note) : needNote(input.note),
    asked: { restock: input.restock },
    decide: async () => (input.restock ? {} : { restock: [] }),
  })
