import { idParser } from '@pasar/shared/ids'
import { needReason } from '@pasar/shared/looks'
import { enqueue } from '@pasar/shared/outbox'
import type { ProductsContext } from '../context.ts'
import { starsOf } from '../domain/review.ts'
import type { RestoreReviewInput } from '../generated/resolvers.ts'
import { noteAct, runAsStaff } from '../staff.ts'
import { addRatings, saveReview } from '../store/reviews.ts'
import { holdReview } from './hold-review.ts'

/** Shows a review again that was taken down, and counts its stars; one that is not down stays as it is. */
export function restoreReview(ctx: ProductsContext, input: RestoreReviewInput) {
  const reviewId = idParser('review')(input.reviewId, 'reviewId')
  const reason = needReason(input.reason)
  const { clock } = ctx
  return runAsStaff(ctx, { scope: 'restoreReview', input, asked: { reviewId, reason } }, async (tx) => {
    const held = await holdReview(tx, ctx, reviewId)
    if (held.__typename !== 'Held') return held
    const { productId, shopId, rating, takenDownAt } = held.review
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
