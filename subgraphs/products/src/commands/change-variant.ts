import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { ownShopIds, type ProductsContext } from '../context.ts'
import { parseVariantChanges, type RawVariantChanges } from '../domain/variant.ts'
import { isTaken, type Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'

/** Changes of a variant as a client sends them. */
export type ChangeVariantInput = RawVariantChanges & { readonly variantId: string }

/** Changes a variant. */
export async function changeVariant(ctx: ProductsContext, { variantId: rawId, ...raw }: ChangeVariantInput) {
  const variantId = idParser('variant')(rawId, 'variantId')
  const changes = parseVariantChanges(raw)
  const { transaction, clock } = ctx.deps
  const work = async (tx: Tx) => {
    const mine = { id: variantId, shopId: { in: [...ownShopIds(ctx)] } }
    const { count } = await tx.variant.updateMany({ where: mine, data: changes })
    if (count === 0) return problem('VariantNotFound', { variantId })
    await touchListings(tx, clock, { variantIds: [variantId] })
    return { __typename: 'ChangeVariantSuccess', variantId } as const
  }
  try {
    return await runCommand(transaction, work)
  } catch (error) {
    if (isTaken(error)) return problem('SkuTaken', { sku: changes.sku ?? '' })
    throw error
  }
}
