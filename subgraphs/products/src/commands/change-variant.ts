import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { parseVariantChanges, type RawVariantChanges } from '../domain/variant.ts'
import { isTaken, type Tx } from '../store/database.ts'
import { findRunning } from '../store/flash-sales.ts'
import { touchListings } from '../store/listings.ts'
import { isOnSaleBare, lockVariant, saveVariant } from '../store/variants.ts'
import { renameVariant } from './rename-variant.ts'

/** Changes of a variant as a client sends them. */
export type ChangeVariantInput = RawVariantChanges & { readonly variantId: string; readonly expectedVersion?: number | null }

/** Changes a variant. */
export async function changeVariant(ctx: ProductsContext, { variantId: rawId, expectedVersion, ...raw }: ChangeVariantInput) {
  const variantId = idParser('variant')(rawId, 'variantId')
  const { selected, changes } = parseVariantChanges(raw)
  const { transaction, clock } = ctx
  const work = async (tx: Tx) => {
    const variant = await lockVariant(tx, variantId)
    if (!variant || !actsFor(ctx.viewer, variant.shopId)) return problem('VariantNotFound', { variantId })
    const stale = ifStale('StaleVariant', variant, expectedVersion)
    if (stale) return stale
    if (changes.price !== undefined) {
      const [sale] = await findRunning(tx, [variantId])
      if (sale) return problem('FlashSaleRunning', { flashSale: sale })
    }
    const renamed = await renameVariant(tx, variant, { ...changes, selected })
    if ('code' in renamed) return renamed
    await saveVariant(tx, variantId, { ...changes, ...renamed })
    await touchListings(tx, clock, { variantIds: [variantId] })
    // Asked when the product is locked: of two that are switched off at the same time one is the last.
    if (variant.active && changes.active === false && (await isOnSaleBare(tx, variant.productId)))
      return problem('ProductIncomplete', { missing: ['ACTIVE_VARIANT'] as const })
    return { __typename: 'ChangeVariantSuccess', variantId } as const
  }
  try {
    return await runCommand(transaction, work)
  } catch (error) {
    if (isTaken(error)) return problem('SkuTaken', { sku: changes.sku ?? '' })
    throw error
  }
}
