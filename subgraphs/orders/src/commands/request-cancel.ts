import type { OrdersContext } from '../context.ts'
import type { RequestCancelInput } from '../generated/resolvers.ts'
import { changeOrder, parseNote } from './change-order.ts'

/** The buyer asks the seller to cancel an order that was accepted. */
export const requestCancel = (context: OrdersContext, input: RequestCancelInput) =>
  changeOrder(context, input, {
    scope: 'requestCancel',
    success: 'RequestCancelSuccess',
    move: 'REQUEST_CANCEL',
    note: parseNote(input.note),
  })
