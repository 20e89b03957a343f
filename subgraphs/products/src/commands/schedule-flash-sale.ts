import { idParser, newId } from '@pasar/shared/ids'
import { runKeyed } from '@pasar/shared/idempotency'
import { rupiah } from '@pasar/shared/money'
import { problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor, requireAccount } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { parseFlashSale, refusePast, type RawFlashSaleTerms } from '../domain/flash-sale.ts'
import { findAhead, insertFlashSale } from '../store/flash-sales.ts'
import { lockVariant } from '../store/variants.ts'

/** A flash sale as a client sends it. */
export interface ScheduleFlashSaleInput extends RawFlashSaleTerms {
  readonly variantId: string
  readonly expectedVersion?: number | null
  readonly idempotencyKey?: string | null
}

/**
 * Says that a variant costs less for a while. Sent again after a lost reply without a key, it is told of the one that is there while that is
 * not over, and makes another one after that.
 */
export async function scheduleFlashSale(ctx: ProductsContext, { idempotencyKey: key, ...input }: ScheduleFlashSaleInput) {
  const variantId = idParser('variant')(input.variantId, 'variantId')
  const { accountId: actor } = requireAccount(ctx.viewer)
  const scheduled = await runKeyed(ctx, { scope: 'scheduleFlashSale', actor, key, input }, async (tx) => {
    const createdAt = ctx.clock.now()
    // Here, because what comes again with its key may have begun before now.
    const terms = parseFlashSale(input, createdAt)
    const variant = await lockVariant(tx, variantId)
    if (!variant || !actsFor(ctx.viewer, variant.shopId)) return problem('VariantNotFound', { variantId })
    const stale = ifStale('StaleVariant', variant, input.expectedVersion)
    if (stale) return stale
    const ahead = await findAhead(tx, variantId)
    const other = ahead.find(({ startsAt, endsAt }) => startsAt < terms.endsAt && terms.startsAt < endsAt)
    if (other) return problem('FlashSaleOverlaps', { flashSale: other })
    refusePast(terms, createdAt)
    if (ahead.length >= bounds.flashSalesAheadMax) return problem('TooManyFlashSales', { most: bounds.flashSalesAheadMax })
    const regularPrice = ahead.find(({ state }) => state === 'RUNNING')?.regularPrice ?? variant.price
    if (terms.price >= regularPrice) return problem('FlashSaleNotCheaper', { regularPrice: rupiah(regularPrice) })
    const { id } = await insertFlashSale(tx, {
      ...terms,
      id: newId('flashSale'),
      variantId,
      shopId: variant.shopId,
      createdAt,
    })
    return { __typename: 'ScheduleFlashSaleSuccess', flashSaleId: id } as const
  })
  if ('code' in scheduled) return scheduled
  // A key may be older than its account's right to see what is to come.
  const flashSale = await ctx.loaders.flashSale.load(scheduled.flashSaleId)
  if (!flashSale || !actsFor(ctx.viewer, flashSale.shopId)) return problem('VariantNotFound', { variantId })
  return { __typename: 'ScheduleFlashSaleSuccess', flashSale } as const
}
