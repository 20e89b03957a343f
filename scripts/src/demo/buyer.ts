import type { Client } from './client.ts'
import { expectThat } from './deviation.ts'
import {
  addAddress,
  chooseShipping,
  districts,
  mergeCarts,
  readCart,
  register,
  searchRegencies,
  setDestination,
  type Cart,
} from './shopping-operations.ts'
import type { Stage } from './stage.ts'
import { rupiah } from './rupiah.ts'

/** The guest makes an account and takes the guest cart along. */
export async function signUp(stage: Stage, cartToken: string): Promise<Client> {
  const email = `pembeli-${stage.fresh()}@demo.pasar.example`
  const { tokens } = await stage.guest.ask(register, { input: { email, name: 'Dewi Lestari', password: stage.fresh() } })
  const client = stage.guest.signedIn(tokens.access.token)
  const { cart } = await client.ask(mergeCarts, { input: { cartToken } })
  stage.tell(`signed up as ${email}; the guest cart came along, with ${cart.groups.length} shops`)
  return client
}

/** An address in Bandung, its district taken from the market's own boxes. */
export async function addHome(stage: Stage, client: Client): Promise<void> {
  const [regency] = await client.ask(searchRegencies, { text: 'Kota Bandung' })
  expectThat(regency !== undefined, 'The market does not know Bandung')
  const [district] = await client.ask(districts, { regencyCode: regency.code })
  expectThat(district !== undefined, 'Bandung has no districts')
  const { address } = await client.ask(addAddress, {
    input: {
      label: 'Rumah',
      recipient: 'Dewi Lestari',
      phone: '0812 3456 7890',
      street: 'Jalan Demo 1, RT 01/RW 02',
      districtCode: district.code,
      postalCode: '40111',
      idempotencyKey: stage.fresh(),
    },
  })
  await client.ask(setDestination, { input: { addressId: address.id } })
}

/** Chooses the cheapest courier for each shop's parcel and reads what it costs together. */
export async function chooseCouriers(
  stage: Stage,
  client: Client,
): Promise<Cart & { readonly total: { readonly amount: number } }> {
  const before = await readOwnCart(client)
  expectThat(before.groups.length === 2, `The cart has goods of ${before.groups.length} shops, not of two`)
  for (const { id, shop, shippingOptions } of before.groups) {
    const [cheapest] = shippingOptions
    expectThat(cheapest !== undefined, `No courier brings the parcel of the shop ${shop.id} to Bandung`)
    const input = { groupId: id, courierServiceId: cheapest.courierService.id }
    const { group } = await client.ask(chooseShipping, { input })
    expectThat(
      group.shippingCost?.amount === cheapest.cost.amount,
      `${cheapest.courierService.id} was offered for ${cheapest.cost.amount} and costs ${group.shippingCost?.amount}`,
    )
    stage.tell(`${cheapest.courierService.name} (${cheapest.courierService.id}) brings it for ${rupiah(cheapest.cost.amount)}`)
  }
  const { total, ...cart } = await readOwnCart(client)
  expectThat(total !== null, 'The cart has couriers and an address, but no total')
  return { ...cart, total }
}

async function readOwnCart(client: Client): Promise<Cart> {
  const cart = await client.ask(readCart)
  expectThat(cart !== null, 'The buyer has no cart')
  return cart
}
