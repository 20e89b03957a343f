import type { ProductsContext } from '../context.ts'
import { moveProduct, type MoveProductInput } from './move-product.ts'

/** Takes a product off sale and keeps it. */
export const archiveProduct = (ctx: ProductsContext, input: MoveProductInput) =>
  moveProduct(ctx, input, { to: 'ARCHIVED', success: 'ArchiveProductSuccess' })
