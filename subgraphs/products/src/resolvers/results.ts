import type { ProductsContext } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'

const product = async ({ productId }: { readonly productId: string }, _: unknown, { loaders }: ProductsContext) =>
  (await loaders.product.load(productId))!

const variant = async ({ variantId }: { readonly variantId: string }, _: unknown, { loaders }: ProductsContext) =>
  (await loaders.variant.load(variantId))!

const warehouse = async ({ warehouseId }: { readonly warehouseId: string }, _: unknown, { loaders }: ProductsContext) =>
  (await loaders.warehouse.load(warehouseId))!

const review = async ({ reviewId }: { readonly reviewId: string }, _: unknown, { loaders }: ProductsContext) =>
  (await loaders.review.load(reviewId))!

/** What commands answer with: ids in the result, read afresh. */
export const results = {
  CreateCategorySuccess: {
    category: async ({ categoryId }, _, { loaders }) => (await loaders.category.load(categoryId))!,
  },
  CreateWarehouseSuccess: { warehouse },
  ChangeWarehouseSuccess: { warehouse },
  CreateProductSuccess: { product },
  ChangeProductSuccess: { product },
  PublishProductSuccess: { product },
  WithdrawProductSuccess: { product },
  ArchiveProductSuccess: { product },
  TakeDownProductSuccess: { product },
  RestoreProductSuccess: { product },
  AddVariantSuccess: { variant },
  ChangeVariantSuccess: { variant },
  SetProductOptionsSuccess: { product },
  AdjustStockSuccess: { variant },
  ChangeStockModeSuccess: { variant },
  SetBundleSuccess: { variant },
  SubmitReviewSuccess: { review },
  TakeDownReviewSuccess: { review },
  RestoreReviewSuccess: { review },
  AnswerReviewSuccess: { review },
  TakeDownReviewAnswerSuccess: { review },
  RestoreReviewAnswerSuccess: { review },
} satisfies Resolvers
