import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { sendWithin } from '@pasar/shared/postgres/statement'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor, requireAccount } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import type { ChangeStockModeInput } from '../generated/resolvers.ts'
import { noteAct } from '../staff.ts'
import { lockShop } from '../store/shop-states.ts'
import { countChange, countOthersByUnits, lockVariant } from '../store/variants.ts'
import { layUnitsOut, setStockMode, takeUnitsIn } from '../store/units.ts'

/**
 * Says how a variant's stock is taken from now on: by one counter, or by units that lie ready. Sales go on meanwhile: a reserve takes from
 * both what it finds, and a unit that is just being taken stays out until the next round of balanceUnits.
 */
export function changeStockMode(ctx: ProductsContext, { variantId: rawId, mode, expectedVersion }: ChangeStockModeInput) {
  const variantId = idParser('variant')(rawId, 'variantId')
  const { roles } = requireAccount(ctx.viewer)
  return runCommand(ctx.transaction, async (tx) => {
    const variant = await lockVariant(tx, variantId)
    const own = variant !== undefined && actsFor(ctx.viewer, variant.shopId)
    if (!variant || (!own && !roles.includes('admin'))) return problem('VariantNotFound', { variantId })
    const stale = ifStale('StaleVariant', variant, expectedVersion)
    if (stale) return stale
    if (mode === 'UNITS' && variant.stockMode !== mode) {
      await lockShop(tx, variant.shopId)
      if ((await countOthersByUnits(tx, variant)) >= bounds.byUnitsMax)
        return problem('TooManyByUnits', { most: bounds.byUnitsMax })
    }
    await countChange(tx, variantId)
    const send = sendWithin(tx)
    await setStockMode(send, variantId, mode)
    await (mode === 'UNITS' ? layUnitsOut(send, [variantId]) : takeUnitsIn(send, variantId))
    if (!own) await noteAct(tx, ctx, { action: 'products.stock.mode', subjectId: variantId, reason: null })
    return { __typename: 'ChangeStockModeSuccess', variantId } as const
  })
}
