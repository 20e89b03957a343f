import type { ImportBatch, ImportedProduct, ImportedReview, ImportedWarehouse } from '@pasar/products/domain/import'
import type { Clock } from '@pasar/shared/clock'
import { derivedId } from '@pasar/shared/ids'
import { motifTexts, seedCategories, type SeedProduct, type SeedShop } from './catalogue.ts'
import { shopIdOf } from './seed-people.ts'

const categoryId = (key: string) => derivedId('category', 'demo', key)
const warehouseId = ({ slug }: SeedShop) => derivedId('warehouse', 'demo', slug)
const productId = ({ key }: SeedProduct) => derivedId('product', 'demo', key)

const dayMs = 24 * 60 * 60 * 1000
const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * dayMs)

/** Everything that products keeps of the demo market. Products came into it one a day, the last one today. */
export function seedListings(shops: readonly SeedShop[], clock: Clock): ImportBatch {
  const now = clock.now()
  const listed = shops.flatMap((shop) => shop.products.map((product) => ({ shop, product })))
  return {
    categories: seedCategories.map(({ key, name, englishName, parent }) => ({
      id: categoryId(key),
      parentId: parent === undefined ? null : categoryId(parent),
      name,
      englishName,
    })),
    warehouses: shops.map(warehouseOf),
    products: listed.map((entry, index) => productOf(entry, daysBefore(now, listed.length - 1 - index))),
    reviews: listed.flatMap(({ product }, index) => reviewsOf(product, daysBefore(now, (index % 7) / 10))),
  }
}

const warehouseOf = (shop: SeedShop): ImportedWarehouse => ({
  id: warehouseId(shop),
  shopId: shopIdOf(shop),
  name: 'Gudang utama',
  contactName: shop.contactName,
  phone: shop.phone,
  street: shop.street,
  districtCode: shop.districtCode,
  regencyCode: shop.districtCode.slice(0, 5),
  postalCode: shop.postalCode,
})

function productOf(
  { shop, product }: { readonly shop: SeedShop; readonly product: SeedProduct },
  createdAt: Date,
): ImportedProduct {
  const [lengthMm, widthMm, heightMm] = product.size
  return {
    id: productId(product),
    shopId: shopIdOf(shop),
    categoryId: categoryId(product.motif),
    title: product.title,
    description: product.description,
    images: [{ url: `/pictures/${product.motif}.svg`, altText: motifTexts[product.motif] }],
    options: (product.options ?? []).map(([name, values]) => ({ name, values })),
    soldCount: product.sold,
    createdAt,
    variants: product.variants.map(([name, price, onHand, weightGrams = product.weightGrams], index) => ({
      id: derivedId('variant', 'demo', product.key, String(index + 1)),
      sku: `${product.key.toUpperCase()}-${index + 1}`,
      name,
      choice: product.options ? name.split(', ') : [],
      price: BigInt(price),
      weightGrams,
      lengthMm,
      widthMm,
      heightMm,
      stock: [{ warehouseId: warehouseId(shop), onHand }],
    })),
  }
}

const reviewsOf = (product: SeedProduct, newest: Date): ImportedReview[] =>
  (product.reviews ?? []).map(([rating, text, authorName], index) => ({
    id: derivedId('review', 'demo', product.key, String(index + 1)),
    productId: productId(product),
    rating,
    text,
    authorName,
    createdAt: daysBefore(newest, index * 3),
  }))
