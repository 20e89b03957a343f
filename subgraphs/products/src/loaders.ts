import { byKey, clearable, groupBy, perArguments } from '@pasar/shared/loader'
import type { Page } from '@pasar/shared/page'
import type { Reads } from '@pasar/shared/seam'
import { findCategories, listChildren } from './store/categories.ts'
import { findCheapest, findRunning, listShopFlashSales } from './store/flash-sales.ts'
import { countProducts, findProducts, listShopProducts, type ShopListing } from './store/products.ts'
import { findComponents } from './store/bundles.ts'
import { countOpenReports, listReportsBy } from './store/reports.ts'
import { findPurchases, findReviews, listReviews, type ReviewList } from './store/reviews.ts'
import { findStock, listMovements, type MovementList } from './store/stock.ts'
import { findVariants, findVariantsOf } from './store/variants.ts'
import { findWarehouses, listShopWarehouses } from './store/warehouses.ts'

const id = (row: { readonly id: string }) => row.id

const reportsOver = (db: Reads) =>
  perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => listReportsBy(db, ids, page),
      (row) => row.reporterId!,
    ),
  )

const flashSaleLoaders = (db: Reads) => ({
  flashSaleOf: byKey(
    (ids: readonly string[]) => findRunning(db, ids),
    (row) => row.variantId,
  ),
  flashSaleOfProduct: byKey(
    (ids: readonly string[]) => findCheapest(db, ids),
    (row) => row.productId,
  ),
  flashSalesOf: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => listShopFlashSales(db, ids, page),
      (row) => row.shopId,
    ),
  ),
})

const reviewLoaders = (db: Reads) => ({
  review: byKey((ids: readonly string[]) => findReviews(db, ids), id),
  purchase: byKey(
    (ids: readonly string[]) => findPurchases(db, ids),
    (row) => row.orderLineId,
  ),
  reviewsOf: perArguments((list: Omit<ReviewList, 'by'>) =>
    groupBy(
      (ids: readonly string[]) => listReviews(db, ids, list),
      (row) => row.productId,
    ),
  ),
  reviewsBy: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => listReviews(db, ids, { by: 'author_id', sort: 'NEWEST', page }),
      (row) => row.authorId!,
    ),
  ),
})

const openEach = (db: Reads) => ({
  category: byKey((ids: readonly string[]) => findCategories(db, ids), id),
  product: byKey((ids: readonly string[]) => findProducts(db, ids), id),
  variant: byKey((ids: readonly string[]) => findVariants(db, ids), id),
  warehouse: byKey((ids: readonly string[]) => findWarehouses(db, ids), id),
  openReports: byKey((ids: readonly string[]) => countOpenReports(db, ids), id),
  ...flashSaleLoaders(db),
  ...reviewLoaders(db),
  variantsOf: groupBy(
    (ids: readonly string[]) => findVariantsOf(db, ids),
    (row) => row.productId,
  ),
  stockOf: groupBy(
    (ids: readonly string[]) => findStock(db, ids),
    (row) => row.variantId,
  ),
  childrenOf: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => listChildren(db, ids, page),
      (row) => row.parentId!,
    ),
  ),
  productsOf: perArguments((listing: ShopListing) =>
    groupBy(
      (ids: readonly string[]) => listShopProducts(db, ids, listing),
      (row) => row.shopId,
    ),
  ),
  productCountsOf: groupBy(
    (ids: readonly string[]) => countProducts(db, ids),
    (row) => row.shopId,
  ),
  warehousesOf: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => listShopWarehouses(db, ids, page),
      (row) => row.shopId,
    ),
  ),
  componentsOf: groupBy(
    (ids: readonly string[]) => findComponents(db, ids),
    (row) => row.bundleId,
  ),
  movementsOf: perArguments((list: MovementList) =>
    groupBy(
      (ids: readonly string[]) => listMovements(db, ids, list),
      (row) => row.variantId,
    ),
  ),
  reportsBy: reportsOver(db),
})

/** Fresh loaders for one request or frame: every read by id or by parent goes through one. */
export const openLoaders = (db: Reads) => clearable(openEach(db))

/** The loaders of one request. */
export type Loaders = ReturnType<typeof openLoaders>
