import { idParser } from '@pasar/shared/ids'
import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { sendWithin } from '@pasar/shared/statement'
import { problem } from '@pasar/shared/problems'
import { actorOf } from '@pasar/shared/viewer'
import { ownsShop, type ProductsContext } from '../context.ts'
import { adjusted, parseAdjustment, parseNote, type AdjustmentReason } from '../domain/stock.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import { findComponents } from '../store/bundles.ts'
import { lockLevel, recordMovements, setOnHand } from '../store/stock.ts'
import { takeUnitsIn } from '../store/units.ts'

/** A stock adjustment as a client sends it. */
export interface AdjustStockInput {
  readonly variantId: string
  readonly warehouseId: string
  readonly delta?: number | null
  readonly onHand?: number | null
  readonly reason: AdjustmentReason
  readonly note?: string | null
  readonly idempotencyKey: string
}

/** Changes how many units of a variant lie in a warehouse, and writes the movement down. */
export async function adjustStock(ctx: ProductsContext, input: AdjustStockInput) {
  const variantId = idParser('variant')(input.variantId, 'variantId')
  const warehouseId = idParser('warehouse')(input.warehouseId, 'warehouseId')
  const adjustment = parseAdjustment(input)
  const note = parseNote(input.note)
  const key = parseIdempotencyKey(input.idempotencyKey)
  const actor = actorOf(ctx.viewer)
  const { idempotencyKey: _, ...meant } = input
  return runOnce(ctx.deps, { scope: 'adjustStock', actor, key, input: meant }, async (tx) => {
    const missing = await findMissing(ctx, tx, { variantId, warehouseId })
    if (missing) return missing
    if ((await findComponents(tx, [variantId])).length > 0) return problem('VariantIsBundle', { variantId })
    const variant = await tx.variant.findUniqueOrThrow({ where: { id: variantId }, select: { stockMode: true } })
    // Units that lie ready are nobody's yet; they are laid out anew afterwards.
    if (variant.stockMode === 'UNITS') await takeUnitsIn(sendWithin(tx), variantId, warehouseId)
    const level = await lockLevel(tx, variantId, warehouseId)
    const onHand = adjusted(level, adjustment)
    if (onHand === undefined || !(await setOnHand(tx, { variantId, warehouseId, onHand })))
      return problem('StockTooLow', { ...level })
    const act = { kind: input.reason, actor, occurredAt: ctx.deps.clock.now(), note }
    await recordMovements(tx, act, [{ variantId, warehouseId, delta: onHand - level.onHand }])
    await touchListings(tx, ctx.deps.clock, { variantIds: [variantId] })
    return { __typename: 'AdjustStockSuccess', variantId, onHand } as const
  })
}

/** Variant and warehouse must belong to one shop that is the viewer's. */
async function findMissing(
  ctx: ProductsContext,
  tx: Tx,
  { variantId, warehouseId }: { readonly variantId: string; readonly warehouseId: string },
) {
  const shop = { shopId: true }
  const variant = await tx.variant.findUnique({ where: { id: variantId }, select: shop })
  if (!variant || !ownsShop(ctx, variant.shopId)) return problem('VariantNotFound', { variantId })
  const warehouse = await tx.warehouse.findUnique({ where: { id: warehouseId }, select: shop })
  if (warehouse?.shopId !== variant.shopId) return problem('WarehouseNotFound', { warehouseId })
  return undefined
}
