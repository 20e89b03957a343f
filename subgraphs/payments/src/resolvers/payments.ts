import { rupiah } from '@pasar/shared/money'
import { instalmentsOf } from '../domain/methods.ts'
import {
  eventsOf,
  paymentOfCheckout,
  refundsOf,
  refundsOfPayment,
  resolvePayment,
  resolveRefund,
  settlementOf,
  walletEntriesOf,
  walletOf,
} from '../entities.ts'
import type { Resolvers } from '../generated/resolvers.ts'

/** What buyers pay, and what goes back to them. */
export const payments = {
  Payment: {
    __resolveReference: resolvePayment,
    checkout: ({ checkoutId }) => ({ id: checkoutId }),
    amount: ({ amount }) => rupiah(amount),
    instalments: ({ method, amount }) =>
      instalmentsOf(method, amount).map((row, index) => ({ number: index + 1, amount: rupiah(row) })),
    instructions: ({ instructions, expiresAt }) => instructions && { ...instructions, expiresAt },
    events: eventsOf,
    refunds: refundsOfPayment,
  },
  PaymentEvent: { id: ({ id }) => String(id) },
  PaymentUpdate: { payment: async ({ paymentId }, _, { loaders }) => (await loaders.payment.load(paymentId))! },
  Refund: {
    __resolveReference: resolveRefund,
    order: ({ orderId }) => ({ id: orderId }),
    amount: ({ amount }) => rupiah(amount),
  },
  Checkout: { payment: (checkout, _, ctx) => paymentOfCheckout(checkout, ctx) },
  Order: {
    settlement: (order, _, ctx) => settlementOf(order, ctx),
    refunds: refundsOf,
  },
  User: {
    walletBalance: (user, _, ctx) => walletOf(user, ctx),
    walletEntries: walletEntriesOf,
  },
} satisfies Resolvers
