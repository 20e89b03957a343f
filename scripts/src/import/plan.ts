import type { ImportedCategory, ImportedProduct, ImportedReview, ImportedWarehouse } from '@pasar/products/domain/import'
import { derivedId, newId, type Id } from '@pasar/shared/ids'
import type { NewShop } from '@pasar/users/commands/create-shop'
import type { ImportedAccount } from '@pasar/users/commands/import-people'
import * as defaults from './defaults.ts'
import type { Row, RowProblem } from './row.ts'

/** What a batch of rows brings that no row before it brought. */
export interface Batch {
  readonly categories: ImportedCategory[]
  readonly accounts: ImportedAccount[]
  readonly shops: NewShop[]
  readonly warehouses: ImportedWarehouse[]
  readonly products: ImportedProduct[]
  readonly reviews: ImportedReview[]
}

/** Bounds of one file, so that what must be remembered of it stays small. */
const planLimits = {
  /** About 40 MB of ids. */
  productsMax: 200_000,
  /** Reviews of one product with the same stars and text are told apart by counting them; about 50 MB. */
  reviewsMax: 1_000_000,
} as const

const emptyBatch = (): Batch => ({ categories: [], accounts: [], shops: [], warehouses: [], products: [], reviews: [] })

/** Upper and lower case do not make another place or category. */
const key = (text: string): string => text.toLowerCase()

/** What rows have brought so far. */
interface Seen {
  readonly categories: Set<string>
  readonly shops: Set<string>
  /** Category by product: the first one wins. */
  readonly products: Map<string, string>
  /** Products of which another category was reported. */
  readonly reported: Set<string>
  /** How often a review came, by a number made from its identity. */
  readonly reviews: Map<number, number>
}

/** A product that the market has from an earlier import. */
export interface KeptProduct {
  readonly id: string
  readonly shopId: string
  /** Name of the category that it is in now. */
  readonly category: string
}

/** Whether a row was taken, and what is to be said about it. */
export interface AddedRow {
  readonly taken: boolean
  readonly remark?: RowProblem
}

/** Turns rows into batches of what is new in them; see docs/import.md for what identifies a thing. */
export function openPlan() {
  const seen: Seen = {
    categories: new Set(),
    shops: new Set(),
    products: new Map(),
    reported: new Set(),
    reviews: new Map(),
  }
  let batch = emptyBatch()
  return {
    /** Adds a row, whose product the market may have already. */
    add: (row: Row, kept?: KeptProduct): AddedRow => addRow(nameRow(row), { kept, seen, batch }),
    /** The batch so far; the next row begins another one. */
    take: (): Batch => {
      const taken = batch
      batch = emptyBatch()
      return taken
    },
  }
}

/** What is known when a row comes. */
interface Before {
  readonly kept: KeptProduct | undefined
  readonly seen: Seen
  readonly batch: Batch
}

/** The id of the product that a row names. */
export const productIdOf = ({ name, location, price }: Row): Id<'product'> =>
  derivedId('product', 'import', name, key(location), String(price))

/** A row with the ids of what it names. */
interface Named {
  readonly row: Row
  readonly categoryId: Id<'category'>
  readonly shopId: Id<'shop'>
  readonly productId: Id<'product'>
}

function addRow(named: Named, { kept, seen, batch }: Before): AddedRow {
  const { row, productId, shopId } = named
  // In the shop of another category: so an earlier file put it there, and it stays.
  if (kept && kept.shopId !== shopId && !seen.products.has(productId)) seen.products.set(productId, kept.category)
  const category = seen.products.get(productId)
  const beyond = beyondLimits(seen, category === undefined)
  if (beyond !== undefined) return { taken: false, remark: { line: row.line, reason: beyond } }
  if (category === undefined) addProduct(named, seen, batch)
  addReview(row, productId, { seen, batch })
  if (category === undefined || key(category) === key(row.category) || seen.reported.has(productId)) return { taken: true }
  seen.reported.add(productId)
  const reason = `puts "${row.name}" into ${row.category}; it stays in ${category}, where it was put first`
  return { taken: true, remark: { line: row.line, reason } }
}

function beyondLimits({ products, reviews }: Seen, isNewProduct: boolean): string | undefined {
  if (isNewProduct && products.size >= planLimits.productsMax)
    return `is a product beyond the ${planLimits.productsMax} that one file may bring`
  if (reviews.size >= planLimits.reviewsMax) return `is a review beyond the ${planLimits.reviewsMax} that one file may bring`
  return undefined
}

const nameRow = (row: Row): Named => ({
  row,
  productId: productIdOf(row),
  categoryId: derivedId('category', 'import', key(row.category)),
  shopId: derivedId('shop', 'import', key(row.location), key(row.category)),
})

function addProduct(named: Named, seen: Seen, batch: Batch): void {
  const { row, categoryId, shopId, productId } = named
  if (!seen.categories.has(categoryId))
    batch.categories.push({ id: categoryId, parentId: null, name: row.category, englishName: null })
  if (!seen.shops.has(shopId)) addShop(named, batch)
  seen.categories.add(categoryId)
  seen.shops.add(shopId)
  seen.products.set(productId, row.category)
  batch.products.push(productOf(named))
}

const warehouseIdOf = (shopId: Id<'shop'>) => derivedId('warehouse', 'import', shopId)

function addShop({ row: { category, regency }, shopId }: Named, batch: Batch): void {
  const name = defaults.shopNameOf(category, regency)
  const slug = defaults.slugOf(name, shopId)
  const ownerId = derivedId('account', 'import', shopId)
  batch.accounts.push({ id: ownerId, email: defaults.ownerEmailOf(slug), name: `Penjual ${name}` })
  const description = `Toko impor untuk kategori ${category} dari ${regency.name}.`
  batch.shops.push({ id: shopId, ownerId, slug, name, description, regencyCode: regency.code })
  batch.warehouses.push({ id: warehouseIdOf(shopId), shopId, contactName: name, ...defaults.warehouseOf(regency) })
}

/**
 * The same shops, but for those whose words in links or owners' addresses somebody else has: these get another end, that nobody can have known
 * before.
 */
export function underFreeWords({ accounts, shops }: Pick<Batch, 'accounts' | 'shops'>, taken: ReadonlySet<string>) {
  const others = shops.filter(({ id }) => taken.has(id))
  const slugs = new Map(others.map(({ ownerId, name }) => [ownerId, defaults.slugOf(name, newId('shop'))]))
  const freed = (account: ImportedAccount, slug: string | undefined): ImportedAccount =>
    slug === undefined ? account : { ...account, email: defaults.ownerEmailOf(slug) }
  return {
    accounts: accounts.map((account) => freed(account, slugs.get(account.id))),
    shops: shops.map((shop) => ({ ...shop, slug: slugs.get(shop.ownerId) ?? shop.slug })),
  }
}

function productOf({ row, categoryId, shopId, productId }: Named): ImportedProduct {
  const [weightGrams, lengthMm, widthMm, heightMm] = defaults.measuresOf(row.category)
  return {
    id: productId,
    shopId,
    categoryId,
    title: row.name,
    description: `${row.name}. Kategori ${row.category}, dikirim dari ${row.regency.name}.`,
    images: [{ url: '/pictures/paket.svg', altText: 'Gambar paket: penjual belum memasang foto' }],
    soldCount: row.sold,
    createdAt: defaults.listedAt(productId),
    variants: [
      {
        id: derivedId('variant', 'import', productId),
        sku: defaults.skuOf(productId),
        name: 'Standar',
        price: row.price,
        weightGrams,
        lengthMm,
        widthMm,
        heightMm,
        stock: [{ warehouseId: warehouseIdOf(shopId), onHand: defaults.stockOf(productId) }],
      },
    ],
  }
}

/** A review is its product, stars and text; the same once more is another one. */
function addReview(
  { rating, review: text }: Row,
  productId: Id<'product'>,
  { seen, batch }: { readonly seen: Seen; readonly batch: Batch },
): void {
  const number = defaults.drawn(2 ** 48, 'review', productId, String(rating), text)
  const nth = (seen.reviews.get(number) ?? 0) + 1
  seen.reviews.set(number, nth)
  const id = derivedId('review', 'import', productId, String(rating), text, String(nth))
  const createdAt = defaults.reviewedAt(id)
  batch.reviews.push({ id, productId, rating, text, authorName: defaults.authorOf(id), createdAt })
}
