import { newId, type Id } from '@pasar/shared/ids'
import { openClient } from '../../demo/client.ts'
import { addToCart, chooseShipping, readCart, setDestination, type Cart } from '../../demo/shopping-operations.ts'
import type { ImportTarget } from '../../import/target.ts'
import type { SaleMarket } from './market.ts'

/** Somebody with a filled cart, who comes from an address of their own. */
export interface Buyer {
  readonly accountId: Id<'account'>
  readonly token: string
  readonly address: string
  readonly cartId: string
  readonly cartVersion: number
}

const home = {
  label: 'Rumah',
  recipient: 'Dewi Lestari',
  phone: '0812 3456 7890',
  street: 'Jalan Panjang 5, RT 01/RW 02',
  districtCode: '31.73.05',
  postalCode: '11530',
}

/** What lies in every cart. */
export type Wanted = readonly { readonly variantId: string; readonly quantity: number }[]

/** Makes buyers: the first fills a cart through the public door, the others are given copies of it. */
export async function makeBuyers(
  market: SaleMarket,
  target: ImportTarget,
  { count, wanted }: { count: number; wanted: Wanted },
): Promise<Buyer[]> {
  const people = Array.from({ length: count }, () => ({ accountId: newId('account'), addressId: newId('address') }))
  await target.people({
    accounts: people.map(({ accountId }) => ({ id: accountId, email: `${accountId}@proof.example`, name: 'Pembeli' })),
    addresses: people.map(({ accountId, addressId }) => ({ ...home, id: addressId, accountId })),
    shops: [],
  })
  const tokens = await Promise.all(people.map((person) => market.tokenOf(person)))
  const first = await fillCart(market, { token: tokens[0]!, addressId: people[0]!.addressId, wanted })
  const cartIds = [first.id, ...people.slice(1).map(() => newId('cart'))]
  await copyCart(
    market,
    first.id,
    people.slice(1).map((person, index) => ({ ...person, cartId: cartIds[index + 1]! })),
  )
  return people.map(({ accountId }, index) => {
    const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
    return { accountId, address, token: tokens[index]!, cartId: cartIds[index]!, cartVersion: first.version }
  })
}

async function fillCart(
  { url }: SaleMarket,
  { token, addressId, wanted }: { token: string; addressId: string; wanted: Wanted },
): Promise<Cart> {
  const client = openClient(url).signedIn(token)
  for (const line of wanted) await client.ask(addToCart, { input: line })
  await client.ask(setDestination, { input: { addressId } })
  const cart = await client.ask(readCart)
  for (const { id, shippingOptions } of cart?.groups ?? [])
    await client.ask(chooseShipping, { input: { groupId: id, courierServiceId: shippingOptions[0]?.courierService.id } })
  const filled = (await client.ask(readCart))!
  await client.stop()
  return filled
}

interface Copy {
  readonly accountId: string
  readonly addressId: string
  readonly cartId: string
}

/** Whoever filled two thousand carts through the door would measure the filling of carts. */
async function copyCart({ pools }: SaleMarket, from: string, copies: readonly Copy[]): Promise<void> {
  const { pool } = pools.carts
  const ids = [
    copies.map(({ cartId }) => cartId),
    copies.map(({ accountId }) => accountId),
    copies.map(({ addressId }) => addressId),
  ]
  await pool.query(
    `INSERT INTO cart (id, account_id, version, address_id, created_at)
     SELECT copy.id, copy.account_id, cart.version, copy.address_id, cart.created_at
     FROM cart, unnest($2::text[], $3::text[], $4::text[]) AS copy (id, account_id, address_id) WHERE cart.id = $1`,
    [from, ...ids],
  )
  const { rows: groups } = await pool.query<{ id: string }>(`SELECT id FROM cart_group WHERE cart_id = $1`, [from])
  const { rows: lines } = await pool.query<{ id: string }>(`SELECT id FROM cart_line WHERE cart_id = $1`, [from])
  for (const group of groups) {
    const groupIds = copies.map(() => newId('cartGroup'))
    await pool.query(
      `INSERT INTO cart_group (id, cart_id, shop_id, courier_service_id, added_at)
       SELECT copy.id, copy.cart_id, g.shop_id, g.courier_service_id, g.added_at
       FROM cart_group g, unnest($2::text[], $3::text[]) AS copy (id, cart_id) WHERE g.id = $1`,
      [group.id, groupIds, ids[0]],
    )
    for (const line of lines)
      await pool.query(
        `INSERT INTO cart_line (id, cart_id, group_id, variant_id, quantity, selected, seen_price, seen_available, seen_active, added_at)
         SELECT copy.id, copy.cart_id, copy.group_id, l.variant_id, l.quantity, l.selected, l.seen_price, l.seen_available, l.seen_active, l.added_at
         FROM cart_line l, unnest($3::text[], $4::text[], $5::text[]) AS copy (id, cart_id, group_id) WHERE l.id = $1 AND l.group_id = $2`,
        [line.id, group.id, copies.map(() => newId('cartLine')), ids[0], groupIds],
      )
  }
}
