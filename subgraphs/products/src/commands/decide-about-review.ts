import { idParser } from '@pasar/shared/ids'
import { needReason } from '@pasar/shared/subgraph/looks'
import type { ProductsContext } from '../context.ts'
import { runAsStaff } from '../staff.ts'
import type { Tx } from '../store/database.ts'
import { holdReview, type HeldReview } from './hold-review.ts'

/** A command of staff about a review. */
interface Command {
  readonly scope: string
  readonly input: { readonly reviewId: string; readonly reason: string; readonly idempotencyKey?: string | null }
}

/** What is decided about, and why. */
interface About {
  readonly review: HeldReview
  readonly reason: string
}

/** Has staff decide about a review, which is locked meanwhile and not their own, for a reason; once for each key where one was given. */
export function decideAboutReview<R extends object>(
  ctx: ProductsContext,
  { scope, input }: Command,
  decide: (tx: Tx, about: About) => Promise<R>,
) {
  const reviewId = idParser('review')(input.reviewId, 'reviewId')
  const reason = needReason(input.reason)
  return runAsStaff(ctx, { scope, input, asked: { reviewId, reason } }, async (tx) => {
    const held = await holdReview(tx, ctx, reviewId)
    return held.__typename === 'Held' ? decide(tx, { review: held.review, reason }) : held
  })
}
