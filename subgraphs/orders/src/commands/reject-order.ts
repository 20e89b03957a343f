import type { OrdersContext } from '../context.ts'
import type { RejectOrderInput } from '../generated/resolvers.ts'
import { changeOrder, noteOn } from './change-order.ts'

/** The seller will not send a paid order: it ends and is refunded. */
export function rejectOrder(context: OrdersContext, input: RejectOrderInput) {
  const { reason: rejectReason } = input
  return changeOrder(context, input, {
    scope: 'rejectOrder',
    success: 'RejectOrderSuccess',
    move: 'REJECT',
    note: noteOn(rejectReason, input.note),
    asked: { rejectReason },
    facts: () => ({ endReason: 'REJECTED_BY_SELLER', rejectReason }),
  })
}
