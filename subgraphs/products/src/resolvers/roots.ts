import { command, streamed } from '@pasar/shared/subgraph/resolvers'
import { addVariant } from '../commands/add-variant.ts'
import { adjustStock } from '../commands/adjust-stock.ts'
import { answerReview } from '../commands/answer-review.ts'
import { archiveProduct } from '../commands/archive-product.ts'
import { cancelFlashSale } from '../commands/cancel-flash-sale.ts'
import { changeStockMode } from '../commands/change-stock-mode.ts'
import { changeProduct } from '../commands/change-product.ts'
import { changeVariant } from '../commands/change-variant.ts'
import { changeWarehouse } from '../commands/change-warehouse.ts'
import { confirmStock } from '../commands/confirm-stock.ts'
import { createCategory } from '../commands/create-category.ts'
import { createProduct } from '../commands/create-product.ts'
import { createWarehouse } from '../commands/create-warehouse.ts'
import { dismissReports } from '../commands/dismiss-reports.ts'
import { publishProduct } from '../commands/publish-product.ts'
import { releaseStock } from '../commands/release-stock.ts'
import { report } from '../commands/report.ts'
import { findShort, reserveStock } from '../commands/reserve-stock.ts'
import { restoreProduct } from '../commands/restore-product.ts'
import { restoreReview } from '../commands/restore-review.ts'
import { restoreReviewAnswer } from '../commands/restore-review-answer.ts'
import { scheduleFlashSale } from '../commands/schedule-flash-sale.ts'
import { setBundle } from '../commands/set-bundle.ts'
import { setProductOptions } from '../commands/set-product-options.ts'
import { submitReview } from '../commands/submit-review.ts'
import { takeDownProduct } from '../commands/take-down-product.ts'
import { takeDownReview } from '../commands/take-down-review.ts'
import { takeDownReviewAnswer } from '../commands/take-down-review-answer.ts'
import { withdrawProduct } from '../commands/withdraw-product.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import * as queries from '../queries.ts'
import { listingChanged } from '../subscriptions.ts'

/** Root fields. */
export const roots = {
  Query: {
    product: (_, { id }, ctx) => queries.findProduct(ctx, id),
    products: (_, args, ctx) => queries.products(ctx, args),
    productFacets: (_, args, ctx) => queries.productFacets(ctx, args),
    category: (_, { id }, ctx) => queries.findCategory(ctx, id),
    categories: (_, args, ctx) => queries.categories(ctx, args),
    flashSales: (_, args, ctx) => queries.flashSales(ctx, args),
    warehouse: (_, { id }, ctx) => queries.findWarehouse(ctx, id),
    productsShort: (_, { input }, ctx) => findShort(ctx, input),
    reports: (_, args, ctx) => queries.openReports(ctx, args),
  },
  Mutation: {
    createCategory: command(createCategory),
    createWarehouse: command(createWarehouse),
    changeWarehouse: command(changeWarehouse),
    createProduct: command(createProduct),
    changeProduct: command(changeProduct),
    publishProduct: command(publishProduct),
    withdrawProduct: command(withdrawProduct),
    archiveProduct: command(archiveProduct),
    takeDownProduct: command(takeDownProduct),
    restoreProduct: command(restoreProduct),
    addVariant: command(addVariant),
    changeVariant: command(changeVariant),
    setProductOptions: command(setProductOptions),
    adjustStock: command(adjustStock),
    changeStockMode: command(changeStockMode),
    setBundle: command(setBundle),
    scheduleFlashSale: command(scheduleFlashSale),
    cancelFlashSale: command(cancelFlashSale),
    submitReview: command(submitReview),
    takeDownReview: command(takeDownReview),
    restoreReview: command(restoreReview),
    answerReview: command(answerReview),
    takeDownReviewAnswer: command(takeDownReviewAnswer),
    restoreReviewAnswer: command(restoreReviewAnswer),
    report: command(report),
    dismissReports: command(dismissReports),
    productsReserve: command(reserveStock),
    productsConfirm: command(confirmStock),
    productsRelease: command(releaseStock),
  },
  Subscription: {
    listingChanged: streamed(listingChanged),
  },
  ListingUpdate: {
    variant: ({ variantId }, _, ctx) => queries.findVariant(ctx, variantId),
    product: ({ productId }, _, ctx) => queries.findProduct(ctx, productId),
  },
} satisfies Resolvers
