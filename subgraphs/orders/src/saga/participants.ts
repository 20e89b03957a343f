import type { Calls } from '@pasar/shared/subgraph/calls'
import type { PlacePayload } from '@pasar/schema/events/orders'
import type { Checkout } from '../domain/checkout.ts'
import type { PlacedOrder } from './context.ts'
import type { CartGroup, CartLine, CategoryPart, Origin, Quote, ReservedLine, ShownOrigin } from '../domain/plan-orders.ts'

/** What a participant may answer: one member of its result union. */
type Answer<T extends string, F = object> = { readonly __typename: T } & Readonly<F>

const lockCart = `mutation ($input: CartsLockInput!) { cartsLock(input: $input) { __typename
  ... on CartsLocked { addressId lines { lineId variantId shopId quantity unitPrice } groups { shopId courierServiceId originRegencyCode } }
  ... on CartsChanged { version } ... on CartsBusy { checkoutId } ... on CartsIncomplete { missing } } }`
const unlockCart = `mutation ($input: CartsUnlockInput!) { cartsUnlock(input: $input) { __typename } }`
const clearCart = `mutation ($input: CartsClearInput!) { cartsClear(input: $input) { __typename } }`
const freezeAddress = `mutation ($input: UsersFreezeAddressInput!) { usersFreezeAddress(input: $input) { __typename
  ... on UsersAddressFrozen { name phone street districtCode regencyCode postalCode } } }`
const reserve = `mutation ($input: ProductsReserveInput!) { productsReserve(input: $input) { __typename
  ... on ProductsReserved { lines { variantId productId categoryId categoryPath shopId title variantName sku quantity unitPrice weightGrams lengthMm widthMm heightMm
    imageUrl warehouseId } origins { shopId name phone street districtCode regencyCode postalCode } }
  ... on ProductsOutOfStock { lines { variantId available } } ... on ProductsFlashSaleLimited { lines { variantId available } }
  ... on ProductsUnavailable { variantIds } } }`
const confirm = `mutation ($input: ProductsConfirmInput!) { productsConfirm(input: $input) { __typename } }`
const release = `mutation ($input: ProductsReleaseInput!) { productsRelease(input: $input) { __typename } }`
const quote = `mutation ($input: LogisticsQuoteInput!) { logisticsQuote(input: $input) { __typename
  ... on LogisticsQuoted { groups { shopId courierServiceId serviceName cost } } ... on LogisticsUnavailable { shopId reason } } }`
const createPayment = `mutation ($input: PaymentsCreateInput!) { paymentsCreate(input: $input) { __typename
  ... on PaymentsCreated { expiresAt } } }`
const cancelPayment = `mutation ($input: PaymentsCancelInput!) { paymentsCancel(input: $input) { cancelled captured } }`

export type LockAnswer =
  | Answer<
      'CartsLocked',
      {
        addressId: string
        lines: readonly CartLine[]
        groups: readonly CartGroup[]
      }
    >
  | Answer<'CartsChanged', { version: number }>
  | Answer<'CartsBusy', { checkoutId: string }>
  | Answer<'CartsIncomplete', { missing: readonly string[] }>
  | Answer<'CartsUnknown' | 'CartsEmpty' | 'CartsLockGone'>

export type ReserveAnswer =
  | Answer<'ProductsReserved', { lines: readonly ReservedLine[]; origins: readonly Origin[] }>
  | Answer<
      'ProductsOutOfStock' | 'ProductsFlashSaleLimited',
      { lines: readonly { readonly variantId: string; readonly available: number }[] }
    >
  | Answer<'ProductsUnavailable', { variantIds: readonly string[] }>
  | Answer<'ProductsReservationGone' | 'IdempotencyKeyReused'>

export type QuoteAnswer =
  Answer<'LogisticsQuoted', { groups: readonly Quote[] }> | Answer<'LogisticsUnavailable', { shopId: string; reason: string }>

/** What to reserve, and until when. */
export interface WantedGoods {
  readonly buyerId: string
  /** The checkout as which the goods were reserved before they were lost. */
  readonly insteadOf?: string
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
  readonly expiresAt: Date
  /** Where the goods were reserved before. */
  readonly preferredWarehouseIds?: readonly string[]
  /** Where the buyer was shown that they are sent from. */
  readonly preferredOrigins?: readonly ShownOrigin[]
}

/** A checkout that gives its cart back, and where its parcels would have left from. */
interface EndOfLock {
  readonly checkoutId: string
  readonly origins: readonly ShownOrigin[]
}

/** One parcel to quote. */
export interface QuoteGroup {
  readonly shopId: string
  readonly courierServiceId: string
  readonly originRegencyCode: string
  readonly destinationRegencyCode: string
  readonly weightGrams: number
  readonly volumeCubicCm: number
}

/** One order of a payment. */
export interface PaymentOrder extends PlacedOrder {
  readonly categories?: readonly CategoryPart[]
}

/** The saga's participants, each command as a function. All are idempotent by checkout; one that does not answer throws Unavailable. */
export const openParticipants = (calls: Calls) => {
  const send = async <T>(call: {
    domain: Parameters<Calls>[0]['domain']
    query: string
    input: { checkoutId: string } & Record<string, unknown>
  }) => {
    const { domain, query, input } = call
    const data = await calls<Record<string, T>>({ domain, query, variables: { input }, requestId: input.checkoutId })
    return Object.values(data)[0]!
  }
  return {
    lockCart: ({ id, buyerId, cartId, cartVersion }: Checkout) =>
      send<LockAnswer>({
        domain: 'carts',
        query: lockCart,
        input: { checkoutId: id, accountId: buyerId, cartId, expectedVersion: cartVersion },
      }),
    unlockCart: (input: EndOfLock) => send<object>({ domain: 'carts', query: unlockCart, input: { ...input } }),
    clearCart: (checkoutId: string) => send<object>({ domain: 'carts', query: clearCart, input: { checkoutId } }),
    freezeAddress: ({ id, buyerId }: Checkout, addressId: string) =>
      send<Answer<'UsersAddressFrozen', PlacePayload> | Answer<'UsersAddressUnknown'>>({
        domain: 'users',
        query: freezeAddress,
        input: { checkoutId: id, accountId: buyerId, addressId },
      }),
    reserve: (checkoutId: string, { expiresAt, ...wanted }: WantedGoods) =>
      send<ReserveAnswer>({
        domain: 'products',
        query: reserve,
        input: { checkoutId, ...wanted, expiresAt: expiresAt.toISOString() },
      }),
    confirm: (checkoutId: string) =>
      send<Answer<'ProductsConfirmed' | 'ProductsReservationGone' | 'IdempotencyKeyReused'>>({
        domain: 'products',
        query: confirm,
        input: { checkoutId },
      }),
    release: (checkoutId: string) => send<object>({ domain: 'products', query: release, input: { checkoutId } }),
    quote: (checkoutId: string, groups: readonly QuoteGroup[]) =>
      send<QuoteAnswer>({ domain: 'logistics', query: quote, input: { checkoutId, groups } }),
    createPayment: (
      { id, buyerId, paymentMethod }: Checkout,
      payment: { amount: number; expiresAt: string; orders: readonly PaymentOrder[] },
    ) =>
      send<
        | Answer<'PaymentsCreated', { expiresAt: string }>
        | Answer<'PaymentsMethodUnavailable' | 'PaymentsCheckoutCancelled' | 'IdempotencyKeyReused'>
      >({
        domain: 'payments',
        query: createPayment,
        input: { checkoutId: id, buyerId, method: paymentMethod, ...payment },
      }),
    cancelPayment: (checkoutId: string) =>
      send<{ readonly cancelled: boolean; readonly captured: boolean }>({
        domain: 'payments',
        query: cancelPayment,
        input: { checkoutId },
      }),
  }
}

/** The saga's participants; see openParticipants. */
export type Participants = ReturnType<typeof openParticipants>
