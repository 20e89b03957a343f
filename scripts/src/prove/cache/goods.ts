import { demoAccounts } from '@pasar/router/pages/demo-accounts'
import { newId } from '@pasar/shared/ids'
import { openClient, type Client } from '../../demo/client.ts'
import { signIn } from '../../demo/shopping-operations.ts'

/** Something on sale, and lines of orders by which the buyer may review it, one for each write. */
export interface Thing {
  readonly productId: string
  readonly variantId: string
  readonly warehouseId: string
  readonly orderLineIds: readonly string[]
}

/** What is written and read. */
export interface Goods {
  readonly shopId: string
  readonly products: readonly Thing[]
  /** A variant of the first product that is off: the seller sees it, nobody else may. */
  readonly hiddenName: string
  /** For the order that somebody has: what it holds of the stock would be in nobody's way. */
  readonly orderedId: string
}

const size = { weightGrams: 400, lengthMm: 200, widthMm: 100, heightMm: 50 }
const products = 6

const ownShop = `{ me { shops { id warehouses(first: 1) { edges { node { id } } } } } }`
const categories = `{ categories(first: 1) { edges { node { id } } } }`
const mutation = (field: string, returns: string) => {
  const name = `${field[0]!.toUpperCase()}${field.slice(1)}`
  return `mutation M($input: ${name}Input!) { ${field}(input: $input) { ... on ${name}Success { ${returns} } ... on Problem { code message } } }`
}

interface Made {
  readonly product: { readonly id: string; readonly variants: readonly { readonly id: string }[] }
}

/** Puts new products of the demo seller on sale, with figures from which writers only go up. */
export async function stockGoods(url: string, mark: string): Promise<Goods> {
  const guest = openClient(url)
  const [, { email, password }] = demoAccounts
  const seller = guest.signedIn((await guest.ask(signIn, { input: { email, password } })).tokens.access.token)
  const { shops } = await seller.ask<{ shops: { id: string; warehouses: { edges: { node: { id: string } }[] } }[] }>(ownShop)
  const shop = shops.find(({ warehouses }) => warehouses.edges.length > 0)!
  const warehouseId = shop.warehouses.edges[0]!.node.id
  const { edges } = await guest.ask<{ edges: { node: { id: string } }[] }>(categories)
  const common = { shopId: shop.id, categoryId: edges[0]!.node.id, description: 'Untuk bukti.' }
  const images = [{ url: '/pictures/coffee.svg', altText: 'Gambar' }]
  const made = []
  for (let n = 0; n <= products; n += 1) {
    const variants = [{ sku: newId('variant'), name: 'Satu', price: 100_000, ...size }]
    const input = { ...common, title: `Barang Bukti ${n}`, images, variants }
    const { product } = await seller.ask<Made>(mutation('createProduct', 'product { id variants { id } }'), { input })
    const variantId = product.variants[0]!.id
    const stock = { variantId, warehouseId, onHand: 1_000, reason: 'COUNTED', idempotencyKey: newId('movement') }
    await seller.ask(mutation('adjustStock', 'onHand'), { input: stock })
    await seller.ask(mutation('publishProduct', 'product { id }'), { input: { productId: product.id } })
    made.push({ productId: product.id, variantId, warehouseId, orderLineIds: [] })
  }
  const ordered = made.pop()!
  const hiddenName = `Tersembunyi ${mark}`
  await hideVariant(seller, made[0]!.productId, hiddenName)
  await guest.stop()
  return { shopId: shop.id, products: made, hiddenName, orderedId: ordered.variantId }
}

async function hideVariant(seller: Client, productId: string, name: string): Promise<void> {
  const input = { productId, variant: { sku: newId('variant'), name, price: 1_000, ...size } }
  const { variant } = await seller.ask<{ variant: { id: string } }>(mutation('addVariant', 'variant { id }'), { input })
  await seller.ask(mutation('changeVariant', 'variant { id }'), { input: { variantId: variant.id, active: false } })
}
