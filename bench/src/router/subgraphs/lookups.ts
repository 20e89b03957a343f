import { products, reviews, users, type Review } from './data.ts'

/** Accounts by id. */
export const userById = new Map(users.map((user) => [user.id, user]))

/** Products by code. */
export const productByUpc = new Map(products.map((product) => [product.upc, product]))

/** Reviews by id. */
export const reviewById = new Map(reviews.map((review) => [review.id, review]))

/** Reviews by their author's id. */
export const reviewsByAuthor = groupBy((review) => review.authorId)

/** Reviews by the product's code. */
export const reviewsByUpc = groupBy((review) => review.upc)

function groupBy(keyOf: (review: Review) => string): Map<string, Review[]> {
  const groups = new Map<string, Review[]>()
  for (const review of reviews) groups.set(keyOf(review), [...(groups.get(keyOf(review)) ?? []), review])
  return groups
}
