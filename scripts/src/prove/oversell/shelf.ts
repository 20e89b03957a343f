import { setTimeout as pause } from 'node:timers/promises'
import { derivedId, newId, type Id } from '@pasar/shared/ids'
import type { ImportTarget } from '../../import/target.ts'
import { postGraph } from '../graph-answer.ts'
import type { SaleMarket } from './market.ts'

/** How the stock of what is sold is taken. */
export type Mode = 'COUNTER' | 'UNITS'

/** A thing that everybody wants, and who sells it. */
export interface Shelf {
  readonly shopId: Id<'shop'>
  readonly variantId: string
  readonly seller: string
}

const place = { phone: '+6281936677889', street: 'Jalan Braga 1', districtCode: '32.73.19', postalCode: '40111' }
const size = { weightGrams: 400, lengthMm: 200, widthMm: 100, heightMm: 50 }

/** Puts units of a new thing on a new shop's shelf; `empty` ones have no stock, for bundles. */
export async function putOnShelf(
  market: SaleMarket,
  target: ImportTarget,
  { units, mode }: { units: number; mode: Mode },
): Promise<Shelf> {
  const [ownerId, shopId] = [newId('account'), newId('shop')]
  const slug = shopId.replaceAll('_', '-')
  await target.people({
    accounts: [{ id: ownerId, email: `${slug}@proof.example`, name: 'Penjual' }],
    addresses: [],
    shops: [{ id: shopId, ownerId, slug, name: 'Toko Obral', description: 'Sekali setahun.', regencyCode: '32.73' }],
  })
  const [categoryId, warehouseId] = [derivedId('category', 'proof oversell'), newId('warehouse')]
  const warehouse = { id: warehouseId, shopId, name: 'Gudang utama', contactName: 'Budi', regencyCode: '32.73', ...place }
  await target.listings({
    categories: [{ id: categoryId, parentId: null, name: 'Obral', englishName: null }],
    warehouses: [warehouse],
  })
  const variantId = newId('variant')
  const stock = units > 0 ? [{ warehouseId, onHand: units }] : []
  await target.listings({ products: [productOf({ shopId, categoryId, variants: [{ id: variantId, stock }] })] })
  const seller = await market.tokenOf({ accountId: ownerId, shopIds: [shopId] })
  if (mode === 'UNITS') await tell(market, seller, ['changeStockMode', { variantId, mode }])
  await untilCartsKnow(market, variantId)
  return { shopId, variantId, seller }
}

/** Adds a bundle of one unit to a shelf. */
export async function addBundle(market: SaleMarket, target: ImportTarget, { shopId, variantId, seller }: Shelf): Promise<string> {
  const bundleId = newId('variant')
  const categoryId = derivedId('category', 'proof oversell')
  await target.listings({ products: [productOf({ shopId, categoryId, variants: [{ id: bundleId, stock: [] }] })] })
  await tell(market, seller, ['setBundle', { variantId: bundleId, components: [{ variantId, quantity: 1 }] }])
  await untilCartsKnow(market, bundleId)
  return bundleId
}

interface NewProduct {
  readonly shopId: Id<'shop'>
  readonly categoryId: string
  readonly variants: readonly { readonly id: string; readonly stock: readonly { warehouseId: string; onHand: number }[] }[]
}

const productOf = ({ variants, ...product }: NewProduct) => ({
  ...product,
  id: newId('product'),
  title: 'Kopi Gayo obral',
  description: 'Biji kopi arabika.',
  images: [{ url: '/pictures/kopi.svg', altText: 'Gambar secangkir kopi' }],
  soldCount: 0,
  createdAt: new Date(0),
  variants: variants.map((variant) => ({ ...variant, sku: variant.id, name: '250 gram', price: 53_500n, ...size })),
})

/** Where a market works by itself, carts hear of it when they do. */
async function untilCartsKnow({ pools, settle }: SaleMarket, variantId: string): Promise<void> {
  const sql = `SELECT FROM listing WHERE variant_id = $1 AND available > 0`
  for (let look = 0; look < 200; look += 1) {
    await settle()
    if ((await pools.carts.pool.query(sql, [variantId])).rowCount === 1) return
    await pause(50)
  }
  throw new Error(`carts have not heard of ${variantId}`)
}

/** Sends a mutation with one input as a seller; a refusal ends the proof. */
async function tell({ url }: SaleMarket, token: string, [field, input]: readonly [string, object]): Promise<void> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}`
  const query = `mutation ($input: ${type}Input!) { ${field}(input: $input) { __typename } }`
  const { data, errors } = await postGraph(url, JSON.stringify({ query, variables: { input } }), {
    authorization: `Bearer ${token}`,
  })
  const { __typename: result } = (data?.[field] ?? {}) as { __typename?: string }
  if (result !== `${type}Success`) throw new Error(`${field} answered ${result ?? JSON.stringify(errors)}`)
}
