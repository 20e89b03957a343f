import { rowsOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import type { SqlSeam } from '@pasar/shared/postgres/seam'

/** A variant whose listing is older than its stock, and how many more of it are sold (fewer, when negative). */
export interface ListingDue {
  readonly variantId: string
  readonly sold: number
}

const any: Statement = { name: 'products listings due', text: 'SELECT EXISTS (SELECT FROM listing_due) AS waiting' }

const waiting: Statement = {
  name: 'products listings waiting',
  text: 'SELECT variant_id AS id FROM listing_due GROUP BY variant_id ORDER BY min(id) LIMIT $1::bigint',
}

/** Whether there is anything to do; asked after every commit. */
export const anyListingDue = async (send: Send): Promise<boolean> => (await send<{ waiting: boolean }>(any))[0]!.waiting

/** Has the listing of a variant brought up to date once more, after the commit. */
export const dueAgain = (tx: SqlSeam, variantId: string): Promise<number> =>
  tx.$executeRawUnsafe(`INSERT INTO listing_due (variant_id, sold) VALUES ($1, 0)`, variantId)

/** Variants that wait, the longest first. */
export const findListingsDue = async (send: Send, most: number): Promise<string[]> =>
  (await send<{ id: string }>(waiting, most)).map(({ id }) => id)

/**
 * Takes so many of the changes that wait, or all of one variant, summed by variant. Only one replica takes at a time, until its commit: what was
 * put back is never counted before its sale, which another one might still have in hand.
 */
export const takeListingsDue = (tx: SqlSeam, which: number | string): Promise<ListingDue[]> =>
  tx.$queryRawUnsafe(
    `WITH alone AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('pasar listings')) AS locked),
     gone AS (
       DELETE FROM listing_due WHERE id IN (
         SELECT id FROM listing_due WHERE (SELECT locked FROM alone) AND ($2::text IS NULL OR variant_id = $2) ORDER BY id LIMIT $1::bigint)
       RETURNING variant_id, sold)
     SELECT variant_id AS "variantId", sum(sold)::integer AS sold FROM gone GROUP BY 1 ORDER BY 1`,
    ...(typeof which === 'number' ? [which, null] : [null, which]),
  )

/** Adds to (or takes from) the number of units sold of the products of variants, which are locked. */
export async function countSold(tx: SqlSeam, due: readonly ListingDue[]): Promise<void> {
  const moved = due.filter(({ sold }) => sold !== 0)
  if (moved.length === 0) return
  await tx.$executeRawUnsafe(
    `WITH sold AS (
       SELECT v.product_id AS id, sum(part.sold)::integer AS units
       FROM ${rowsOf('$1::text[]', '$2::integer[]')} AS part (variant_id, sold) JOIN variant v ON v.id = part.variant_id GROUP BY 1)
     UPDATE product p SET sold_count = greatest(0, p.sold_count + sold.units) FROM sold WHERE p.id = sold.id`,
    moved.map(({ variantId }) => variantId),
    moved.map(({ sold }) => sold),
  )
}
