import type { ProductsContext } from '../context.ts'
import { moveProduct, type MoveProductInput } from './move-product.ts'

/** Takes a product back to draft: off sale, or out of the archive. */
export const withdrawProduct = (ctx: ProductsContext, input: MoveProductInput) =>
  moveProduct(ctx, input, { to: 'DRAFT', success: 'WithdrawProductSuccess' })
