import { enqueueAll } from '@pasar/shared/events/outbox'
import type { ProductsDeps } from '../context.ts'
import {
  distinct,
  levels,
  starsByProduct,
  type ImportBatch,
  type ImportCount,
  type ImportCounts,
  type ImportedCategory,
  type ImportedProduct,
  type ImportedVariant,
} from '../domain/import.ts'
import { writable } from '../domain/options.ts'
import { findCategories } from '../store/categories.ts'
import type { Tx } from '../store/database.ts'
import { addCategories, addProducts, addReviews, addStock, addVariantRows, addWarehouses, findMissing } from '../store/imports.ts'
import { touchListings } from '../store/listings.ts'
import { addRatings } from '../store/reviews.ts'
import { findSuspended } from '../store/shop-states.ts'
import { recordMovements } from '../store/stock.ts'
import { keepWarehouses } from '../store/warehouses.ts'

/** What an import needs: the products database and the time. */
export type ImportDeps = Pick<ProductsDeps, 'transaction' | 'clock'>

/**
 * Writes what is not there yet of a batch, in one transaction and with a number of statements that does not depend on its size. Ids are
 * the caller's (derivedId), so a second run writes nothing. Rows must be valid: what comes from people is parsed before.
 */
export const importListings = ({ transaction, clock }: ImportDeps, batch: ImportBatch): Promise<ImportCounts> =>
  transaction(async (tx) => {
    const categories = await importCategories(tx, distinct(batch.categories ?? []))
    const warehouses = await importWarehouses(tx, { rows: distinct(batch.warehouses ?? []), createdAt: clock.now() })
    const { products, variants, productIds } = await importProducts(tx, {
      rows: distinct(batch.products ?? []),
      now: clock.now(),
    })
    const { reviews, reviewedIds, rated } = await importReviews(tx, distinct(batch.reviews ?? []))
    // Whoever keeps a shop or a product must hear of its new reviews, too.
    const imported = ({ shopId }: (typeof rated)[number]) =>
      ({ type: 'ReviewsImported', aggregateId: shopId, payload: { shopId } }) as const
    await enqueueAll(tx, clock, rated.map(imported))
    const touched = [...new Set([...productIds, ...reviewedIds])]
    if (touched.length > 0) await touchListings(tx, clock, { productIds: touched })
    return { categories, warehouses, products, variants, reviews }
  })

const counted = (all: number, inserted: number): ImportCount => ({ inserted, unchanged: all - inserted })

async function importCategories(tx: Tx, rows: readonly ImportedCategory[]): Promise<ImportCount> {
  if (rows.length === 0) return counted(0, 0)
  const fresh = await findMissing(tx, 'category', rows)
  for (const level of levels(fresh)) {
    const parents = new Map(
      (
        await findCategories(
          tx,
          level.map(({ parentId }) => parentId ?? ''),
        )
      ).map(({ id, path }) => [id, path]),
    )
    const data = level.map((category) => ({ ...category, path: [...(parents.get(category.parentId ?? '') ?? []), category.id] }))
    await addCategories(tx, data)
  }
  return counted(rows.length, fresh.length)
}

async function importWarehouses(
  tx: Tx,
  { rows, createdAt }: { readonly rows: NonNullable<ImportBatch['warehouses']>; readonly createdAt: Date },
): Promise<ImportCount> {
  if (rows.length === 0) return counted(0, 0)
  const warehouses = rows.map((row) => ({ ...row, createdAt }))
  return counted(rows.length, await addWarehouses(tx, warehouses))
}

const nothing = { products: counted(0, 0), variants: counted(0, 0), productIds: [] as readonly string[] }

async function importProducts(tx: Tx, { rows, now }: { readonly rows: readonly ImportedProduct[]; readonly now: Date }) {
  if (rows.length === 0) return nothing
  const fresh = await findMissing(tx, 'product', rows)
  const variants = rows.reduce((sum, product) => sum + product.variants.length, 0)
  if (fresh.length > 0) await insertProducts(tx, { fresh, now })
  return {
    products: counted(rows.length, fresh.length),
    variants: counted(
      variants,
      fresh.reduce((sum, product) => sum + product.variants.length, 0),
    ),
    productIds: fresh.map(({ id }) => id),
  }
}

async function insertProducts(
  tx: Tx,
  { fresh, now }: { readonly fresh: readonly ImportedProduct[]; readonly now: Date },
): Promise<void> {
  const suspended = await findSuspended(tx, [...new Set(fresh.map(({ shopId }) => shopId))])
  const products = fresh.map((product) => productRow(product, suspended.has(product.shopId)))
  await addProducts(tx, products)
  const variants = fresh.flatMap(({ id: productId, shopId, createdAt, variants }) =>
    variants.map((variant) => ({ ...variant, productId, shopId, createdAt })),
  )
  await addVariantRows(tx, variants.map(variantRow))
  const stock = variants.flatMap(({ id: variantId, stock }) => stock.map((place) => ({ ...place, variantId, reserved: 0 })))
  await keepWarehouses(tx, [...new Set(stock.map(({ warehouseId }) => warehouseId))])
  await addStock(tx, stock)
  const movements = stock.map(({ variantId, warehouseId, onHand }) => ({ variantId, warehouseId, delta: onHand }))
  await recordMovements(tx, { kind: 'IMPORTED', actor: 'import', occurredAt: now }, movements)
}

const variantRow = ({
  stock: _stock,
  choice = [],
  ...row
}: ImportedVariant & { productId: string; shopId: string; createdAt: Date }) => ({
  ...row,
  choice: [...choice],
  active: true,
})

/** Prices are refined by touchListings, together with the other figures. */
const productRow = ({ variants, images, options = [], ...product }: ImportedProduct, shopSuspended: boolean) => ({
  ...product,
  images: images.map((image) => ({ ...image })),
  options: writable(options),
  status: 'PUBLISHED',
  publishedAt: product.createdAt,
  shopSuspended,
  minPrice: variants[0]!.price,
  maxPrice: variants[0]!.price,
  inStock: false,
  regencyCodes: [],
})

async function importReviews(tx: Tx, rows: NonNullable<ImportBatch['reviews']>) {
  const fresh = rows.length === 0 ? [] : await findMissing(tx, 'review', rows)
  if (fresh.length > 0) await addReviews(tx, fresh)
  const rated = fresh.length === 0 ? [] : await addRatings(tx, starsByProduct(fresh))
  return { reviews: counted(rows.length, fresh.length), reviewedIds: fresh.map(({ productId }) => productId), rated }
}
