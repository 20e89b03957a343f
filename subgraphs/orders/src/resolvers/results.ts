import { rupiah } from '@pasar/shared/money'
import type { OrdersContext } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'

const checkout = async ({ checkoutId }: { readonly checkoutId: string }, _: unknown, { loaders }: OrdersContext) =>
  (await loaders.checkout.load(checkoutId))!

const order = async ({ orderId }: { readonly orderId: string }, _: unknown, { loaders }: OrdersContext) =>
  (await loaders.order.load(orderId))!

/** Results carry ids; what they show is read afresh. */
export const results = {
  CheckoutPlaced: { checkout },
  CancelCheckoutSuccess: { checkout },
  CancelCheckoutProcessing: { checkout },
  AcceptOrderSuccess: { order },
  RejectOrderSuccess: { order },
  CancelOrderSuccess: { order },
  ConfirmReceiptSuccess: { order },
  CancelLinesSuccess: { order },
  RequestCancelSuccess: { order },
  AnswerCancelRequestSuccess: { order },
  RequestReturnSuccess: { order },
  AnswerReturnSuccess: { order },
  WithdrawReturnSuccess: { order },
  ReceiveReturnSuccess: { order },
  EscalateReturnSuccess: { order },
  MediateReturnSuccess: { order },
  ExtendReturnSuccess: { order },
  RefundCompletedOrderSuccess: { order },
  CheckoutShortLine: { variant: ({ variantId }) => ({ id: variantId }) },
  CheckoutNoLongerSold: { variants: ({ variantIds }) => variantIds.map((id) => ({ id })) },
  CheckoutPriceChanged: {
    expected: ({ expected }) => rupiah(expected),
    actual: ({ actual }) => rupiah(actual),
  },
  CheckoutShippingUnavailable: { shop: ({ shopId }) => ({ id: shopId }) },
  RefundTooLarge: { most: ({ most }) => rupiah(most) },
} satisfies Resolvers
