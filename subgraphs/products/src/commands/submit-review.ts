import { idParser, newId } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { enqueue } from '@pasar/shared/events/outbox'
import { Forbidden, problem } from '@pasar/shared/problems'
import { actsFor, requireAccount } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { parseReview, starsOf } from '../domain/review.ts'
import type { SubmitReviewInput } from '../generated/resolvers.ts'
import { addRatings, addReview, holdPurchase } from '../store/reviews.ts'

/** Reviews what the viewer bought of others, once for each line of a completed order. */
export function submitReview({ viewer, transaction, clock }: ProductsContext, input: SubmitReviewInput) {
  const orderLineId = idParser('orderLine')(input.orderLineId, 'orderLineId')
  const review = parseReview(input)
  const { accountId } = requireAccount(viewer)
  return runCommand(transaction, async (tx) => {
    const purchase = await holdPurchase(tx, orderLineId)
    if (purchase?.buyerId !== accountId) return problem('NotPurchased', { orderLineId })
    const { productId, shopId } = purchase
    if (actsFor(viewer, shopId))
      throw new Forbidden({
        id: 'Ini toko Anda sendiri: pembelinya yang mengulas',
        en: 'This is your own shop: its buyers review it',
      })
    const row = { ...review, id: newId('review'), productId, orderLineId, authorId: accountId, createdAt: clock.now() }
    const before = await addReview(tx, row)
    if (before !== undefined) return problem('AlreadyReviewed', { reviewId: before })
    await addRatings(tx, [{ productId, counts: starsOf(review.rating) }])
    const payload = { reviewId: row.id, productId, shopId, rating: review.rating }
    await enqueue(tx, clock, { type: 'ReviewSubmitted', aggregateId: row.id, keys: [productId, shopId], payload })
    return { __typename: 'SubmitReviewSuccess', reviewId: row.id } as const
  })
}
