import { problem } from '@pasar/shared/problems'
import type { ProductsContext } from '../context.ts'
import { missingParts } from '../domain/product.ts'
import { countParts } from '../store/products.ts'
import { moveProduct, type MoveProductInput } from './move-product.ts'

/** Puts a draft on sale, if it has all that buyers need. */
export const publishProduct = (ctx: ProductsContext, input: MoveProductInput) =>
  moveProduct(ctx, input, {
    to: 'PUBLISHED',
    success: 'PublishProductSuccess',
    refuse: async (tx, product) => {
      const missing = missingParts({ ...product, ...(await countParts(tx, product)) })
      return missing.length > 0 ? problem('ProductIncomplete', { missing }) : undefined
    },
  })
