import { rupiah } from '@pasar/shared/money'
import type { OrdersContext } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'

const checkout = async ({ checkoutId }: { readonly checkoutId: string }, _: unknown, { loaders }: OrdersContext) =>
  (await loaders.checkout.load(checkoutId))!

const voucher = async ({ voucherId }: { readonly voucherId: string }, _: unknown, { loaders }: OrdersContext) =>
  (await loaders.voucher.load(voucherId))!

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
  CreateVoucherSuccess: { voucher },
  EndVoucherSuccess: { voucher },
  CheckoutShortLine: { variant: ({ variantId }) => ({ id: variantId }) },
  CheckoutNoLongerSold: { variants: ({ variantIds }) => variantIds.map((id) => ({ id })) },
  CheckoutVoucherUnavailable: {
    shop: ({ shopId }) => ({ id: shopId }),
    minimumSpend: ({ minimumSpend }) => (minimumSpend === null ? null : rupiah(minimumSpend)),
  },
  CheckoutPriceChanged: {
    expected: ({ expected }) => rupiah(expected),
    actual: ({ actual }) => rupiah(actual),
  },
  CheckoutShippingUnavailable: { shop: ({ shopId }) => ({ id: shopId }) },
  RefundTooLarge: { most: ({ most }) => rupiah(most) },
} satisfies Resolvers
