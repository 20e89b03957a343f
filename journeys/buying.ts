import {
  acceptOrder,
  confirmReceipt,
  pressBuy,
  readCheckout,
  type Checkout,
  type PlacedOrder,
} from '@pasar/scripts/demo/order-operations'
import { addToCart, chooseShipping, readCart, stockOfProduct, type Cart } from '@pasar/scripts/demo/shopping-operations'
import { newId } from '@pasar/shared/ids'
import { expect } from 'vitest'
import type { TestMarket } from './market.ts'
import { act, newBuyer, type Goods, type Person, type TestShop } from './people.ts'

/** So many units of something. */
export type Wanted = readonly (readonly [Goods, number])[]

/** A buyer's cart that lacks nothing for a checkout. */
export async function fillCart(buyer: Person & { readonly addressId: string }, wanted: Wanted): Promise<Cart> {
  const { client, addressId } = buyer
  for (const [{ variantId }, quantity] of wanted) await client.ask(addToCart, { input: { variantId, quantity } })
  await act(client, 'setDestination', { input: { addressId }, returns: 'cart { id }' })
  return chooseCheapest(buyer)
}

/** Chooses the cheapest courier for each shop of the cart. */
export async function chooseCheapest({ client }: Person): Promise<Cart> {
  const cart = await client.ask(readCart)
  for (const { id, shippingOptions } of cart?.groups ?? []) {
    const courierServiceId = shippingOptions[0]?.courierService.id
    await client.ask(chooseShipping, { input: { groupId: id, courierServiceId } })
  }
  return (await client.ask(readCart))!
}

/** What the button "Buy" sends. */
export const click = (cart: Cart, changes: object = {}) => ({
  input: {
    cartId: cart.id,
    expectedCartVersion: cart.version,
    paymentMethod: 'BCA_VA',
    idempotencyKey: newId('movement'),
    ...changes,
  },
})

/** A checkout that waits for payment. */
export interface Bought {
  readonly checkoutId: string
  readonly paymentId: string
  readonly total: number
  readonly orders: readonly PlacedOrder[]
}

/** Presses "Buy" and reads what came of it. */
export async function buy({ settle }: TestMarket, { client }: Person, input: ReturnType<typeof click>): Promise<Bought> {
  const { checkout } = await client.ask(pressBuy, input)
  await settle()
  const placed = await checkoutOf({ client }, checkout.id)
  expect(placed.state).toBe('AWAITING_PAYMENT')
  return { checkoutId: placed.id, paymentId: placed.payment!.id, total: placed.total!.amount, orders: placed.orders }
}

/** A checkout as its buyer sees it. */
export const checkoutOf = async ({ client }: Pick<Person, 'client'>, id: string): Promise<Checkout> =>
  (await client.ask(readCheckout, { id }))!

/** The buyer pays at the bank, and the market hears of it. */
export async function pay({ simulators, settle }: TestMarket, { paymentId }: Bought): Promise<void> {
  await simulators.pay(paymentId)
  await settle()
}

/** A new buyer who has bought and paid one order of this shop's first goods. */
export async function paidOrder(test: TestMarket, { goods }: TestShop, changes: object = {}) {
  const buyer = await newBuyer(test)
  const bought = await buy(test, buyer, click(await fillCart(buyer, [[goods[0]!, 1]]), changes))
  await pay(test, bought)
  return { buyer, bought, order: bought.orders[0]! }
}

/** How many units can be bought now. */
export async function availableOf({ guest }: TestMarket, { productId }: Goods): Promise<number> {
  return (await guest.ask(stockOfProduct, { productId }))!.variants[0]!.available
}

const stateQuery = `query OrderState($id: ID!) { order(id: $id) { state endReason } }`

/** Where an order stands, as this person sees it. */
export const stateOf = ({ client }: Person, id: string) =>
  client.ask<{ state: string; endReason: string | null } | null>(stateQuery, { id })

const ledgerQuery = `query Ledger { trialBalance(reason: "journey") { rows { kind balance { amount } } sum { amount } } }`

/** Balances of the ledger by kind of account, positive for what the market owes. */
export async function ledgerOf({ client }: Person): Promise<Readonly<Record<string, number>>> {
  const { rows, sum } = await client.ask<{ rows: { kind: string; balance: { amount: number } }[]; sum: { amount: number } }>(
    ledgerQuery,
  )
  expect(sum.amount).toBe(0)
  return Object.fromEntries(rows.map(({ kind, balance }) => [kind, 0 - balance.amount]))
}

const parcelQuery = `query Parcel($id: ID!) { order(id: $id) { shipments { id trackingNumber status } } }`

/** The parcel of an accepted order. */
export async function parcelOf({ client }: Person, id: string) {
  type Parcel = { readonly id: string; readonly trackingNumber: string; readonly status: string }
  return (await client.ask<{ shipments: readonly [Parcel] }>(parcelQuery, { id })).shipments[0]
}

/** The seller accepts a paid order, the courier brings it, the buyer confirms it. */
export async function complete(
  test: TestMarket,
  { owner }: TestShop,
  { buyer, id }: { buyer: Person; id: string },
): Promise<void> {
  await owner.client.ask(acceptOrder, { input: { orderId: id, idempotencyKey: `terima-${id}` } })
  await test.settle()
  for (let parcel = await parcelOf(buyer, id); parcel.status !== 'DELIVERED'; parcel = await parcelOf(buyer, id)) {
    await test.simulators.advance(parcel.trackingNumber)
    await test.settle()
  }
  await buyer.client.ask(confirmReceipt, { input: { orderId: id, idempotencyKey: `sampai-${id}` } })
  await test.settle()
}

/** The courier says so of a parcel, one word after the other. */
export async function scan({ simulators, settle }: TestMarket, trackingNumber: string, words: readonly string[]): Promise<void> {
  for (const word of words) {
    await simulators.advance(trackingNumber, word)
    await settle()
  }
}
