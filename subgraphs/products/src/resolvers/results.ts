import type { ProductsContext } from '../context.ts'

const product = ({ productId }: { readonly productId: string }, _: unknown, { loaders }: ProductsContext) =>
  loaders.product.load(productId)

const variant = ({ variantId }: { readonly variantId: string }, _: unknown, { loaders }: ProductsContext) =>
  loaders.variant.load(variantId)

const warehouse = ({ warehouseId }: { readonly warehouseId: string }, _: unknown, { loaders }: ProductsContext) =>
  loaders.warehouse.load(warehouseId)

/** What commands answer with: ids in the result, read afresh. */
export const results = {
  CreateCategorySuccess: {
    category: ({ categoryId }: { readonly categoryId: string }, _: unknown, { loaders }: ProductsContext) =>
      loaders.category.load(categoryId),
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
  AdjustStockSuccess: { variant },
  ChangeStockModeSuccess: { variant },
  SetBundleSuccess: { variant },
  SubmitReviewSuccess: {
    review: ({ reviewId }: { readonly reviewId: string }, _: unknown, { loaders }: ProductsContext) =>
      loaders.review.load(reviewId),
  },
}
