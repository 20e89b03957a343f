import { rupiah } from '@pasar/shared/money'
import { answerCancelRequest } from '../commands/answer-cancel-request.ts'
import { answerReturn } from '../commands/answer-return.ts'
import { cancelLines } from '../commands/cancel-lines.ts'
import { escalateReturn } from '../commands/escalate-return.ts'
import { extendReturn } from '../commands/extend-return.ts'
import { mediateReturn } from '../commands/mediate-return.ts'
import { receiveReturn } from '../commands/receive-return.ts'
import { refundCompletedOrder } from '../commands/refund-completed-order.ts'
import { requestCancel } from '../commands/request-cancel.ts'
import { requestReturn, type RefundTooLarge } from '../commands/request-return.ts'
import { withdrawReturn } from '../commands/withdraw-return.ts'
import type { OrdersContext } from '../context.ts'
import type { Order } from '../domain/order.ts'
import { totalOf, type LineRefund, type Units } from '../domain/refund-plan.ts'
import type {
  MutationAnswerCancelRequestArgs,
  MutationAnswerReturnArgs,
  MutationCancelLinesArgs,
  MutationEscalateReturnArgs,
  MutationExtendReturnArgs,
  MutationMediateReturnArgs,
  MutationReceiveReturnArgs,
  MutationRefundCompletedOrderArgs,
  MutationRequestCancelArgs,
  MutationRequestReturnArgs,
  MutationWithdrawReturnArgs,
} from '../generated/resolvers.ts'
import { referredRefund } from '../queries.ts'
import type { OrderRefund } from '../store/refunds.ts'
import type { OrderReturn } from '../store/returns.ts'

type Context = OrdersContext

const line = { line: ({ orderLineId }: Units, _: object, { loaders }: Context) => loaders.line.load(orderLineId) }

/** Mutations that come after the sale, one line each. */
export const afterSaleMutations = {
  cancelLines: (_: unknown, { input }: MutationCancelLinesArgs, context: Context) => cancelLines(context, input),
  requestCancel: (_: unknown, { input }: MutationRequestCancelArgs, context: Context) => requestCancel(context, input),
  answerCancelRequest: (_: unknown, { input }: MutationAnswerCancelRequestArgs, context: Context) =>
    answerCancelRequest(context, input),
  requestReturn: (_: unknown, { input }: MutationRequestReturnArgs, context: Context) => requestReturn(context, input),
  answerReturn: (_: unknown, { input }: MutationAnswerReturnArgs, context: Context) => answerReturn(context, input),
  withdrawReturn: (_: unknown, { input }: MutationWithdrawReturnArgs, context: Context) => withdrawReturn(context, input),
  receiveReturn: (_: unknown, { input }: MutationReceiveReturnArgs, context: Context) => receiveReturn(context, input),
  escalateReturn: (_: unknown, { input }: MutationEscalateReturnArgs, context: Context) => escalateReturn(context, input),
  extendReturn: (_: unknown, { input }: MutationExtendReturnArgs, context: Context) => extendReturn(context, input),
  mediateReturn: (_: unknown, { input }: MutationMediateReturnArgs, context: Context) => mediateReturn(context, input),
  refundCompletedOrder: (_: unknown, { input }: MutationRefundCompletedOrderArgs, context: Context) =>
    refundCompletedOrder(context, input),
}

/** What of an order shows what came after the sale. */
export const afterSaleOfOrder = {
  refunded: ({ refundedItems, refundedShipping }: Order) => rupiah(refundedItems + refundedShipping),
  return: ({ id, returnSolution }: Order, _: object, { loaders }: Context) =>
    returnSolution === null ? null : loaders.returnOfOrder.load(id),
}

/** Types that belong to refunds and returns. */
export const afterSaleTypes = {
  Refund: {
    __resolveReference: (reference: { id: string }, context: Context) => referredRefund(context, reference),
    itemsAmount: ({ itemsAmount }: OrderRefund) => rupiah(itemsAmount),
    shippingAmount: ({ shippingAmount }: OrderRefund) => rupiah(shippingAmount),
    lines: ({ id }: OrderRefund, _: object, { loaders }: Context) => loaders.refundLines.load(id),
    decidedBy: ({ party }: OrderRefund) => party,
  },
  RefundLine: { ...line, amount: ({ amount }: LineRefund) => rupiah(amount) },
  OrderReturn: {
    note: ({ note }: OrderReturn) => note || null,
    lines: ({ units }: OrderReturn) => units,
    claim: (request: OrderReturn) => rupiah(totalOf(request)),
  },
  ReturnLine: line,
  RefundTooLarge: { most: ({ most }: RefundTooLarge) => rupiah(most) },
}
