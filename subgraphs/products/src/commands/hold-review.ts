import { problem } from '@pasar/shared/problems'
import { actsFor, isAccount, refuseOwn } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import type { Tx } from '../store/database.ts'
import { lockReview } from '../store/reviews.ts'

/** A review, and whose shop it is about. */
export type HeldReview = NonNullable<Awaited<ReturnType<typeof lockReview>>>

/** Locks a review that staff decide about, which is neither their own nor about what they sell. */
export async function holdReview(tx: Tx, ctx: ProductsContext, reviewId: string) {
  const review = await lockReview(tx, reviewId)
  if (!review) return problem('ReviewNotFound', { reviewId })
  refuseOwn(actsFor(ctx.viewer, review.shopId) || isAccount(ctx.viewer, review.authorId))
  return { __typename: 'Held', review } as const
}
