import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { SqlSeam } from '@pasar/shared/postgres/seam'

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
 * Parts of a statement's WITH that take changes that wait, as `due`: summed by variant. Only one replica takes at a time, until its commit: what was
 * put back is never counted before its sale, which another one might still have in hand.
 */
export const takingDue = `alone AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('pasar listings')) AS locked),
  gone AS (
    DELETE FROM listing_due WHERE id IN (
      SELECT id FROM listing_due WHERE (SELECT locked FROM alone) AND ($2::text IS NULL OR variant_id = $2) ORDER BY id LIMIT $1::bigint)
    RETURNING variant_id, sold),
  due AS MATERIALIZED (SELECT variant_id, sum(sold)::integer AS sold FROM gone GROUP BY 1)`

/** Its values: so many changes, or all of one variant. */
export const dueValues = (which: number | string): readonly unknown[] =>
  typeof which === 'number' ? [which, null] : [null, which]
