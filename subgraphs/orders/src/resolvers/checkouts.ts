import { rupiah } from '@pasar/shared/money'
import { visibleOrders } from '../access.ts'
import type { OrdersContext } from '../context.ts'
import { isCancellable, problemOf, workOn, type Checkout } from '../domain/checkout.ts'
import { stepViews } from '../domain/saga-trail.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { works } from '../messages.ts'
import { referredCheckout } from '../queries.ts'
import { isUndoable } from '../saga/steps.ts'

const orNull = (amount: bigint | null) => (amount === null ? null : rupiah(amount))

/** What the market still does about a checkout, in the reader's language. */
function sentenceOf(checkout: Checkout, { locale }: OrdersContext): string | null {
  const work = workOn(checkout)
  return work && works[work][locale]
}

/** Checkouts, and how staff see the work on them. */
export const checkouts = {
  Checkout: {
    __resolveReference: (reference, context) => referredCheckout(context, reference),
    buyer: ({ buyerId }) => ({ id: buyerId }),
    orders: async ({ id }, _, context) => visibleOrders(context, await context.loaders.ordersOfCheckout.load(id)),
    itemsTotal: ({ itemsTotal }) => orNull(itemsTotal),
    shippingTotal: ({ shippingTotal }) => orNull(shippingTotal),
    discount: ({ itemsTotal, discount }) => (itemsTotal === null ? null : rupiah(discount ?? 0n)),
    total: ({ itemsTotal, shippingTotal, discount }) =>
      itemsTotal === null ? null : rupiah(itemsTotal + (shippingTotal ?? 0n) - (discount ?? 0n)),
    problem: problemOf,
    cancellable: isCancellable,
    message: (checkout, _, context) => sentenceOf(checkout, context),
    saga: ({ id }, _, { loaders }) => loaders.saga.load(id),
  },
  CheckoutSaga: { steps: stepViews, fence: ({ fence }) => Number(fence) },
  CheckoutSagaStep: { undoable: ({ name }) => isUndoable(name) },
  CheckoutProcessing: {
    checkout: async ({ checkoutId }, _, { loaders }) => (await loaders.checkout.load(checkoutId))!,
    message: async ({ checkoutId }, _, context) => {
      const checkout = await context.loaders.checkout.load(checkoutId)
      return (checkout && sentenceOf(checkout, context)) ?? works.processing[context.locale]
    },
  },
} satisfies Resolvers
