import { enqueue } from '@pasar/shared/events/outbox'
import type { ProductsContext } from '../context.ts'
import { starsOf } from '../domain/review.ts'
import type { RestoreReviewInput } from '../generated/resolvers.ts'
import { noteAct } from '../staff.ts'
import { addRatings, saveReview } from '../store/reviews.ts'
import { decideAboutReview } from './decide-about-review.ts'

/** Shows a review again that was taken down, and counts its stars; one that is not down stays as it is. */
export function restoreReview(ctx: ProductsContext, input: RestoreReviewInput) {
  const { clock } = ctx
  return decideAboutReview(ctx, { scope: 'restoreReview', input }, async (tx, { review, reason }) => {
    const { id: reviewId, productId, shopId, rating, takenDownAt } = review
    if (takenDownAt !== null) {
      await saveReview(tx, reviewId, { takenDownAt: null, takenDownReason: null })
      await addRatings(tx, [{ productId, counts: starsOf(rating) }])
      await noteAct(tx, ctx, { action: 'review.restore', subjectId: reviewId, reason })
      const payload = { reviewId, productId, shopId }
      await enqueue(tx, clock, { type: 'ReviewRestored', aggregateId: reviewId, keys: [productId, shopId], payload })
    }
    return { __typename: 'RestoreReviewSuccess', reviewId } as const
  })
}
