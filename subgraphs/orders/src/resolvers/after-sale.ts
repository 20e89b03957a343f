import { rupiah } from '@pasar/shared/money'
import type { OrdersContext } from '../context.ts'
import { totalOf, type Units } from '../domain/refund-plan.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { referredRefund } from '../queries.ts'

const line = async ({ orderLineId }: Units, _: unknown, { loaders }: OrdersContext) => (await loaders.line.load(orderLineId))!

/** Refunds and returns. */
export const afterSale = {
  Refund: {
    __resolveReference: (reference, context) => referredRefund(context, reference),
    itemsAmount: ({ itemsAmount }) => rupiah(itemsAmount),
    shippingAmount: ({ shippingAmount }) => rupiah(shippingAmount),
    lines: ({ id }, _, { loaders }) => loaders.refundLines.load(id),
    decidedBy: ({ party }) => party,
  },
  RefundLine: { line, amount: ({ amount }) => rupiah(amount) },
  OrderReturn: {
    note: ({ note }) => note || null,
    lines: ({ units }) => units,
    claim: (request) => rupiah(totalOf(request)),
  },
  ReturnLine: { line },
} satisfies Resolvers
