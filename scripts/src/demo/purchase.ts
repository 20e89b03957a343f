import type { Client } from './client.ts'
import { expectThat } from './deviation.ts'
import { fromTheStart, type Stream } from './live.ts'
import {
  checkoutUpdated,
  myOrders,
  orderUpdated,
  paymentUpdated,
  pressBuy,
  readCheckout,
  type Checkout,
  type OrderFrame,
  type PaymentFrame,
  type PlacedOrder,
} from './order-operations.ts'
import type { Cart } from './shopping-operations.ts'
import type { Stage } from './stage.ts'
import { rupiah } from './rupiah.ts'

/** An order whose buyer watches it. */
export interface WatchedOrder extends PlacedOrder {
  readonly updates: Stream<OrderFrame>
}

/** What the buyer has bought and watches. */
export interface Purchase {
  readonly checkoutId: string
  readonly total: number
  readonly paymentId: string
  readonly payment: Stream<PaymentFrame>
  readonly orders: readonly WatchedOrder[]
}

/** Presses "Buy", twice with the same key as an impatient buyer would, and watches what came of it. */
export async function buy(
  stage: Stage,
  client: Client,
  cart: Cart & { readonly total: { readonly amount: number } },
): Promise<Purchase> {
  const input = {
    cartId: cart.id,
    expectedCartVersion: cart.version,
    paymentMethod: 'BCA_VA',
    expectedTotal: cart.total.amount,
    idempotencyKey: stage.fresh(),
  }
  const { checkout: first } = await client.ask(pressBuy, { input })
  const { checkout: second } = await client.ask(pressBuy, { input })
  expectThat(first.id === second.id, `The same click twice made two checkouts: ${first.id} and ${second.id}`)
  const placed = await placedCheckout(stage, client, first.id)
  const all = await client.ask(myOrders)
  expectThat(all?.orders?.edges.length === 2, `The same click twice made ${all?.orders?.edges.length} orders, not two`)
  const { total, orders, payment } = placed
  expectThat(orders.length === 2, `The checkout made ${orders.length} orders, not one per shop`)
  expectThat(total?.amount === cart.total.amount, `The cart said ${cart.total.amount}, the checkout says ${total?.amount}`)
  expectThat(payment !== null, 'The checkout waits for payment, but there is nothing to pay')
  stage.tell(
    `bought for ${rupiah(total.amount)}: ${orders.map(({ id, shop }) => `${id} of ${shop.name}`).join(', ')}; the second click changed nothing`,
  )
  return {
    checkoutId: first.id,
    total: total.amount,
    paymentId: payment.id,
    payment: stage.live.follow({
      client,
      operation: paymentUpdated,
      variables: { paymentId: payment.id, after: fromTheStart },
      tell: ({ event, payment }) => `the buyer sees: payment ${event}, now ${payment.state}`,
    }),
    orders: orders.map((order) => ({ ...order, updates: watchOrder(stage, client, order) })),
  }
}

async function placedCheckout({ live }: Stage, client: Client, checkoutId: string): Promise<Checkout> {
  const read = async () => {
    const checkout = await client.ask(readCheckout, { id: checkoutId })
    expectThat(checkout !== null, `The buyer cannot see the checkout ${checkoutId}`)
    return checkout
  }
  const checkout = await read()
  if (checkout.state !== 'PROCESSING') return checkout
  const updates = live.follow({
    client,
    operation: checkoutUpdated,
    variables: { checkoutId, after: fromTheStart },
    tell: ({ event }) => `the buyer sees: checkout ${event}`,
  })
  await updates.waitFor('the placed checkout', ({ event }) => event === 'PLACED')
  return read()
}

const watchOrder = ({ live }: Stage, client: Client, { id }: PlacedOrder): Stream<OrderFrame> =>
  live.follow({
    client,
    operation: orderUpdated,
    variables: { orderId: id, after: fromTheStart },
    tell: ({ event, order }) => {
      const parcels = order.shipments.map(({ trackingNumber, status }) => `${trackingNumber ?? 'no number yet'} ${status}`)
      const payment = order.checkout?.payment?.state ?? 'none'
      return `the buyer sees: order ${order.id} ${event}, payment ${payment}, parcel ${parcels.join() || 'none'}`
    },
  })

/** Pays at the bank and waits until money and orders say so. */
export async function pay({ simulators }: Stage, { paymentId, payment, orders }: Purchase): Promise<void> {
  await simulators.pay(paymentId)
  await payment.waitFor('the captured payment', ({ event }) => event === 'CAPTURED')
  for (const { id, updates } of orders) await updates.waitFor(`order ${id} being paid`, ({ event }) => event === 'PAID')
}
