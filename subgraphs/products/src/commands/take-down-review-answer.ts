import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import type { ProductsContext } from '../context.ts'
import type { TakeDownReviewAnswerInput } from '../generated/resolvers.ts'
import { noteAct } from '../staff.ts'
import { saveReview } from '../store/reviews.ts'
import { decideAboutReview } from './decide-about-review.ts'

/** Takes the answer to a review out of what everyone reads; one that is down stays as it is, with the reason that was given first. */
export function takeDownReviewAnswer(ctx: ProductsContext, input: TakeDownReviewAnswerInput) {
  const { clock } = ctx
  return decideAboutReview(ctx, { scope: 'takeDownReviewAnswer', input }, async (tx, { review, reason }) => {
    const { id: reviewId, productId, shopId, answer, answerTakenDownAt } = review
    if (answer === null) return problem('ReviewNotAnswered', { reviewId })
    if (answerTakenDownAt === null) {
      await saveReview(tx, reviewId, { answerTakenDownAt: clock.now(), answerTakenDownReason: reason })
      await noteAct(tx, ctx, { action: 'answer.takeDown', subjectId: reviewId, reason })
      const payload = { reviewId, productId }
      await enqueue(tx, clock, { type: 'ReviewAnswerChanged', aggregateId: reviewId, keys: [productId, shopId], payload })
    }
    return { __typename: 'TakeDownReviewAnswerSuccess', reviewId } as const
  })
}
