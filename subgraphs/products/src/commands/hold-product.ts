import { problem } from '@pasar/shared/problems'
import { actsFor, refuseOwn } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import type { Tx } from '../store/database.ts'
import { lockTouched } from '../store/listings.ts'
import { findProducts } from '../store/products.ts'
import { lockVariantsOf } from '../store/variants.ts'

/**
 * Locks a product that staff decide about, with its variants and all bundles of them, in the order in which a seller's changes lock them: so
 * no bundle is made of it meanwhile that would not hear of the decision.
 */
export async function holdProduct(tx: Tx, ctx: ProductsContext, productId: string) {
  await lockTouched(tx, { productIds: [productId], variantIds: await lockVariantsOf(tx, productId) })
  const [product] = await findProducts(tx, [productId])
  if (!product) return problem('ProductNotFound', { productId })
  refuseOwn(actsFor(ctx.viewer, product.shopId))
  // One may have been added until the product was locked.
  return { __typename: 'Held', product, variantIds: await lockVariantsOf(tx, productId) } as const
}
