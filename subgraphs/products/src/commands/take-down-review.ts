import { enqueue } from '@pasar/shared/events/outbox'
import type { ProductsContext } from '../context.ts'
import { starsOf } from '../domain/review.ts'
import type { TakeDownReviewInput } from '../generated/resolvers.ts'
import { noteAct } from '../staff.ts'
import { closeReports } from '../store/reports.ts'
import { addRatings, saveReview } from '../store/reviews.ts'
import { decideAboutReview } from './decide-about-review.ts'

/** Takes a review out of what everyone reads and out of its product's stars, and closes the reports about it; once it is down, a further reason only closes what was reported since. */
export function takeDownReview(ctx: ProductsContext, input: TakeDownReviewInput) {
  const { clock } = ctx
  return decideAboutReview(ctx, { scope: 'takeDownReview', input }, async (tx, { review, reason }) => {
    const { id: reviewId, productId, shopId, rating, authorId, takenDownAt } = review
    const closed = await closeReports(tx, reviewId, { outcome: 'TAKEN_DOWN', at: clock.now() })
    const isUp = takenDownAt === null
    if (isUp) {
      // Nobody is left to read why where the author is erased.
      const takenDown = { takenDownAt: clock.now(), takenDownReason: authorId === null ? null : reason }
      await saveReview(tx, reviewId, takenDown)
      await addRatings(tx, [{ productId, counts: starsOf(rating, -1) }])
      const payload = { reviewId, productId, shopId }
      await enqueue(tx, clock, { type: 'ReviewTakenDown', aggregateId: reviewId, keys: [productId, shopId], payload })
    }
    if (isUp || closed > 0) await noteAct(tx, ctx, { action: 'review.takeDown', subjectId: reviewId, reason })
    return { __typename: 'TakeDownReviewSuccess', reviewId } as const
  })
}
