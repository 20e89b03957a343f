import { openConsumers as consumersOfCarts } from '@pasar/carts/consumers'
import { openConsumers as consumersOfLogistics } from '@pasar/logistics/consumers'
import { openConsumers as consumersOfOrders } from '@pasar/orders/consumers'
import { pointNames } from '@pasar/orders/saga/points'
import { openConsumers as consumersOfPayments } from '@pasar/payments/consumers'
import { openConsumers as consumersOfProducts } from '@pasar/products/consumers'
import { loadSubgraphSdl } from '@pasar/schema/load'
import { domains, type Domain } from '@pasar/shared/domains'
import { boundaries } from '@pasar/shared/points'
import type { Consumers } from '@pasar/shared/subgraph/open-subgraph'
import { openConsumers as consumersOfUsers } from '@pasar/users/consumers'
import { openNotifier } from '@pasar/users/notifier'
import { Kind, visit } from 'graphql'

const words = (text: string): readonly string[] => text.split(/\s+/)

/** Internal commands that change nothing: they have no transaction to die in. */
const readers = ['usersFreezeAddress', 'logisticsQuote']

/** Mutations that no story has: of them nobody buys, sells, pays or is paid. What is new is in a story, or here. */
const mutationsWithoutStory: Readonly<Record<Domain, readonly string[]>> = {
  products:
    words(`createCategory createWarehouse changeWarehouse adjustStock changeStockMode createProduct changeProduct publishProduct
    withdrawProduct archiveProduct addVariant changeVariant setProductOptions setBundle takeDownProduct restoreProduct submitReview takeDownReview
    restoreReview answerReview takeDownReviewAnswer restoreReviewAnswer report dismissReports`),
  users:
    words(`register signIn refreshSession signOut changePassword requestPasswordReset resetPassword verifyEmail resendVerification
    changeEmail eraseMe changeProfile addAddress changeAddress removeAddress chooseDefaultAddress openShop changeShop
    suspendUser reinstateUser grantRole revokeRole suspendShop reinstateShop inviteShopMember withdrawShopInvitation joinShop
    removeShopMember leaveShop markNotificationsRead`),
  carts: words(
    `createCart addToCart changeQuantity removeLine selectLines acknowledgeChanges setDestination chooseShipping mergeCarts`,
  ),
  orders: [],
  payments: ['removeBankAccount'],
  logistics: ['requestPickup'],
}

/** Events that come from nothing of a story: ends of accounts, and shops that staff close. */
const eventsWithoutStory: readonly string[] = ['AccountErased', 'BuyerErased', 'ShopSuspended', 'ShopReinstated']

/** Every mutation of a subgraph, as the SDL says it: those that people may send, and those that one subgraph sends another. */
function mutationsOf(domain: Domain): string[] {
  const names: string[] = []
  visit(loadSubgraphSdl(domain), {
    ObjectTypeDefinition: ({ name, fields = [] }) => {
      if (name.value === 'Mutation') names.push(...fields.map((field) => field.name.value))
    },
    [Kind.ENUM_TYPE_DEFINITION]: () => false,
  })
  return names
}

/** None of them is called: what subgraphs consume are their names. */
const nobody = {} as never
const consumersOf: Readonly<Record<Domain, Consumers>> = {
  products: consumersOfProducts(nobody),
  users: consumersOfUsers(nobody),
  orders: consumersOfOrders(nobody, () => undefined),
  carts: consumersOfCarts(nobody),
  payments: consumersOfPayments(nobody),
  logistics: consumersOfLogistics(nobody),
}

/** Who does the same on events of several types. */
const listeners = [`${openNotifier(nobody).name}@users`]

/** Due work that changes something in one of the stories. */
const workers = [
  'orders deadlines',
  'products expiry',
  'products listings',
  'payments refunds',
  'payments payouts',
  'payments checks',
  'products flash sales',
  'shipments to book',
  'parcels to call off',
  'parcels to ask after',
]

/** Who asks a payment provider or a courier for something. */
const askers = [
  'paymentsCreate',
  'paymentsCancel',
  'payments refunds',
  'payments payouts',
  'payments checks',
  'shipments to book',
  'parcels to call off',
  'parcels to ask after',
]

const routes = ['midtrans', 'xendit', 'courier'].map((who) => `POST /notifications/${who}`)

/** What stories tell the rest of the market. */
const publications =
  words(`CheckoutPlaced CheckoutPaymentReceived CheckoutFinished OrderPlaced OrderPaid OrderAccepted OrderReadyToShip
  OrderShipped OrderDelivered OrderCompleted OrderCancelled OrderStepped OrderCallingOff ReturnApproved ReturnCallingOff GoodsReturned
  RefundDecided PaymentPending PaymentCaptured PaymentFailed EscrowReleased RefundCompleted WithdrawalEnded ShipmentBooked ShipmentMoved
  ParcelCalledOff CourierDueArose ListingChanged StockMoved StaffActed`)

const at = (names: readonly string[], of: readonly string[]) => names.flatMap((name) => of.map((one) => `${name}.${one}`))

/**
 * The boundaries that stories must pass, made from the code: a step, an undo, a command, a mutation or a consumer that is in no story, and
 * was not left out on purpose, is a fault.
 */
export function expectedPoints(): string[] {
  const mutations = domains.flatMap((domain) =>
    mutationsOf(domain).filter((name) => !mutationsWithoutStory[domain].includes(name)),
  )
  const consumers = domains.flatMap((domain) =>
    Object.keys(consumersOf[domain])
      .filter((type) => !eventsWithoutStory.includes(type))
      .map((type) => `${type}@${domain}`),
  )
  return [
    ...pointNames,
    ...at(mutations, boundaries.command).filter((point) => !readers.some((name) => point.startsWith(`${name}.commit`))),
    ...at([...consumers, ...listeners], boundaries.consumer),
    ...at(routes, boundaries.command),
    ...at(workers, boundaries.worker),
    ...at(askers, boundaries.outside),
    ...at(publications, boundaries.publication),
  ]
}

/** What is left out on purpose, as the beginnings of its boundaries; what of it a story passes after all is no longer left out. */
export const leftOut = (): string[] => [
  ...domains.flatMap((domain) => mutationsWithoutStory[domain].map((name) => `${name}.`)),
  ...eventsWithoutStory.map((type) => `${type}@`),
]
