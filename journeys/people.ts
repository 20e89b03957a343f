import type { Client } from '@pasar/scripts/demo/client'
import type { Operation } from '@pasar/scripts/demo/operation'
import { register, signIn } from '@pasar/scripts/demo/shopping-operations'
import { newId, type Id } from '@pasar/shared/ids'
import type { TestMarket } from './market.ts'

/** What a mutation is given, and which fields of its success are read. */
export interface Act {
  readonly input: object
  readonly returns: string
}

/** Runs a mutation that follows the market's convention; a refusal rejects with its sentence and code. */
export function act<T>(client: Client, field: string, { input, returns }: Act): Promise<T> {
  const name = `${field[0]!.toUpperCase()}${field.slice(1)}`
  const inputType = name === 'CreateCategory' ? 'CategoryInput' : `${name}Input`
  const text: Operation<T> = `mutation ${name}($input: ${inputType}!) {
    ${field}(input: $input) { ... on ${name}Success { ${returns} } ... on Problem { code message } }
  }`
  return client.ask(text, { input })
}

/** Somebody with an account. */
export interface Person {
  readonly accountId: string
  readonly email: string
  readonly client: Client
}

/** Everybody's. */
export const password = 'sebuah-rahasia-panjang'

/** Signs in again: access tokens end after minutes of the market's clock. */
export async function returning({ guest }: TestMarket, person: Person): Promise<Person> {
  const { tokens } = await guest.ask(signIn, { input: { email: person.email, password } })
  return { ...person, client: guest.signedIn(tokens.access.token) }
}

let people = 0
const nextEmail = (word: string) => `${word}-${(people += 1)}@journey.example`

/** A new address in Jakarta Barat in somebody's address book. */
export async function newAddress({ client }: Pick<Person, 'client'>): Promise<{ readonly addressId: string }> {
  const { address } = await act<{ address: { id: string } }>(client, 'addAddress', {
    input: {
      label: 'Rumah',
      recipient: 'Dewi Lestari',
      phone: '0812 3456 7890',
      street: 'Jalan Panjang 5, RT 01/RW 02',
      districtCode: '31.73.05',
      postalCode: '11530',
    },
    returns: 'address { id }',
  })
  return { addressId: address.id }
}

/** Somebody who registers and has an address in Jakarta Barat. */
export async function newBuyer({ guest }: TestMarket): Promise<Person & { readonly addressId: string }> {
  const email = nextEmail('pembeli')
  const { account, tokens } = await guest.ask(register, { input: { email, name: 'Dewi Lestari', password } })
  const client = guest.signedIn(tokens.access.token)
  return { accountId: account.id, email, client, ...(await newAddress({ client })) }
}

/** Somebody who has read the mail that came when they registered. */
export async function proven({ settle, simulators }: TestMarket, person: Person): Promise<Person> {
  await settle()
  const [mail] = await simulators.mailsTo(person.email)
  const token = /^[\w-]{43}$/m.exec(mail!.text)![0]
  await act(person.client, 'verifyEmail', { input: { token }, returns: 'account { id }' })
  return person
}

/** Somebody of the staff. */
export async function newStaff({ guest, market }: TestMarket, role: 'support' | 'admin'): Promise<Person> {
  const email = nextEmail(role)
  const accountId = await market.subgraphs.users.createAccount({ email, name: `Staf ${role}`, password, roles: [role] })
  const { tokens } = await guest.ask(signIn, { input: { email, password } })
  return { accountId, email, client: guest.signedIn(tokens.access.token) }
}

/** A thing on a test's shelf. */
export interface Goods {
  readonly productId: string
  readonly variantId: string
  readonly price: number
}

/** A shop with its owner and one warehouse. */
export interface TestShop {
  readonly shopId: Id<'shop'>
  readonly warehouseId: string
  readonly categoryId: string
  readonly owner: Person
  readonly goods: readonly Goods[]
}

/** What a test's shop is to have on its shelf. */
export interface Stocked {
  readonly price: number
  readonly units: number
}

let shops = 0

/** A shop in Bandung that sells one product for each entry of `shelf`. */
export async function newShop(test: TestMarket, shelf: readonly Stocked[]): Promise<TestShop> {
  const { users } = test.market.subgraphs
  const number = (shops += 1)
  const email = nextEmail('penjual')
  const ownerId = await users.createAccount({ email, name: `Penjual ${number}`, password })
  const shopId = newId('shop')
  const profile = { slug: `toko-${number}`, name: `Toko ${number}`, description: '', regencyCode: '32.73' }
  await users.createShop({ id: shopId, ownerId, ...profile })
  const owner = await returning(test, { accountId: ownerId, email, client: test.guest })
  const { client: admin } = await newStaff(test, 'admin')
  const { category } = await act<{ category: { id: string } }>(admin, 'createCategory', {
    input: { name: `Kategori ${number}` },
    returns: 'category { id }',
  })
  const warehouseId = await newWarehouse({ shopId, owner }, '32.73.19')
  const shop = { shopId, warehouseId, categoryId: category.id, owner }
  const goods: Goods[] = []
  for (const stocked of shelf) goods.push(await putOnShelf(shop, stocked))
  await test.settle()
  return { ...shop, goods }
}

/** A warehouse of a shop in this district. */
export async function newWarehouse({ shopId, owner }: Pick<TestShop, 'shopId' | 'owner'>, districtCode: string): Promise<string> {
  const { warehouse } = await act<{ warehouse: { id: string } }>(owner.client, 'createWarehouse', {
    input: {
      shopId,
      name: `Gudang ${districtCode}`,
      contactName: 'Budi',
      phone: '081234567890',
      street: 'Jalan Braga 1',
      districtCode,
      postalCode: '40111',
    },
    returns: 'warehouse { id }',
  })
  return warehouse.id
}

let products = 0

/** Makes a product, gives it stock and puts it on sale. */
export async function putOnShelf(shop: Omit<TestShop, 'goods'>, { price, units }: Stocked): Promise<Goods> {
  const number = (products += 1)
  const size = { weightGrams: 400, lengthMm: 200, widthMm: 100, heightMm: 50 }
  const { product } = await act<{ product: { id: string; variants: { id: string }[] } }>(shop.owner.client, 'createProduct', {
    input: {
      shopId: shop.shopId,
      categoryId: shop.categoryId,
      title: `Kopi Gayo ${number}`,
      description: 'Biji kopi arabika.',
      images: [{ url: '/pictures/coffee.svg', altText: 'Sekantong biji kopi' }],
      variants: [{ sku: `KOPI-${number}`, name: '250 gram', price, ...size }],
    },
    returns: 'product { id variants { id } }',
  })
  const variantId = product.variants[0]!.id
  await setStock(shop, variantId, units)
  await act(shop.owner.client, 'publishProduct', { input: { productId: product.id }, returns: 'product { id }' })
  return { productId: product.id, variantId, price }
}

/** Counts the shelf: there are so many units now. */
export const setStock = (shop: Omit<TestShop, 'goods'>, variantId: string, onHand: number) =>
  act(shop.owner.client, 'adjustStock', {
    input: { variantId, warehouseId: shop.warehouseId, onHand, reason: 'COUNTED', idempotencyKey: newId('movement') },
    returns: 'variant { id }',
  })
