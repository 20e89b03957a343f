import { setTimeout as pause } from 'node:timers/promises'
import { openClient } from '@pasar/scripts/demo/client'
import { readCheckout } from '@pasar/scripts/demo/order-operations'
import {
  addAddress,
  addToCart,
  createCart,
  mergeCarts,
  type CartGroup,
  type Money,
  type WithId,
} from '@pasar/scripts/demo/shopping-operations'
import type { Operation } from '@pasar/scripts/demo/operation'
import { openImportTarget, type ImportDatabases } from '@pasar/scripts/import/target'
import { systemClock } from '@pasar/shared/clock'
import { derivedId, newId, type Id } from '@pasar/shared/ids'
import { newSigningKey, openAccessTokens } from '@pasar/users/access-tokens'
import { size } from '../market/plan.ts'
import { postKeptAlive } from './post.ts'

/** Buys two things; says how long it took from the empty cart to the paid order. */
export type Purchase = () => Promise<number>

/** Keys that shoppers sign their tokens with, as users does. */
export const keys = { ACCESS_TOKEN_KEY: newSigningKey() }

/** Accounts that have signed in before; each of them buys once. */
export const accounts = Array.from({ length: 4_000 }, () => newId('account'))

/** Puts the accounts into the databases. */
export async function addAccounts(databases: ImportDatabases): Promise<void> {
  const target = await openImportTarget(databases, systemClock)
  const rows = accounts.map((id) => ({ id, email: `${id}@bench.example`, name: 'Dewi Lestari' }))
  await target.people({ accounts: rows, addresses: [], shops: [] })
  await target.stop()
}

const home = {
  label: 'Rumah',
  recipient: 'Dewi Lestari',
  phone: '0812 3456 7890',
  street: 'Jalan Panjang 5, RT 01/RW 02',
  districtCode: '31.73.05',
  postalCode: '11530',
}

/** Its answer has the cart as it is then: nobody has to ask for that again. */
const sendTo: Operation<{ readonly cart: { readonly groups: readonly CartGroup[] } }> =
  `mutation SendTo($input: SetDestinationInput!) {
  setDestination(input: $input) {
    ... on SetDestinationSuccess { cart { groups { id shippingOptions { courierService { id } } } } }
    ... on Problem { code message } } }`

interface ChosenCart extends WithId {
  readonly version: number
  readonly total: Money | null
}

const chooseCourier: Operation<{ readonly cart: ChosenCart }> = `mutation ChooseCourier($input: ChooseShippingInput!) {
  chooseShipping(input: $input) { ... on ChooseShippingSuccess { cart { id version total { amount } } } ... on Problem { code message } } }`

interface Pressed {
  readonly id: string
  readonly payment: { readonly id: string } | null
}

const pressBuy: Operation<{ readonly checkout: Pressed }> = `mutation Buy($input: CheckoutInput!) { checkout(input: $input) {
  ... on CheckoutPlaced { checkout { id payment { id } } } ... on CheckoutProcessing { checkout { id payment { id } } }
  ... on Problem { code message } } }`

const readPayment: Operation<Pressed> = `query Payment($id: ID!) { checkout(id: $id) { id payment { id } } }`

const shops = 40
const lookMs = 40

/** Shoppers of a market; `afterPaying` lets a market work that does nothing by itself. */
export async function openShoppers(url: string, { from, afterPaying }: { from: number; afterPaying?: () => Promise<unknown> }) {
  const tokens = await openAccessTokens(keys.ACCESS_TOKEN_KEY, systemClock)
  const post = postKeptAlive()
  const guest = openClient(url, post)
  const payAtBank = async (paymentId: string) => {
    const { status } = (await post(`${url}/simulators/midtrans/${paymentId}/pay`, {}, {})) as { readonly status?: string }
    if (status !== 'settlement') throw new Error(`the bank did not take the payment ${paymentId}: ${status}`)
  }
  let next = from
  const purchase: Purchase = async () => {
    const number = next++
    const accountId: Id<'account'> = accounts[number % accounts.length]!
    const { token } = await tokens.issue({ accountId, sessionId: newId('session'), roles: [], shopIds: [] })
    const began = performance.now()
    const { cartToken } = await guest.ask(createCart)
    for (const index of [number % size.products, (number + shops) % size.products])
      await guest.ask(addToCart, {
        input: { cartToken, variantId: derivedId('variant', 'bench', `${index}-${number % 2}`), quantity: 1 },
      })
    const client = guest.signedIn(token)
    await client.ask(mergeCarts, { input: { cartToken } })
    const { address } = await client.ask(addAddress, { input: home })
    const { groups } = (await client.ask(sendTo, { input: { addressId: address.id } })).cart
    let filled: ChosenCart | undefined
    for (const { id, shippingOptions } of groups) {
      const input = { groupId: id, courierServiceId: shippingOptions[0]?.courierService.id }
      filled = (await client.ask(chooseCourier, { input })).cart
    }
    const click = {
      cartId: filled!.id,
      expectedCartVersion: filled!.version,
      expectedTotal: filled!.total?.amount,
      paymentMethod: 'BCA_VA',
      idempotencyKey: newId('movement'),
    }
    const pressed = await client.ask(pressBuy, { input: click })
    const checkoutId = pressed.checkout.id
    // Whoever is told that the market works on it, looks until there is something to pay.
    let paymentId = pressed.checkout.payment?.id
    while (paymentId === undefined) {
      await pause(lookMs)
      paymentId = (await client.ask(readPayment, { id: checkoutId })).payment?.id
    }
    await payAtBank(paymentId)
    await afterPaying?.()
    while ((await client.ask(readCheckout, { id: checkoutId }))?.state !== 'PAID') await pause(lookMs)
    return performance.now() - began
  }
  return { purchase }
}
