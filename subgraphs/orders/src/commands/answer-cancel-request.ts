import type { OrdersContext } from '../context.ts'
import type { AnswerCancelRequestInput } from '../generated/resolvers.ts'
import { changeOrder, needNote, parseNote } from './change-order.ts'

/** The seller agrees to cancel, or says why not. */
export const answerCancelRequest = (context: OrdersContext, input: AnswerCancelRequestInput) =>
  changeOrder(context, input, {
    scope: 'answerCancelRequest',
    success: 'AnswerCancelRequestSuccess',
    move: input.grant ? 'GRANT_CANCEL' : 'REFUSE_CANCEL',
    note: input.grant ? parseNote(input.note) : needNote(input.note),
  })
