import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import type { ProductsContext } from '../context.ts'
import type { RestoreReviewAnswerInput } from '../generated/resolvers.ts'
import { noteAct } from '../staff.ts'
import { saveReview } from '../store/reviews.ts'
import { decideAboutReview } from './decide-about-review.ts'

/** Shows the answer to a review again that was taken down; one that is not down stays as it is. */
export function restoreReviewAnswer(ctx: ProductsContext, input: RestoreReviewAnswerInput) {
  const { clock } = ctx
  return decideAboutReview(ctx, { scope: 'restoreReviewAnswer', input }, async (tx, { review, reason }) => {
    const { id: reviewId, productId, shopId, answer, answerTakenDownAt } = review
    if (answer === null) return problem('ReviewNotAnswered', { reviewId })
    if (answerTakenDownAt !== null) {
      await saveReview(tx, reviewId, { answerTakenDownAt: null, answerTakenDownReason: null })
      await noteAct(tx, ctx, { action: 'answer.restore', subjectId: reviewId, reason })
      const payload = { reviewId, productId }
      await enqueue(tx, clock, { type: 'ReviewAnswerChanged', aggregateId: reviewId, keys: [productId, shopId], payload })
    }
    return { __typename: 'RestoreReviewAnswerSuccess', reviewId } as const
  })
}
