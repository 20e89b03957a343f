import { setTimeout as pause } from 'node:timers/promises'
import { demoAccounts } from '@pasar/router/pages/demo-accounts'
import { openClient, type Client } from '../../demo/client.ts'
import { myOrders, pressBuy } from '../../demo/order-operations.ts'
import {
  addAddress,
  addToCart,
  chooseShipping,
  createCart,
  readCart,
  register,
  setDestination,
  signIn,
} from '../../demo/shopping-operations.ts'
import type { Goods } from './goods.ts'

/** Somebody who reads, and the cart that they look at. */
export interface Reader {
  readonly name: string
  readonly client: Client
  readonly cartToken: string | null
}

/** Who takes part. */
export interface People {
  readonly seller: Client
  readonly goods: Goods
  readonly buyer: Client
  readonly buyerId: string
  readonly readers: readonly Reader[]
  /** Texts that belong to somebody: none of them may be found in a cache. */
  readonly secrets: readonly string[]
  stop(): Promise<void>
}

/** Opens what a buyer, a guest and the demo seller have, with secrets of the run in every private place. */
export async function gather(url: string, mark: string, goods: Goods): Promise<People> {
  const { products, orderedId } = goods
  const guest = openClient(url)
  const person = {
    email: `rahasia-${mark}@proof.example`,
    name: `Nama ${mark}`,
    recipient: `Penerima ${mark}`,
    street: `Jalan Rahasia ${mark}`,
  }
  const { account, tokens } = await guest.ask(register, {
    input: { email: person.email, name: person.name, password: `sandi-${mark}-panjang` },
  })
  const buyer = guest.signedIn(tokens.access.token)
  const { recipient, street } = person
  const address = { label: 'Rumah', recipient, phone: '081299990000', street, districtCode: '31.73.05', postalCode: '11530' }
  const { address: saved } = await buyer.ask(addAddress, { input: address })
  const { cartToken } = await guest.ask(createCart)
  const order = await purchase(buyer, saved.id, orderedId)
  for (const { variantId } of products) {
    await putIntoCart(buyer, { variantId, quantity: 1 })
    await putIntoCart(guest, { variantId, quantity: 1, cartToken })
  }
  await buyer.ask(setDestination, { input: { addressId: saved.id } })
  const [, demoSeller] = demoAccounts
  const seller = guest.signedIn((await guest.ask(signIn, { input: credentialsOf(demoSeller) })).tokens.access.token)
  return {
    seller,
    goods,
    buyer,
    buyerId: account.id,
    readers: [
      { name: 'guest', client: guest, cartToken },
      { name: 'buyer', client: buyer, cartToken: null },
    ],
    secrets: [mark, person.email, recipient, street, cartToken, saved.id, tokens.access.token, ...order],
    stop: () => guest.stop(),
  }
}

const credentialsOf = ({ email, password }: { readonly email: string; readonly password: string }) => ({ email, password })

/** Carts hear a moment later than others that something is on sale. */
async function putIntoCart(client: Client, input: object): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.ask(addToCart, { input })
      return
    } catch (error) {
      if (attempt >= attemptsMax || !String(error).includes('VARIANT_NOT_SOLD')) throw error
      await pause(50)
    }
  }
}

const attemptsMax = 200

/** Buys one thing; what it is known by afterwards. */
async function purchase(buyer: Client, addressId: string, variantId: string): Promise<string[]> {
  await putIntoCart(buyer, { variantId, quantity: 1 })
  await buyer.ask(setDestination, { input: { addressId } })
  for (const { id: groupId, shippingOptions } of (await buyer.ask(readCart))!.groups) {
    const courierServiceId = shippingOptions[0]!.courierService.id
    await buyer.ask(chooseShipping, { input: { groupId, courierServiceId } })
  }
  const { id: cartId, version: expectedCartVersion, total } = (await buyer.ask(readCart))!
  const input = { cartId, expectedCartVersion, expectedTotal: total!.amount, paymentMethod: 'BCA_VA', idempotencyKey: addressId }
  const { checkout } = await buyer.ask(pressBuy, { input })
  const orders = (await buyer.ask(myOrders))?.orders?.edges.map(({ node }) => node.id) ?? []
  return [checkout.id, ...orders]
}
