import type { OrdersContext } from '../context.ts'
import type { ConfirmReceiptInput } from '../generated/resolvers.ts'
import { changeOrder } from './change-order.ts'

/** The buyer has the parcel: the order is finished. */
export const confirmReceipt = (context: OrdersContext, input: ConfirmReceiptInput) =>
  changeOrder(context, input, {
    scope: 'confirmReceipt',
    success: 'ConfirmReceiptSuccess',
    move: 'CONFIRM_RECEIPT',
    facts: () => ({}),
  })
