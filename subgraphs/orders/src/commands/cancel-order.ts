import type { OrdersContext } from '../context.ts'
import type { CancelOrderInput } from '../generated/resolvers.ts'
import { changeOrder, parseNote } from './change-order.ts'

/** A paid order ends and is refunded, for its buyer or by staff. */
export const cancelOrder = (context: OrdersContext, input: CancelOrderInput) =>
  changeOrder(context, input, {
    scope: 'cancelOrder',
    success: 'CancelOrderSuccess',
    move: 'CANCEL',
    note: parseNote(input.note),
    facts: (party) => ({ endReason: party === 'STAFF' ? 'CANCELLED_BY_STAFF' : 'CANCELLED_BY_BUYER' }),
  })
