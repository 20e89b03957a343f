import { idParser } from '@pasar/shared/ids'
import { needReason } from '@pasar/shared/subgraph/looks'
import type { ProductsContext } from '../context.ts'
import { restoredTo } from '../domain/product.ts'
import type { RestoreProductInput } from '../generated/resolvers.ts'
import { noteAct, runAsStaff } from '../staff.ts'
import { touchListings } from '../store/listings.ts'
import { countParts, saveTakenDown } from '../store/products.ts'
import { holdProduct } from './hold-product.ts'

/** Puts a product that was taken down back to where it was; one that is not down stays where it is. */
export function restoreProduct(ctx: ProductsContext, input: RestoreProductInput) {
  const productId = idParser('product')(input.productId, 'productId')
  const reason = needReason(input.reason)
  return runAsStaff(ctx, { scope: 'restoreProduct', input, asked: { productId, reason } }, async (tx) => {
    const held = await holdProduct(tx, ctx, productId)
    if (held.__typename !== 'Held') return held
    const { product, variantIds } = held
    if (product.takenDownFrom !== null) {
      const status = restoredTo(product.takenDownFrom, { ...product, ...(await countParts(tx, product)) })
      await saveTakenDown(tx, productId, { status, takenDownAt: null, takenDownReason: null, takenDownFrom: null })
      await noteAct(tx, ctx, { action: 'product.restore', subjectId: productId, reason })
      await touchListings(tx, ctx.clock, { variantIds })
    }
    return { __typename: 'RestoreProductSuccess', productId } as const
  })
}
