import type { Operation } from './operation.ts'
import type { Listed, Money, WithId } from './shopping-operations.ts'

/** An order as the checkout gives it. */
export interface PlacedOrder extends WithId {
  readonly shop: WithId & { readonly name: string }
  readonly itemsTotal: Money
  readonly shippingCost: Money
  readonly total: Money
  readonly lines: readonly { readonly quantity: number; readonly variant: WithId }[]
}

/** A checkout as the buyer sees it. */
export interface Checkout extends WithId {
  readonly state: string
  readonly total: Money | null
  readonly orders: readonly PlacedOrder[]
  readonly payment: (WithId & { readonly state: string }) | null
}

const checkoutFields = `id state total { amount } payment { id state }
  orders { id shop { id name } itemsTotal { amount } shippingCost { amount } total { amount } lines { quantity variant { id } } }`

export const pressBuy: Operation<{ checkout: WithId }> = `mutation PressBuy($input: CheckoutInput!) {
  checkout(input: $input) {
    ... on CheckoutPlaced { checkout { id } }
    ... on CheckoutProcessing { checkout { id } }
    ... on Problem { code message }
  }
}`

export const readCheckout: Operation<Checkout | null> = `query ReadCheckout($id: ID!) { checkout(id: $id) { ${checkoutFields} } }`

export const checkoutUpdated: Operation<{ event: string }> = `subscription FollowCheckout($checkoutId: ID!, $after: String) {
  checkoutUpdated(checkoutId: $checkoutId, after: $after) { event }
}`

/** A frame of an order: fields of orders, payments, logistics, products and users. */
export interface OrderFrame {
  readonly cursor: string
  readonly event: string
  readonly order: WithId & {
    readonly state: string
    readonly version: number
    readonly shop: { readonly name: string }
    readonly checkout: { readonly payment: { readonly state: string } | null } | null
    readonly shipments: readonly (WithId & { readonly trackingNumber: string | null; readonly status: string })[]
    readonly lines: readonly { readonly product: { readonly title: string }; readonly variant: { readonly available: number } }[]
  }
}

export const orderUpdated: Operation<OrderFrame> = `subscription FollowOrder($orderId: ID!, $after: String) {
  orderUpdated(orderId: $orderId, after: $after) {
    cursor event
    order {
      id state version shop { name } checkout { payment { state } } shipments { id trackingNumber status }
      lines { product { title } variant { available } }
    }
  }
}`

/** A frame of a shop's orders. */
export interface ShopFrame {
  readonly event: string
  readonly order: WithId & { readonly version: number; readonly buyer: { readonly displayName: string | null } }
}

export const shopOrderUpdated: Operation<ShopFrame> = `subscription FollowShop($shopId: ID!) {
  shopOrderUpdated(shopId: $shopId) { event order { id version buyer { displayName } } }
}`

/** A frame of a payment. */
export interface PaymentFrame {
  readonly event: string
  readonly payment: { readonly state: string }
}

export const paymentUpdated: Operation<PaymentFrame> = `subscription FollowPayment($paymentId: ID!, $after: String) {
  paymentUpdated(paymentId: $paymentId, after: $after) { event payment { state } }
}`

/** A frame of a parcel. */
export interface ParcelFrame {
  readonly status: string
  readonly shipment: { readonly trackingNumber: string | null; readonly order: { readonly state: string } }
}

export const shipmentTracked: Operation<ParcelFrame> = `subscription TrackParcel($shipmentId: ID!, $after: String) {
  shipmentTracked(shipmentId: $shipmentId, after: $after) { status shipment { trackingNumber order { state } } }
}`

/** An order after a move. */
export interface Moved {
  readonly order: { readonly state: string }
}

const move = (name: string, field: string): Operation<Moved> => `mutation ${name}($input: ${name}Input!) {
  ${field}(input: $input) { ... on ${name}Success { order { state } } ... on Problem { code message } }
}`

export const acceptOrder = move('AcceptOrder', 'acceptOrder')
export const confirmReceipt = move('ConfirmReceipt', 'confirmReceipt')

export const requestPickup: Operation<{ shipment: { status: string } }> = `mutation RequestPickup($input: RequestPickupInput!) {
  requestPickup(input: $input) { ... on RequestPickupSuccess { shipment { status } } ... on Problem { code message } }
}`

/** A seller's own shops and what they have earned. */
export interface SellersShops {
  readonly shops: readonly (WithId & { readonly name: string; readonly balance: { readonly available: Money } | null })[] | null
}

export const myShops: Operation<SellersShops | null> = `query MyShops { me { shops { id name balance { available { amount } } } } }`

/** An order in the end, as its seller reads it. */
export interface SettledOrder extends WithId {
  readonly state: string
  readonly settlement: {
    readonly rows: readonly { readonly kind: string; readonly amount: Money }[]
    readonly held: Money
  } | null
}

export const settledOrder: Operation<SettledOrder | null> = `query SettledOrder($id: ID!) {
  order(id: $id) { id state settlement { rows { kind amount { amount } } held { amount } } }
}`

/** The market's books. */
export interface TrialBalance {
  readonly rows: readonly { readonly kind: string; readonly balance: Money }[]
  readonly sum: Money
}

export const trialBalance: Operation<TrialBalance> = `query ReadTrialBalance($reason: String) {
  trialBalance(reason: $reason) { rows { kind balance { amount } } sum { amount } }
}`

/** The buyer's orders, as the list shows them. */
export const myOrders: Operation<{ orders: Listed<WithId> | null } | null> =
  `query MyOrders { me { orders(first: 10) { edges { node { id } } } } }`
