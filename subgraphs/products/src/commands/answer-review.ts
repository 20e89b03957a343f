import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { parseAnswer } from '../domain/review.ts'
import type { AnswerReviewInput } from '../generated/resolvers.ts'
import { lockReview, saveReview } from '../store/reviews.ts'

/** Answers a review of something that the viewer's shop sells, in other words than before, or no longer. */
export function answerReview({ viewer, transaction, clock }: ProductsContext, input: AnswerReviewInput) {
  const reviewId = idParser('review')(input.reviewId, 'reviewId')
  const answer = parseAnswer(input.text)
  return runCommand(transaction, async (tx) => {
    const review = await lockReview(tx, reviewId)
    if (!review || !actsFor(viewer, review.shopId) || review.takenDownAt !== null) return problem('ReviewNotFound', { reviewId })
    const { productId, shopId, authorId, answerTakenDownReason: reason } = review
    if (reason !== null) return problem('AnswerTakenDown', { reason })
    // Words that are there already are what was wished for, also where a lost reply is why they come again.
    if (answer !== review.answer) {
      const stale = ifStale('StaleReview', review, input.expectedVersion)
      if (stale) return stale
      const answeredAt = answer === null ? null : clock.now()
      await saveReview(tx, reviewId, { answer, answeredAt })
      const isFirst = answer !== null && review.answer === null
      const payload = { reviewId, productId, ...(isFirst && authorId !== null && { answered: { authorId, shopId } }) }
      await enqueue(tx, clock, { type: 'ReviewAnswerChanged', aggregateId: reviewId, keys: [productId, shopId], payload })
    }
    return { __typename: 'AnswerReviewSuccess', reviewId } as const
  })
}
