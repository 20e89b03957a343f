import type { OrdersContext } from '../context.ts'
import type { AnswerReturnInput } from '../generated/resolvers.ts'
import { changeOrder, needNote, parseNote } from './change-order.ts'

/** The seller agrees to a return, or says why not; a buyer who keeps the goods is refunded at once. */
export const answerReturn = (context: OrdersContext, input: AnswerReturnInput) =>
  changeOrder(context, input, {
    scope: 'answerReturn',
    success: 'AnswerReturnSuccess',
    move: input.approve ? 'APPROVE_RETURN' : 'REFUSE_RETURN',
    note: input.approve ? parseNote(input.note) : needNote(input.note),
  })
