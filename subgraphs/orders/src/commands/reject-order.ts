import { BadInput } from '@pasar/shared/problems'
import type { OrdersContext } from '../context.ts'
import type { RejectOrderInput } from '../generated/resolvers.ts'
import { changeOrder, parseNote } from './change-order.ts'

/** The seller will not send a paid order: it ends and is refunded. */
export function rejectOrder(context: OrdersContext, input: RejectOrderInput) {
  const { reason: rejectReason } = input
  const note = parseNote(input.note)
  if (rejectReason === 'OTHER' && note === null) {
    throw new BadInput('note', {
      id: 'apa alasannya, karena bukan salah satu alasan lain',
      en: 'what the reason is, as it is none of the others',
    })
  }
  return changeOrder(context, input, {
    scope: 'rejectOrder',
    success: 'RejectOrderSuccess',
    move: 'REJECT',
    note,
    asked: { rejectReason },
    facts: () => ({ endReason: 'REJECTED_BY_SELLER', rejectReason }),
  })
}
