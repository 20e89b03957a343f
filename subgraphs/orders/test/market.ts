import type { ShipmentStatus } from '@pasar/schema/events/logistics'
import { newId, type Id } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { Platform } from '@pasar/shared/subgraph/open-subgraph'
import { startForTest, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { openOrders } from '../src/subgraph.ts'
import { fakeMarket, type FakeVariant } from './fake-market.ts'

const checkoutFields = `id state cancellable payBy paymentMethod problem { __typename code message } total { amount } itemsTotal { amount } shippingTotal { amount } discount { amount }
  orders { id state code version endReason shop { id } total { amount } }`

const checkoutText = `mutation ($input: CheckoutInput!) { checkout(input: $input) { __typename
  ... on CheckoutPlaced { checkout { ${checkoutFields} } } ... on CheckoutProcessing { message checkout { ${checkoutFields} } }
  ... on CheckoutAlreadyRunning { checkoutId } ... on CheckoutCartChanged { version } ... on CheckoutCartIncomplete { missing }
  ... on CheckoutOutOfStock { lines { variant { id } available } } ... on CheckoutFlashSaleLimited { lines { variant { id } available } }
  ... on CheckoutNoLongerSold { variants { id } }
  ... on CheckoutVoucherUnavailable { voucherCode refusal shop { id } minimumSpend { amount } } ... on CheckoutPriceChanged { expected { amount } actual { amount } } ... on CheckoutShippingUnavailable { shop { id } reason }
  ... on CheckoutPaymentMethodUnavailable { method } ... on CheckoutEnded { checkoutId state } ... on Problem { code message } } }`

/** What refusals of single mutations say. */
const refusalFields: Readonly<Record<string, string>> = {
  cancelLines: '... on OrderLinesShort { left { orderLineId quantity } }',
  requestReturn: '... on OrderLinesShort { left { orderLineId quantity } } ... on RefundTooLarge { most { amount } }',
  mediateReturn: '... on RefundTooLarge { most { amount } }',
  refundCompletedOrder: '... on RefundTooLarge { most { amount } }',
}

const orderText = `query ($id: ID!, $reason: String) { order(id: $id, reason: $reason) { id state code version endReason rejectReason allowedMoves placedAt
  courierServiceId courierServiceName address { name phone street districtCode regencyCode postalCode }
  buyer { id } shop { id } checkout { id } itemsTotal { amount } discount { amount } voucherCode shippingCost { amount } total { amount }
  refunded { amount } return { id reason solution note evidence { url altText } lines { quantity line { id } } claim { amount } }
  lines { id title variantName sku quantity quantityLeft unitPrice { amount } lineTotal { amount formatted } discount { amount } product { id } variant { id } imageUrl }
  history { event state code by reason note at } deadlines { kind dueAt doneAt kept } } }`

/** An order as the tests read it. */
export interface OrderView {
  readonly id: string
  readonly state: string
  readonly code: number
  readonly version: number
  readonly endReason: string | null
  readonly rejectReason: string | null
  readonly allowedMoves: readonly string[]
  readonly checkout: { readonly id: string } | null
  readonly buyer: { readonly id: string }
  readonly shop: { readonly id: string }
  readonly address: { readonly name: string; readonly postalCode: string } | null
  readonly total: { readonly amount: number }
  readonly discount: { readonly amount: number }
  readonly voucherCode: string | null
  readonly refunded: { readonly amount: number }
  readonly return: {
    readonly id: string
    readonly claim: { readonly amount: number }
    readonly evidence: readonly { readonly url: string; readonly altText: string }[]
  } | null
  readonly lines: readonly {
    readonly id: string
    readonly quantity: number
    readonly quantityLeft: number
    readonly lineTotal: { readonly formatted: string }
  }[]
  readonly history: readonly {
    readonly event: string
    readonly state: string
    readonly by: string
    readonly reason: string | null
    readonly note: string | null
  }[]
  readonly deadlines: readonly {
    readonly kind: string
    readonly dueAt: string
    readonly doneAt: string | null
    readonly kept: boolean | null
  }[]
}

/** A checkout as the tests read it. */
export interface CheckoutView {
  readonly id: string
  readonly state: string
  readonly cancellable: boolean
  readonly total: { readonly amount: number } | null
  readonly discount: { readonly amount: number } | null
  readonly payBy: string | null
  readonly problem: { readonly __typename: string; readonly code: string; readonly message: string } | null
  readonly orders: readonly {
    readonly id: string
    readonly state: string
    readonly endReason: string | null
    readonly shop: { readonly id: string }
  }[]
}

/** A result union as the tests read it. */
export type Result = Readonly<Record<string, unknown>> & {
  readonly __typename: string
  readonly code?: string
  readonly checkout?: CheckoutView
  readonly order?: OrderView
}

/** A buyer with a cart over two shops, and what they may do. */
export interface Scene {
  readonly buyer: AccountViewer
  readonly sellers: readonly [AccountViewer, AccountViewer]
  readonly variants: readonly [FakeVariant, FakeVariant]
  readonly cart: { readonly cartId: string; readonly version: number }
}

/** The orders subgraph on a database of its own, among participants in memory. */
export async function openMarket(extra: Pick<Platform, 'point' | 'onStatement'> = {}) {
  const fake = fakeMarket()
  const started = await startForTest('orders', (platform, url) => openOrders({ ...platform, ...extra }, url, fake.calls))
  const data = async <T>(operation: Parameters<TestSubgraph['execute']>[0]): Promise<T> => {
    const { data, errors } = await started.execute(operation)
    if (errors) throw new Error(JSON.stringify(errors))
    return data as T
  }
  const scene = ({ price = 50_000, stock = 10 } = {}): Scene => {
    const [shopA, shopB] = [newId('shop'), newId('shop')]
    const buyer = accountForTest()
    const variants = [fake.addVariant(shopA, { price, stock }), fake.addVariant(shopB, { price, stock })] as const
    const { cartId, version } = fake.addCart(buyer.accountId, [
      { variant: variants[0], quantity: 2 },
      { variant: variants[1], quantity: 1 },
    ])
    return { buyer, sellers: [sellerOf(shopA), sellerOf(shopB)], variants, cart: { cartId, version } }
  }
  const checkout = async (
    { buyer, cart }: Pick<Scene, 'buyer' | 'cart'>,
    input: Record<string, unknown> = {},
  ): Promise<Result> => {
    const asked = {
      cartId: cart.cartId,
      expectedCartVersion: cart.version,
      paymentMethod: 'BCA_VA',
      idempotencyKey: newId('movement'),
      ...input,
    }
    return (await data<{ checkout: Result }>({ query: checkoutText, variables: { input: asked }, as: buyer })).checkout
  }
  const readCheckout = async (id: string, as: AccountViewer): Promise<CheckoutView> => {
    const query = `query ($id: ID!) { checkout(id: $id) { ${checkoutFields} } }`
    return (await data<{ checkout: CheckoutView }>({ query, variables: { id }, as })).checkout
  }
  const order = async (id: string, as: AccountViewer, reason?: string): Promise<OrderView | null> =>
    (await data<{ order: OrderView | null }>({ query: orderText, variables: { id, reason: reason ?? null }, as })).order
  const act = async (mutation: string, as: AccountViewer, input: Record<string, unknown>): Promise<Result> => {
    const type = mutation[0]!.toUpperCase() + mutation.slice(1)
    const subject =
      mutation === 'cancelCheckout'
        ? 'checkout { id state orders { id state } }'
        : 'order { id state code version endReason rejectReason }'
    const success =
      mutation === 'cancelCheckout'
        ? `... on CancelCheckoutProcessing { ${subject} } ... on CheckoutNotCancellable { state }`
        : `... on IllegalOrderMove { state allowed } ... on StaleOrder { version } ${refusalFields[mutation] ?? ''}`
    const query = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename ... on ${type}Success { ${subject} } ${success} ... on Problem { code message } } }`
    const variables = { input: { idempotencyKey: newId('movement'), ...input } }
    return (await data<Record<string, Result>>({ query, variables, as }))[mutation]!
  }
  const pay = async (checkoutId: string, buyerId: string) => {
    const payment = fake.payments.get(checkoutId)!
    payment.state = 'CAPTURED'
    const payload = { paymentId: newId('payment'), checkoutId, buyerId, amount: payment.amount }
    await started.deliver('payments', { type: 'PaymentCaptured', payload })
    await started.settle()
  }
  /** Lets a little time pass, after which what was not answered is asked again. */
  const later = async () => {
    started.clock.advance(60_000)
    await started.settle()
  }
  const failPayment = async (checkoutId: string, buyerId: string, reason: 'EXPIRED' | 'DENIED' | 'CANCELLED') => {
    await started.deliver('payments', {
      type: 'PaymentFailed',
      payload: { paymentId: newId('payment'), checkoutId, buyerId, reason },
    })
    await started.settle()
  }
  const ends = {
    GIVEN_UP: { status: 'CANCELLED', lost: true },
    UNCLEAR: { status: 'CANCELLED', unclear: true },
    UNFETCHED: { status: 'CANCELLED', unfetched: true },
  } as const
  const ship = async (
    view: OrderView,
    status: ShipmentStatus | 'BOOKED' | keyof typeof ends,
    way: 'OUTBOUND' | 'RETURN' = 'OUTBOUND',
  ) => {
    const returnId = way === 'RETURN' ? view.return!.id : null
    const ref = { shipmentId: newId('shipment'), orderId: view.id, buyerId: view.buyer.id, shopId: view.shop.id, returnId }
    if (status === 'BOOKED')
      await started.deliver('logistics', { type: 'ShipmentBooked', payload: { ...ref, trackingNumber: 'JNE1' } })
    else
      await started.deliver('logistics', {
        type: 'ShipmentMoved',
        payload: {
          ...ref,
          ...(status === 'GIVEN_UP' || status === 'UNCLEAR' || status === 'UNFETCHED' ? ends[status] : { status }),
          trackingEventId: newId('tracking'),
        },
      })
  }
  const calledOff = async (view: OrderView, stopped: boolean | 'UNFETCHED', way: 'OUTBOUND' | 'RETURN' = 'OUTBOUND') => {
    const { id: orderId, buyer, shop } = view
    const payload = {
      orderId,
      buyerId: buyer.id,
      shopId: shop.id,
      stopped: stopped !== false,
      ...(stopped === 'UNFETCHED' && { unfetched: true as const }),
      ...(way === 'RETURN' && { returnId: view.return!.id }),
    }
    await started.deliver('logistics', { type: 'ParcelCalledOff', payload })
  }
  /** A paid checkout and its two orders. */
  const paidScene = async (options: Parameters<typeof scene>[0] = {}) => {
    const made = scene(options)
    const { checkout: placed } = await checkout(made)
    await pay(placed!.id, made.buyer.accountId)
    const orderOf = (seller: AccountViewer) => placed!.orders.find(({ shop }) => shop.id === seller.shopIds[0])!.id
    return { ...made, checkoutId: placed!.id, orderIds: made.sellers.map(orderOf) as [string, string] }
  }
  const events = (type: string) => started.published.filter((event) => event.type === type)
  return {
    ...started,
    fake,
    data,
    scene,
    checkout,
    readCheckout,
    order,
    act,
    pay,
    later,
    failPayment,
    ship,
    calledOff,
    paidScene,
    events,
  }
}

/** The market of a test; see openMarket. */
export type Market = Awaited<ReturnType<typeof openMarket>>

export const sellerOf = (shopId: Id<'shop'>): AccountViewer => accountForTest(['seller'], [shopId])

export const hours = (count: number): number => count * 3_600_000
