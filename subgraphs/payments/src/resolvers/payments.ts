import { rupiah } from '@pasar/shared/money'
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
import { listInstalments } from '../queries.ts'

/** What buyers pay, and what goes back to them. */
export const payments = {
  Payment: {
    __resolveReference: resolvePayment,
    checkout: ({ checkoutId }) => ({ id: checkoutId }),
    amount: ({ amount }) => rupiah(amount),
    instalments: ({ method, amount }) => listInstalments(method, amount),
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
