import { idParser } from '@pasar/shared/ids'
import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { sendWithin } from '@pasar/shared/postgres/statement'
import { isRefusal, problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor, requireAccount } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { adjusted, parseAdjustment, parseNote } from '../domain/stock.ts'
import type { AdjustStockInput } from '../generated/resolvers.ts'
import { touchListings } from '../store/listings.ts'
import { findComponents } from '../store/bundles.ts'
import { lockLevel, recordMovements, setOnHand } from '../store/stock.ts'
import { takeUnitsIn } from '../store/units.ts'
import { countChange, lockVariant } from '../store/variants.ts'
import { lockWarehouse } from '../store/warehouses.ts'

/** Changes how many units of a variant lie in a warehouse, and writes the movement down. */
export async function adjustStock(ctx: ProductsContext, input: AdjustStockInput) {
  const variantId = idParser('variant')(input.variantId, 'variantId')
  const warehouseId = idParser('warehouse')(input.warehouseId, 'warehouseId')
  const adjustment = parseAdjustment(input)
  const note = parseNote(input.note)
  const key = parseIdempotencyKey(input.idempotencyKey)
  const { accountId: actor } = requireAccount(ctx.viewer)
  const { idempotencyKey: _, ...meant } = input
  const outcome = await runOnce(ctx, { scope: 'adjustStock', actor, key, input: meant }, async (tx) => {
    const variant = await lockVariant(tx, variantId)
    if (!variant || !actsFor(ctx.viewer, variant.shopId)) return problem('VariantNotFound', { variantId })
    const warehouse = await lockWarehouse(tx, warehouseId, 'SHARE')
    if (warehouse?.shopId !== variant.shopId) return problem('WarehouseNotFound', { warehouseId })
    const stale = ifStale('StaleVariant', variant, input.expectedVersion)
    if (stale) return stale
    const isBundle = (await findComponents(tx, [variantId])).length > 0
    let level = await lockLevel(tx, variantId, warehouseId)
    if (variant.stockMode === 'UNITS') {
      // Units that lie ready are nobody's yet; they are laid out anew afterwards. Whoever waited for the counter first sees all of them.
      await takeUnitsIn(sendWithin(tx), variantId, warehouseId)
      level = await lockLevel(tx, variantId, warehouseId)
    }
    const onHand = adjusted(level, adjustment)
    // What was sold before it became a bundle may come back: such units can be taken away, and nothing is put beside them.
    if (isBundle && (onHand ?? 0) >= level.onHand) return problem('VariantIsBundle', { variantId })
    if (onHand === undefined || !(await setOnHand(tx, { variantId, warehouseId, onHand })))
      return problem('StockTooLow', { ...level })
    const act = { kind: input.reason, actor, occurredAt: ctx.clock.now(), note }
    await recordMovements(tx, act, [{ variantId, warehouseId, delta: onHand - level.onHand }])
    await countChange(tx, variantId)
    await touchListings(tx, ctx.clock, { variantIds: [variantId] })
    return { __typename: 'AdjustStockSuccess', variantId, onHand } as const
  })
  if (isRefusal(outcome)) return outcome
  // A key may be older than its account's right to see the variant.
  const variant = await ctx.loaders.variant.load(variantId)
  return variant && actsFor(ctx.viewer, variant.shopId) ? outcome : problem('VariantNotFound', { variantId })
}
