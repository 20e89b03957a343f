import { newId, type Id } from '@pasar/shared/ids'
import type { AccountViewer, Role } from '@pasar/shared/identity/viewer'
import { mustAct, rowsOf } from './acts.ts'
import type { World } from './world.ts'

/** Somebody who buys, with an address in Jakarta Barat. */
export interface Buyer {
  readonly viewer: AccountViewer
  readonly addressId: string
}

/** A thing on a shelf. */
export interface Goods {
  readonly variantId: string
  readonly productId: string
  readonly price: number
  readonly shop: Shop
}

/** A shop with its owner and one warehouse. */
export interface Shop {
  readonly shopId: Id<'shop'>
  readonly owner: AccountViewer
  readonly warehouseId: string
}

const viewerOf = (accountId: Id<'account'>, roles: readonly Role[], shopIds: readonly Id<'shop'>[] = []): AccountViewer => ({
  kind: 'account',
  accountId,
  sessionId: newId('session'),
  roles,
  shopIds,
})

const usersOf = (world: World) => world.member('users')!.body

/** An account that nobody signs in with: the proofs ask the subgraphs themselves. */
const newAccount = (world: World, word: string) => {
  const id = newId('account')
  return usersOf(world).createAccount({ id, email: `${id.toLowerCase()}@${word}.example`, name: word })
}

export async function newBuyer(world: World): Promise<Buyer> {
  const viewer = viewerOf(await newAccount(world, 'pembeli'), [])
  const input = {
    label: 'Rumah',
    recipient: 'Dewi Lestari',
    phone: '0812 3456 7890',
    street: 'Jalan Panjang 5',
    districtCode: '31.73.05',
    postalCode: '11530',
  }
  const { address } = await mustAct<{ address: { id: string } }>(world, {
    domain: 'users',
    field: 'addAddress',
    as: viewer,
    input,
    returns: 'address { id }',
  })
  return { viewer, addressId: address.id }
}

/** Somebody of the staff. */
export const newStaff = async (world: World, role: 'support' | 'admin'): Promise<AccountViewer> =>
  viewerOf(await newAccount(world, 'staf'), [role])

/** A category that products can be in. */
export async function newCategory(world: World, input: { readonly name: string; readonly parentId?: string }): Promise<string> {
  const as = await newStaff(world, 'admin')
  const what = { domain: 'products', field: 'createCategory', as, input, returns: 'category { id }' } as const
  return (await mustAct<{ category: { id: string } }>(world, what)).category.id
}

export async function newShop(world: World): Promise<Shop> {
  const ownerId = await newAccount(world, 'penjual')
  const shopId = newId('shop')
  const slug = `toko-${shopId.slice(-12).toLowerCase()}`
  await usersOf(world).createShop({ id: shopId, ownerId, slug, name: slug, description: '', regencyCode: '32.73' })
  const owner = viewerOf(ownerId, ['seller'], [shopId])
  return { shopId, owner, warehouseId: await newWarehouse(world, { shopId, owner }) }
}

/** Another place in Bandung that a shop sends from. */
async function newWarehouse(world: World, { shopId, owner }: Omit<Shop, 'warehouseId'>): Promise<string> {
  const { warehouse } = await mustAct<{ warehouse: { id: string } }>(world, {
    domain: 'products',
    field: 'createWarehouse',
    as: owner,
    input: {
      shopId,
      name: 'Gudang utama',
      contactName: 'Budi',
      phone: '081234567890',
      street: 'Jalan Braga 1',
      districtCode: '32.73.19',
      postalCode: '40111',
    },
    returns: 'warehouse { id }',
  })
  return warehouse.id
}

/** A shop's other warehouse, made where it has none. */
export async function otherWarehouse(world: World, shop: Shop): Promise<string> {
  const sql = 'SELECT id FROM warehouse WHERE shop_id = $1 AND id <> $2'
  const [there] = await rowsOf<{ id: string }>(world, 'products', { sql, values: [shop.shopId, shop.warehouseId] })
  return there?.id ?? newWarehouse(world, shop)
}

/** What is put on a shelf. */
export interface Stocked {
  readonly categoryId: string
  readonly price: number
  readonly units: number
}

/** Puts a new product with one variant on sale. */
export async function putOnShelf(world: World, shop: Shop, { categoryId, price, units }: Stocked): Promise<Goods> {
  const size = { weightGrams: 400, lengthMm: 200, widthMm: 100, heightMm: 50 }
  const { product } = await mustAct<{ product: { id: string; variants: { id: string }[] } }>(world, {
    domain: 'products',
    field: 'createProduct',
    as: shop.owner,
    input: {
      shopId: shop.shopId,
      categoryId,
      title: 'Kopi Gayo',
      description: 'Biji kopi arabika.',
      images: [{ url: '/pictures/coffee.svg', altText: 'Sekantong biji kopi' }],
      variants: [{ sku: newId('variant'), name: '250 gram', price, ...size }],
    },
    returns: 'product { id variants { id } }',
  })
  const goods = { variantId: product.variants[0]!.id, productId: product.id, price, shop }
  await countStock(world, goods, units)
  await mustAct(world, { domain: 'products', field: 'publishProduct', as: shop.owner, input: { productId: product.id } })
  return goods
}

/** Counts the shelf: there are so many units now. */
export const countStock = (world: World, { variantId, shop }: Goods, onHand: number) =>
  mustAct(world, {
    domain: 'products',
    field: 'adjustStock',
    as: shop.owner,
    input: { variantId, warehouseId: shop.warehouseId, onHand, reason: 'COUNTED', idempotencyKey: newId('movement') },
  })
