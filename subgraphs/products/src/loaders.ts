import { byKey, clearable, groupBy, perArguments } from '@pasar/shared/subgraph/loader'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Reads } from '@pasar/shared/postgres/seam'
import { findCategories, listChildren } from './store/categories.ts'
import { findCheapest, findFlashSales, findRunning, listShopFlashSales } from './store/flash-sales.ts'
import { countProducts, findProducts, listShopProducts, type ShopListing } from './store/products.ts'
import { findComponents } from './store/bundles.ts'
import { countOpenReports, listReportsBy } from './store/reports.ts'
import { findPurchases, findReviews, findShopRatings, listReviews, type ReviewList } from './store/reviews.ts'
import { findStock, listMovements, type MovementList } from './store/stock.ts'
import { findVariants, findVariantsOf } from './store/variants.ts'
import { findWarehouses, listShopWarehouses } from './store/warehouses.ts'

/** Fresh loaders for one request or frame: every read by id or by parent goes through one. */
export const openLoaders = (db: Reads) =>
  clearable({
    category: byKey((ids) => findCategories(db, ids), 'id'),
    product: byKey((ids) => findProducts(db, ids), 'id'),
    variant: byKey((ids) => findVariants(db, ids), 'id'),
    warehouse: byKey((ids) => findWarehouses(db, ids), 'id'),
    openReports: byKey((ids) => countOpenReports(db, ids), 'id'),
    flashSale: byKey((ids) => findFlashSales(db, ids), 'id'),
    flashSaleOf: byKey((ids) => findRunning(db, ids), 'variantId'),
    flashSaleOfProduct: byKey((ids) => findCheapest(db, ids), 'productId'),
    flashSalesOf: perArguments((page: Page) => groupBy((ids) => listShopFlashSales(db, ids, page), 'shopId')),
    review: byKey((ids) => findReviews(db, ids), 'id'),
    purchase: byKey((ids) => findPurchases(db, ids), 'orderLineId'),
    reviewsOf: perArguments((list: Omit<ReviewList, 'by'>) => groupBy((ids) => listReviews(db, ids, list), 'productId')),
    reviewsBy: perArguments((page: Page) =>
      groupBy((ids) => listReviews(db, ids, { by: 'author_id', sort: 'NEWEST', page }), 'authorId'),
    ),
    ratingOf: byKey((ids) => findShopRatings(db, ids), 'shopId'),
    variantsOf: groupBy((ids) => findVariantsOf(db, ids), 'productId'),
    stockOf: groupBy((ids) => findStock(db, ids), 'variantId'),
    childrenOf: perArguments((page: Page) => groupBy((ids) => listChildren(db, ids, page), 'parentId')),
    productsOf: perArguments((listing: ShopListing) => groupBy((ids) => listShopProducts(db, ids, listing), 'shopId')),
    productCountsOf: groupBy((ids) => countProducts(db, ids), 'shopId'),
    warehousesOf: perArguments((page: Page) => groupBy((ids) => listShopWarehouses(db, ids, page), 'shopId')),
    componentsOf: groupBy((ids) => findComponents(db, ids), 'bundleId'),
    movementsOf: perArguments((list: MovementList) => groupBy((ids) => listMovements(db, ids, list), 'variantId')),
    reportsBy: perArguments((page: Page) => groupBy((ids) => listReportsBy(db, ids, page), 'reporterId')),
  })

/** The loaders of one request. */
export type Loaders = ReturnType<typeof openLoaders>
