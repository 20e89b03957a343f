import type { Prisma } from '@pasar/prisma-products/client'
import { cursorLength, listOfEach, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Reads, SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { Tx } from './database.ts'

/** A review as it is kept. */
export interface ReviewRow {
  readonly id: string
  readonly productId: string
  readonly authorId: string | null
  readonly authorName: string | null
  readonly rating: number
  readonly text: string
  readonly createdAt: Date
  /** Since when staff have it down, and why; both null while they have not. */
  readonly takenDownAt: Date | null
  readonly takenDownReason: string | null
  /** What the shop answers, and since when; both null while it does not. */
  readonly answer: string | null
  readonly answeredAt: Date | null
  /** Since when staff have the answer down, and why; both null while they have not. */
  readonly answerTakenDownAt: Date | null
  readonly answerTakenDownReason: string | null
  /** Grows with what staff decide about it and with what its shop answers. */
  readonly version: number
}

/** Orders of a list of reviews. */
export type ReviewSort = 'NEWEST' | 'HIGHEST' | 'LOWEST'

const columns = `r.id, r.product_id AS "productId", r.author_id AS "authorId", r.author_name AS "authorName", r.rating, r.text,
  r.created_at AS "createdAt", r.taken_down_at AS "takenDownAt", r.taken_down_reason AS "takenDownReason", r.answer,
  r.answered_at AS "answeredAt", r.answer_taken_down_at AS "answerTakenDownAt", r.answer_taken_down_reason AS "answerTakenDownReason", r.version`

const byTime = [
  { sql: 'r.created_at', kind: 'time' },
  { sql: 'r.id', kind: 'text' },
] as const
const byStars = [{ sql: 'r.rating', kind: 'whole' }, ...byTime] as const

const orders = {
  NEWEST: { name: 'NEWEST', descending: true, columns: byTime },
  HIGHEST: { name: 'HIGHEST', descending: true, columns: byStars },
  LOWEST: { name: 'LOWEST', descending: false, columns: byStars },
} as const satisfies Record<ReviewSort, Order>

/** How many values a cursor of this order has. */
export const reviewCursorLength = (sort: ReviewSort): number => cursorLength(orders[sort])

/** Reviews by id. */
export const findReviews = (db: Reads, ids: readonly string[]): Promise<ReviewRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM review r WHERE r.id = ANY($1::text[])`, ids)

const lock = `SELECT ${columns}, p.shop_id AS "shopId" FROM review r JOIN product p ON p.id = r.product_id WHERE r.id = $1 FOR NO KEY UPDATE OF r`

/** A review and whose shop it is about, locked: whoever changes it next waits. */
export const lockReview = async (tx: SqlSeam, id: string) =>
  (await tx.$queryRawUnsafe<(ReviewRow & { readonly shopId: string })[]>(lock, id))[0]

/** A list of reviews: of each product when nothing else is said, or by each author, who also reads what was taken down. */
export interface ReviewList {
  readonly by?: 'author_id'
  /** Only those with so many stars, a whole number. */
  readonly rating?: number | undefined
  readonly sort: ReviewSort
  readonly page: Page
}

/** One page (and one row more) of the reviews of each product, or by each author. */
export function listReviews(db: Reads, ids: readonly string[], list: ReviewList): Promise<Placed<ReviewRow>[]> {
  const { by, rating, sort, page } = list
  const whose = by ? `r.${by} = owner.id` : 'r.product_id = owner.id AND r.taken_down_at IS NULL'
  const where = rating === undefined ? whose : `${whose} AND r.rating = ${rating}`
  return listOfEach(db, ids, { columns, from: 'review r', where, order: orders[sort], page })
}

/** Who bought what on an order line of a completed order, and what was said of it. */
export interface PurchaseRow {
  readonly orderLineId: string
  readonly buyerId: string
  readonly shopId: string
  readonly reviewId: string | null
}

/** What was bought, by order line. */
export const findPurchases = (db: Reads, orderLineIds: readonly string[]): Promise<PurchaseRow[]> =>
  db.$queryRawUnsafe(
    `SELECT p.order_line_id AS "orderLineId", p.buyer_id AS "buyerId", t.shop_id AS "shopId", r.id AS "reviewId" FROM purchase p
     JOIN product t ON t.id = p.product_id LEFT JOIN review r ON r.order_line_id = p.order_line_id
     WHERE p.order_line_id = ANY($1::text[])`,
    orderLineIds,
  )

const hold = `SELECT p.buyer_id AS "buyerId", p.product_id AS "productId", t.shop_id AS "shopId"
  FROM purchase p JOIN product t ON t.id = p.product_id WHERE p.order_line_id = $1 FOR SHARE OF p`

/** Who bought what on an order line, and in which shop. Whoever erases the buyer waits until the transaction ends, and finds what was said in it. */
export const holdPurchase = async (tx: SqlSeam, orderLineId: string) =>
  (await tx.$queryRawUnsafe<{ buyerId: string; productId: string; shopId: string }[]>(hold, orderLineId))[0]

const add = `WITH added AS (
    SELECT entry->>'productId' AS id, ARRAY(SELECT jsonb_array_elements_text(entry->'counts')::integer) AS counts
    FROM jsonb_array_elements($1::jsonb) AS given (entry)),
  locked AS (SELECT p.id, p.rating_counts FROM product p JOIN added USING (id) ORDER BY p.id FOR NO KEY UPDATE OF p),
  counted AS (
    SELECT l.id, ARRAY(SELECT old + new FROM unnest(l.rating_counts, a.counts) WITH ORDINALITY AS sums (old, new, star) ORDER BY star) AS counts
    FROM locked l JOIN added a USING (id)),
  summed AS (
    SELECT id, counts, (SELECT sum(n) FROM unnest(counts) AS n) AS n, (SELECT sum(n * star) FROM unnest(counts) WITH ORDINALITY AS c (n, star)) AS stars
    FROM counted),
  rated AS (
    UPDATE product p SET rating_counts = s.counts, rating_count = s.n, rating_hundredths = coalesce(round(100.0 * s.stars / nullif(s.n, 0)), 0)
    FROM summed s WHERE p.id = s.id RETURNING p.id, p.shop_id)
  INSERT INTO shop_rating AS kept (shop_id, review_count, stars)
  SELECT r.shop_id, sum(c.n), sum(c.n * c.star)
  FROM rated r JOIN added a USING (id) CROSS JOIN unnest(a.counts) WITH ORDINALITY AS c (n, star) GROUP BY r.shop_id ORDER BY r.shop_id
  ON CONFLICT (shop_id) DO UPDATE SET review_count = kept.review_count + excluded.review_count, stars = kept.stars + excluded.stars
  RETURNING shop_id AS "shopId"`

/**
 * Adds stars to the summaries of products and of their shops, or takes them away, in the same transaction as the reviews: `counts` holds how
 * many of 1, 2, … 5 stars. Products come before shops and both in the order of their ids, so that no two wait for each other. Says of
 * which shops the products are.
 */
export const addRatings = (
  tx: SqlSeam,
  added: readonly { readonly productId: string; readonly counts: readonly number[] }[],
): Promise<{ readonly shopId: string }[]> => tx.$queryRawUnsafe(add, JSON.stringify(added))

/** The ratings of shops; one of which nothing was ever reviewed has no row. */
export const findShopRatings = (
  db: Reads,
  shopIds: readonly string[],
): Promise<{ shopId: string; count: number; stars: number }[]> =>
  db.$queryRawUnsafe(
    `SELECT shop_id AS "shopId", review_count AS count, stars FROM shop_rating WHERE shop_id = ${anyOf('$1::text[]')}`,
    shopIds,
  )

/** Notes what was bought; of an order line that is noted already nothing changes. */
export const addPurchases = (tx: Tx, data: Prisma.PurchaseCreateManyInput[]): Promise<unknown> =>
  tx.purchase.createMany({ data, skipDuplicates: true })

/** Adds the review of an order line; gives the id of the one that the line has already, if it has one. */
export async function addReview(
  tx: Tx,
  review: Prisma.ReviewCreateManyInput & { orderLineId: string },
): Promise<string | undefined> {
  const { orderLineId } = review
  const { count } = await tx.review.createMany({ data: [review], skipDuplicates: true })
  return count > 0 ? undefined : (await tx.review.findUniqueOrThrow({ where: { orderLineId }, select: { id: true } })).id
}

/** Writes what staff decide about a locked review, or its shop answers. */
export const saveReview = (tx: Tx, id: string, changes: Prisma.ReviewUncheckedUpdateManyInput): Promise<unknown> =>
  tx.review.updateMany({ where: { id }, data: { ...changes, version: { increment: 1 } } })

export const removePurchasesOf = (tx: Tx, buyerId: string): Promise<unknown> => tx.purchase.deleteMany({ where: { buyerId } })

const unanswered = { answer: null, answeredAt: null, answerTakenDownAt: null, answerTakenDownReason: null }

/** Forgets who wrote reviews, what their author was told about them and what was answered to them; gives the reviews. */
export const eraseReviewer = (tx: Tx, authorId: string): Promise<{ id: string; productId: string }[]> =>
  tx.review.updateManyAndReturn({
    where: { authorId },
    data: { authorId: null, authorName: null, takenDownReason: null, ...unanswered, version: { increment: 1 } },
    select: { id: true, productId: true },
  })
