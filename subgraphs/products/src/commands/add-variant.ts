import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { inPart, problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/versions'
import { actsFor } from '@pasar/shared/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { parseVariant } from '../domain/variant.ts'
import type { AddVariantInput } from '../generated/resolvers.ts'
import { touchListings } from '../store/listings.ts'
import { lockProduct } from '../store/products.ts'
import { insertVariants } from './create-product.ts'

/** Adds a variant to a product. */
export function addVariant(ctx: ProductsContext, input: AddVariantInput) {
  const productId = idParser('product')(input.productId, 'productId')
  const fields = inPart('variant', () => parseVariant(input.variant))
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    const product = await lockProduct(tx, productId)
    if (!product || !actsFor(ctx.viewer, product.shopId)) return problem('ProductNotFound', { productId })
    const stale = ifStale('StaleProduct', product, input.expectedVersion)
    if (stale) return stale
    if ((await tx.variant.count({ where: { productId } })) >= bounds.variantsMax)
      return problem('TooManyVariants', { most: bounds.variantsMax })
    const taken = await insertVariants(tx, { ...product, createdAt: clock.now() }, [fields])
    if (taken !== undefined) return problem('SkuTaken', { sku: taken })
    const { id } = await tx.variant.findUniqueOrThrow({
      where: { shopId_sku: { shopId: product.shopId, sku: fields.sku } },
      select: { id: true },
    })
    await tx.product.updateMany({ where: { id: productId }, data: { version: { increment: 1 } } })
    await touchListings(tx, clock, { variantIds: [id] })
    return { __typename: 'AddVariantSuccess', variantId: id } as const
  })
}
