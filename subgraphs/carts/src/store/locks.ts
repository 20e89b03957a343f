import type { SqlSeam } from '@pasar/shared/seam'
import type { Frozen } from '../domain/lock.ts'
import type { CartRow } from './carts.ts'

/** What a checkout has done with a cart. */
export interface LockRow {
  readonly cartId: string | null
  readonly state: 'LOCKED' | 'RELEASED' | 'CLEARED'
  readonly content: Frozen | null
}

/** The first word of a checkout about its cart; false when it has spoken before. A concurrent one waits for this transaction. */
export const addLock = async (tx: SqlSeam, lock: { checkoutId: string; state: LockRow['state']; now: Date }): Promise<boolean> =>
  (await tx.$executeRawUnsafe(
    `INSERT INTO cart_lock (checkout_id, state, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    lock.checkoutId,
    lock.state,
    lock.now,
  )) === 1

export async function findLock(tx: SqlSeam, checkoutId: string): Promise<LockRow> {
  const query = `SELECT cart_id AS "cartId", state, content FROM cart_lock WHERE checkout_id = $1`
  return (await tx.$queryRawUnsafe<LockRow[]>(query, checkoutId))[0]!
}

const keep = `UPDATE cart_lock SET cart_id = $2, content = $3::jsonb WHERE checkout_id = $1`

export const keepContent = (tx: SqlSeam, checkoutId: string, content: Frozen): Promise<number> =>
  tx.$executeRawUnsafe(keep, checkoutId, content.cartId, JSON.stringify(content))

/** Takes a cart for a checkout if no other one has it. */
export async function takeCart(
  tx: SqlSeam,
  take: { checkoutId: string; accountId: string; cartId: string },
): Promise<CartRow | undefined> {
  const statement = `UPDATE cart SET locked_by = $1 WHERE id = $2 AND account_id = $3 AND locked_by IS NULL
    RETURNING id, version, address_id AS "addressId"`
  return (await tx.$queryRawUnsafe<CartRow[]>(statement, take.checkoutId, take.cartId, take.accountId))[0]
}

const end = `UPDATE cart_lock SET state = $2 WHERE checkout_id = $1 AND state = 'LOCKED' RETURNING content`

/** Ends a lock that is held, and tells what it held; undefined when there is none to end. */
export const endLock = async (tx: SqlSeam, checkoutId: string, state: 'RELEASED' | 'CLEARED'): Promise<Frozen | undefined> =>
  (await tx.$queryRawUnsafe<{ content: Frozen }[]>(end, checkoutId, state))[0]?.content

export const giveBackCart = (tx: SqlSeam, checkoutId: string): Promise<number> =>
  tx.$executeRawUnsafe(`UPDATE cart SET locked_by = NULL WHERE locked_by = $1`, checkoutId)

const giveBackWithout = `WITH given_back AS (UPDATE cart SET locked_by = NULL, version = version + 1 WHERE locked_by = $1),
  bought AS (DELETE FROM cart_line WHERE cart_id = $2 AND id = ANY($3::text[]))
  DELETE FROM cart_group g WHERE cart_id = $2
    AND NOT EXISTS (SELECT 1 FROM cart_line l WHERE l.group_id = g.id AND NOT l.id = ANY($3::text[]))`

/** Gives a cart back without what was bought, and without groups that are left empty. */
export const giveBackWithoutBought = (tx: SqlSeam, checkoutId: string, { cartId, lines }: Frozen): Promise<number> =>
  tx.$executeRawUnsafe(
    giveBackWithout,
    checkoutId,
    cartId,
    lines.map(({ lineId }) => lineId),
  )
