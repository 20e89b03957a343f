import { presentCursor } from '@pasar/shared/events/live'
import { command, streamed } from '@pasar/shared/subgraph/resolvers'
import { acceptOrder } from '../commands/accept-order.ts'
import { answerCancelRequest } from '../commands/answer-cancel-request.ts'
import { answerReturn } from '../commands/answer-return.ts'
import { cancelCheckout } from '../commands/cancel-checkout.ts'
import { cancelLines } from '../commands/cancel-lines.ts'
import { cancelOrder } from '../commands/cancel-order.ts'
import { checkout } from '../commands/checkout.ts'
import { confirmReceipt } from '../commands/confirm-receipt.ts'
import { createVoucher } from '../commands/create-voucher.ts'
import { endVoucher } from '../commands/end-voucher.ts'
import { escalateReturn } from '../commands/escalate-return.ts'
import { extendReturn } from '../commands/extend-return.ts'
import { mediateReturn } from '../commands/mediate-return.ts'
import { receiveReturn } from '../commands/receive-return.ts'
import { refundCompletedOrder } from '../commands/refund-completed-order.ts'
import { rejectOrder } from '../commands/reject-order.ts'
import { requestCancel } from '../commands/request-cancel.ts'
import { requestReturn } from '../commands/request-return.ts'
import { withdrawReturn } from '../commands/withdraw-return.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { findCheckout, findOrder, ordersInMediation, returnsWithoutCourier, unfinishedOf } from '../queries.ts'
import { checkoutUpdated, orderUpdated, shopOrderUpdated, userOrderUpdated } from '../subscriptions.ts'

/** Root fields. */
export const roots = {
  Query: {
    order: (_, args, context) => findOrder(context, args),
    checkout: (_, args, context) => findCheckout(context, args),
    ordersCursor: (_, __, { live }) => presentCursor(live),
    ordersInMediation: (_, args, context) => ordersInMediation(context, args),
    returnsWithoutCourier: (_, args, context) => returnsWithoutCourier(context, args),
    ordersUnfinished: (_, { accountId }, context) => unfinishedOf(context, accountId),
  },
  Mutation: {
    checkout: command(checkout),
    cancelCheckout: command(cancelCheckout),
    acceptOrder: command(acceptOrder),
    rejectOrder: command(rejectOrder),
    cancelOrder: command(cancelOrder),
    confirmReceipt: command(confirmReceipt),
    cancelLines: command(cancelLines),
    requestCancel: command(requestCancel),
    answerCancelRequest: command(answerCancelRequest),
    requestReturn: command(requestReturn),
    answerReturn: command(answerReturn),
    withdrawReturn: command(withdrawReturn),
    receiveReturn: command(receiveReturn),
    escalateReturn: command(escalateReturn),
    extendReturn: command(extendReturn),
    mediateReturn: command(mediateReturn),
    refundCompletedOrder: command(refundCompletedOrder),
    createVoucher: command(createVoucher),
    endVoucher: command(endVoucher),
  },
  Subscription: {
    orderUpdated: streamed(orderUpdated),
    shopOrderUpdated: streamed(shopOrderUpdated),
    userOrderUpdated: streamed(userOrderUpdated),
    checkoutUpdated: streamed(checkoutUpdated),
  },
  OrderUpdate: { order: async ({ id, visible }, _, { loaders }) => (await visible(await loaders.order.load(id)))! },
  CheckoutUpdate: { checkout: async ({ id }, _, { loaders }) => (await loaders.checkout.load(id))! },
} satisfies Resolvers
