import { postGraph } from '../graph-answer.ts'
import type { PlacedOrder } from '../live/buying.ts'

/** What belongs to an order and its buyer: ids by which others ask for it, and what they may not be told. */
export interface Belongings {
  readonly orderId: string
  readonly checkoutId: string
  readonly paymentId: string
  readonly buyerId: string
  readonly shopId: string
  readonly addressId: string
  readonly orderLineId: string
  readonly cartLineId: string | undefined
  readonly shipmentId: string | undefined
  readonly secrets: readonly string[]
  /** Where everything stands: nobody but its people may change it. */
  readonly state: unknown
}

const query = `query ($order: ID!, $checkout: ID!, $payment: ID!) {
  me { id email cart { version lines { id quantity } destination { id recipient phone street } } }
  order(id: $order) {
    version state allowedMoves history { event } total { amount }
    shop { id } lines { id } address { name phone street } shipments { id status trackingNumber pickupRequestedAt }
  }
  checkout(id: $checkout) { state }
  payment(id: $payment) { state amount { amount formatted } instructions { vaNumber } refunds(first: 5) { edges { cursor } } }
}`

interface Read {
  readonly me: {
    readonly id: string
    readonly email: string
    readonly cart: {
      readonly lines: readonly { readonly id: string }[]
      readonly destination: { readonly id: string; readonly recipient: string; readonly phone: string; readonly street: string }
    }
  }
  readonly order: {
    readonly total: { readonly amount: number }
    readonly shop: { readonly id: string }
    readonly lines: readonly { readonly id: string }[]
    readonly shipments: readonly { readonly id: string; readonly trackingNumber: string | null }[]
  }
  readonly payment: {
    readonly amount: { readonly formatted: string }
    readonly instructions: { readonly vaNumber: string | null } | null
  }
}

/** Reads it as its buyer. */
export async function readBelongings(url: string, order: PlacedOrder): Promise<Belongings> {
  const variables = { order: order.id, checkout: order.checkoutId, payment: order.paymentId }
  const answer = await postGraph(url, JSON.stringify({ query, variables }), { authorization: `Bearer ${order.token}` })
  if (answer.errors || !answer.data) throw new Error(`not even its buyer is answered: ${JSON.stringify(answer)}`)
  const { me, order: read, payment } = answer.data as unknown as Read
  const { recipient, phone, street, id: addressId } = me.cart.destination
  const { trackingNumber } = read.shipments[0] ?? { trackingNumber: null }
  const said = [me.email, recipient, phone, street, trackingNumber, payment.instructions?.vaNumber]
  const amounts = [`"amount":${read.total.amount},`, `"amount":${read.total.amount}}`, `"${payment.amount.formatted}"`]
  return {
    orderId: order.id,
    checkoutId: order.checkoutId,
    paymentId: order.paymentId,
    buyerId: me.id,
    shopId: read.shop.id,
    addressId,
    orderLineId: read.lines[0]!.id,
    cartLineId: me.cart.lines[0]?.id,
    shipmentId: read.shipments[0]?.id,
    secrets: [...said.filter((one) => typeof one === 'string'), ...amounts],
    state: answer.data,
  }
}
