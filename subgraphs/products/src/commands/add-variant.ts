import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { inPart, problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { nameVariant, parseVariant } from '../domain/variant.ts'
import type { AddVariantInput } from '../generated/resolvers.ts'
import { touchListings } from '../store/listings.ts'
import { lockProduct, saveProduct } from '../store/products.ts'
import { addVariants, countVariantsOf, findOfChoice } from '../store/variants.ts'

/** Adds a variant to a product. */
export function addVariant(ctx: ProductsContext, input: AddVariantInput) {
  const productId = idParser('product')(input.productId, 'productId')
  const unnamed = inPart('variant', () => parseVariant(input.variant))
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    const product = await lockProduct(tx, productId)
    if (!product || !actsFor(ctx.viewer, product.shopId)) return problem('ProductNotFound', { productId })
    const stale = ifStale('StaleProduct', product, input.expectedVersion)
    if (stale) return stale
    if ((await countVariantsOf(tx, productId)) >= bounds.variantsMax)
      return problem('TooManyVariants', { most: bounds.variantsMax })
    const { options } = product
    const fields = nameVariant(options, unnamed)
    if ('misfit' in fields) return problem('OptionsMismatch', { field: `variant.${fields.misfit}`, options, variantIds: [] })
    const taken = await findOfChoice(tx, { productId, choice: fields.choice })
    if (taken !== undefined) return problem('OptionsTaken', { values: fields.choice, variantId: taken })
    const added = await addVariants(tx, { ...product, createdAt: clock.now() }, [fields])
    if ('taken' in added) return problem('SkuTaken', { sku: added.taken })
    const variantId = added.ids[0]!
    await saveProduct(tx, productId, {})
    await touchListings(tx, clock, { variantIds: [variantId] })
    return { __typename: 'AddVariantSuccess', variantId } as const
  })
}
