import type { PlacePayload } from '@pasar/schema/events/orders'
import { rupiah } from '@pasar/shared/money'
import type { Resolvers } from '@pasar/shared/subgraph-schema'
import { maySeeAddress, maySeeOrigin, partiesOf, visibleCheckout, visibleOrders } from './access.ts'
import { acceptOrder } from './commands/accept-order.ts'
import { cancelCheckout } from './commands/cancel-checkout.ts'
import { cancelOrder } from './commands/cancel-order.ts'
import { checkout } from './commands/checkout.ts'
import { confirmReceipt } from './commands/confirm-receipt.ts'
import { rejectOrder } from './commands/reject-order.ts'
import type { OrdersContext } from './context.ts'
import { isCancellable, problemOf, workOn, type Checkout, type CheckoutProblem } from './domain/checkout.ts'
import type { Order, OrderLine } from './domain/order.ts'
import { allowedMoves } from './domain/order-moves.ts'
import { stepViews, type StepView } from './domain/saga-trail.ts'
import type {
  MutationAcceptOrderArgs,
  MutationCancelCheckoutArgs,
  MutationCancelOrderArgs,
  MutationCheckoutArgs,
  MutationConfirmReceiptArgs,
  MutationRejectOrderArgs,
  QueryCheckoutArgs,
  QueryOrderArgs,
  QueryOrdersUnfinishedArgs,
  SubscriptionCheckoutUpdatedArgs,
  SubscriptionOrderUpdatedArgs,
  SubscriptionShopOrderUpdatedArgs,
  SubscriptionUserOrderUpdatedArgs,
} from './generated/resolvers.ts'
import { works } from './messages.ts'
import {
  checkoutsOfUser,
  findCheckout,
  findOrder,
  ordersInMediation,
  returnsWithoutCourier,
  ordersOfShop,
  ordersOfUser,
  quantityLeft,
  referredCheckout,
  referredOrder,
  unfinishedOf,
  type CheckoutListArguments,
  type OrderListArguments,
} from './queries.ts'
import { movesOf } from './moves-of.ts'
import { isUndoable } from './saga/steps.ts'
import { afterSaleMutations, afterSaleOfOrder, afterSaleTypes } from './resolvers/after-sale.ts'
import type { HistoryEntry } from './store/order-parts.ts'
import type { Saga } from './store/sagas.ts'
import { checkoutUpdated, orderUpdated, shopOrderUpdated, userOrderUpdated, type Update } from './subscriptions.ts'

type Context = OrdersContext
type Of<T extends CheckoutProblem['__typename']> = Extract<CheckoutProblem, { readonly __typename: T }>

const user = (id: string) => ({ __typename: 'User', id })
const shop = (id: string) => ({ __typename: 'Shop', id })
const product = (id: string) => ({ __typename: 'Product', id })
const variant = (id: string) => ({ __typename: 'Variant', id })
const orNull = (amount: bigint | null) => (amount === null ? null : rupiah(amount))

/** Results that carry an id; what they show is read afresh. */
const withCheckout = {
  checkout: ({ checkoutId }: { checkoutId: string }, _: object, { loaders }: Context) => loaders.checkout.load(checkoutId),
}
const withOrder = { order: ({ orderId }: { orderId: string }, _: object, { loaders }: Context) => loaders.order.load(orderId) }

/** What the market still does about a checkout, in the reader's language. */
function sentenceOf(checkout: Checkout, _: object, { locale }: Context): string | null {
  const work = workOn(checkout)
  return work && works[work][locale]
}

/** The same of a checkout that goes on after the answer. */
async function sentenceOfProcessing({ checkoutId }: { checkoutId: string }, args: object, context: Context): Promise<string> {
  const checkout = await context.loaders.checkout.load(checkoutId)
  return (checkout && sentenceOf(checkout, args, context)) ?? works.processing[context.locale]
}

/** The SDL of orders, one line per field. */
export const resolvers: Resolvers = {
  Query: {
    order: (_: unknown, args: QueryOrderArgs, context: Context) => findOrder(context, args),
    checkout: (_: unknown, args: QueryCheckoutArgs, context: Context) => findCheckout(context, args),
    ordersInMediation: (_: unknown, args: OrderListArguments, context: Context) => ordersInMediation(context, args),
    returnsWithoutCourier: (_: unknown, args: OrderListArguments, context: Context) => returnsWithoutCourier(context, args),
    ordersUnfinished: (_: unknown, { accountId }: QueryOrdersUnfinishedArgs, context: Context) =>
      unfinishedOf(context, accountId),
  },
  Mutation: {
    checkout: (_: unknown, { input }: MutationCheckoutArgs, context: Context) => checkout(context, input),
    cancelCheckout: (_: unknown, { input }: MutationCancelCheckoutArgs, context: Context) => cancelCheckout(context, input),
    acceptOrder: (_: unknown, { input }: MutationAcceptOrderArgs, context: Context) => acceptOrder(context, input),
    rejectOrder: (_: unknown, { input }: MutationRejectOrderArgs, context: Context) => rejectOrder(context, input),
    cancelOrder: (_: unknown, { input }: MutationCancelOrderArgs, context: Context) => cancelOrder(context, input),
    confirmReceipt: (_: unknown, { input }: MutationConfirmReceiptArgs, context: Context) => confirmReceipt(context, input),
    ...afterSaleMutations,
  },
  Subscription: {
    orderUpdated: {
      subscribe: (_: unknown, args: SubscriptionOrderUpdatedArgs, context: Context) => orderUpdated(context, args),
      resolve: (update: Update) => update,
    },
    shopOrderUpdated: {
      subscribe: (_: unknown, args: SubscriptionShopOrderUpdatedArgs, context: Context) => shopOrderUpdated(context, args),
      resolve: (update: Update) => update,
    },
    userOrderUpdated: {
      subscribe: (_: unknown, args: SubscriptionUserOrderUpdatedArgs, context: Context) => userOrderUpdated(context, args),
      resolve: (update: Update) => update,
    },
    checkoutUpdated: {
      subscribe: (_: unknown, args: SubscriptionCheckoutUpdatedArgs, context: Context) => checkoutUpdated(context, args),
      resolve: (update: Update) => update,
    },
  },
  OrderUpdate: {
    order: async ({ id, visible }: Update, _: object, { loaders }: Context) => visible(await loaders.order.load(id)),
  },
  CheckoutUpdate: { checkout: ({ id }: Update, _: object, { loaders }: Context) => loaders.checkout.load(id) },
  User: {
    orders: ({ id }: { id: string }, args: OrderListArguments, context: Context) => ordersOfUser(context, id, args),
    checkouts: ({ id }: { id: string }, args: CheckoutListArguments, context: Context) => checkoutsOfUser(context, id, args),
  },
  Shop: { orders: ({ id }: { id: string }, args: OrderListArguments, context: Context) => ordersOfShop(context, id, args) },
  Checkout: {
    __resolveReference: (reference: { id: string }, context: Context) => referredCheckout(context, reference),
    buyer: ({ buyerId }: Checkout) => user(buyerId),
    orders: async ({ id }: Checkout, _: object, context: Context) =>
      visibleOrders(context, await context.loaders.ordersOfCheckout.load(id)),
    itemsTotal: ({ itemsTotal }: Checkout) => orNull(itemsTotal),
    shippingTotal: ({ shippingTotal }: Checkout) => orNull(shippingTotal),
    total: ({ itemsTotal, shippingTotal }: Checkout) => (itemsTotal === null ? null : rupiah(itemsTotal + (shippingTotal ?? 0n))),
    problem: problemOf,
    cancellable: isCancellable,
    message: sentenceOf,
    saga: ({ id }: Checkout, _: object, { loaders }: Context) => loaders.saga.load(id),
  },
  CheckoutSaga: { steps: stepViews, fence: ({ fence }: Saga) => Number(fence) },
  CheckoutSagaStep: { undoable: ({ name }: StepView) => isUndoable(name) },
  Order: {
    __resolveReference: (reference: { id: string }, context: Context) => referredOrder(context, reference),
    checkout: async ({ checkoutId }: Order, _: object, context: Context) =>
      visibleCheckout(context, await context.loaders.checkout.load(checkoutId)),
    shop: ({ shopId }: Order) => shop(shopId),
    buyer: ({ buyerId }: Order) => user(buyerId),
    lines: ({ id }: Order, _: object, { loaders }: Context) => loaders.lines.load(id),
    itemsTotal: ({ itemsTotal }: Order) => rupiah(itemsTotal),
    shippingCost: ({ shippingCost }: Order) => rupiah(shippingCost),
    total: ({ itemsTotal, shippingCost }: Order) => rupiah(itemsTotal + shippingCost),
    paymentMethod: async ({ checkoutId }: Order, _: object, { loaders }: Context) =>
      (await loaders.checkout.load(checkoutId))!.paymentMethod,
    origin: (order: Order, _: object, { viewer }: Context) => (maySeeOrigin(viewer, order) ? order.origin : null),
    address: (order: Order, _: object, { viewer }: Context) => (maySeeAddress(viewer, order) ? order.destination : null),
    history: ({ id }: Order, _: object, { loaders }: Context) => loaders.history.load(id),
    allowedMoves: (order: Order, _: object, { viewer, loaders }: Context) =>
      movesOf(order, allowedMoves(order, partiesOf(viewer, order)), (id) => loaders.checkout.load(id)),
    deadlines: ({ id }: Order, _: object, { loaders }: Context) => loaders.deadlines.load(id),
    ...afterSaleOfOrder,
  },
  OrderAddress: {
    name: ({ name }: PlacePayload) => name || null,
    phone: ({ phone }: PlacePayload) => phone || null,
    street: ({ street }: PlacePayload) => street || null,
  },
  OrderLine: {
    product: ({ productId }: OrderLine) => product(productId),
    variant: ({ variantId }: OrderLine) => variant(variantId),
    unitPrice: ({ unitPrice }: OrderLine) => rupiah(unitPrice),
    lineTotal: ({ unitPrice, quantity }: OrderLine) => rupiah(unitPrice * BigInt(quantity)),
    quantityLeft: (line: OrderLine, _: object, context: Context) => quantityLeft(context, line),
  },
  OrderHistoryEntry: { by: ({ party }: HistoryEntry) => party },
  CheckoutPlaced: withCheckout,
  CheckoutProcessing: { ...withCheckout, message: sentenceOfProcessing },
  CancelCheckoutSuccess: withCheckout,
  CancelCheckoutProcessing: withCheckout,
  AcceptOrderSuccess: withOrder,
  RejectOrderSuccess: withOrder,
  CancelOrderSuccess: withOrder,
  ConfirmReceiptSuccess: withOrder,
  CancelLinesSuccess: withOrder,
  RequestCancelSuccess: withOrder,
  AnswerCancelRequestSuccess: withOrder,
  RequestReturnSuccess: withOrder,
  AnswerReturnSuccess: withOrder,
  WithdrawReturnSuccess: withOrder,
  ReceiveReturnSuccess: withOrder,
  EscalateReturnSuccess: withOrder,
  MediateReturnSuccess: withOrder,
  ExtendReturnSuccess: withOrder,
  RefundCompletedOrderSuccess: withOrder,
  ...afterSaleTypes,
  CheckoutShortLine: { variant: ({ variantId }: { variantId: string }) => variant(variantId) },
  CheckoutNoLongerSold: { variants: ({ variantIds }: Of<'CheckoutNoLongerSold'>) => variantIds.map(variant) },
  CheckoutPriceChanged: {
    expected: ({ expected }: Of<'CheckoutPriceChanged'>) => rupiah(expected),
    actual: ({ actual }: Of<'CheckoutPriceChanged'>) => rupiah(actual),
  },
  CheckoutShippingUnavailable: { shop: ({ shopId }: Of<'CheckoutShippingUnavailable'>) => shop(shopId) },
}
