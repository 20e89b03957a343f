import { newId } from '@pasar/shared/ids'
import { boughtUnits } from './aftermath.ts'
import { complete } from './buying.ts'
import { act, newBuyer, putOnShelf } from './people.ts'
import type { Scene } from './scene.ts'

/** A thing of the shop that nobody else has to do with. */
const product: Scene = async (test, cast) => {
  const { productId } = await putOnShelf(cast, { price: 90_000, units: 1 })
  await test.settle()
  return {
    by: cast.support,
    input: { productId, reason: 'Tiruan' },
    returns: 'product { id }',
    other: { productId, reason: 'Lain' },
  }
}

/** What a buyer says of something that was bought. */
const review: Scene = async (test, cast) => {
  const order = await boughtUnits(test, cast, 1)
  await complete(test, cast, order)
  const [line] = (await order.read()).lines
  const input = { orderLineId: line!.id, rating: 1, text: 'Pecah' }
  const { review } = await act<{ review: { id: string } }>(order.buyer.client, 'submitReview', {
    input,
    returns: 'review { id }',
  })
  await test.settle()
  const reviewId = review.id
  return { by: cast.support, input: { reviewId, reason: 'Kasar' }, returns: 'review { id }', other: { reviewId, reason: 'Lain' } }
}

/** The same, after its shop has answered. */
const answered: Scene = async (test, cast) => {
  const attempt = await review(test, cast)
  const { reviewId } = attempt.input as { readonly reviewId: string }
  await act(cast.owner.client, 'answerReview', { input: { reviewId, text: 'Anda bohong' }, returns: 'review { id }' })
  await test.settle()
  return attempt
}

/** The same, after staff have taken it down. */
const takenDown =
  (thing: Scene, mutation: string): Scene =>
  async (test, cast) => {
    const attempt = await thing(test, cast)
    const input = { ...attempt.input, idempotencyKey: newId('movement') }
    await act(attempt.by.client, mutation, { input, returns: attempt.returns })
    await test.settle()
    return attempt
  }

const dismissReports: Scene = async (test, cast) => {
  const { input } = await product(test, cast)
  const { productId } = input as { readonly productId: string }
  const buyer = await newBuyer(test)
  await act(buyer.client, 'report', { input: { productId, reason: 'COUNTERFEIT' }, returns: 'reportId' })
  return { by: cast.support, input: { productId, reason: 'Asli' }, returns: 'dismissed', other: { productId, reason: 'Lain' } }
}

/** How each mutation of moderation that carries an idempotency key comes to be sent. */
export const moderationScenes: Readonly<Record<string, Scene>> = {
  takeDownProduct: product,
  restoreProduct: takenDown(product, 'takeDownProduct'),
  takeDownReview: review,
  restoreReview: takenDown(review, 'takeDownReview'),
  takeDownReviewAnswer: answered,
  restoreReviewAnswer: takenDown(answered, 'takeDownReviewAnswer'),
  dismissReports,
}
