import type { SqlSeam } from '@pasar/shared/seam'
import type { Frozen } from '../domain/lock.ts'
import type { CartRow } from './carts.ts'
import type { Tx } from './client.ts'

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

export const keepContent = (tx: Tx, checkoutId: string, content: Frozen) =>
  tx.cartLock.update({
    where: { checkoutId },
    data: { cartId: content.cartId, content: JSON.parse(JSON.stringify(content)) as object },
  })

/** Takes a cart for a checkout if no other one has it. */
export async function takeCart(
  tx: SqlSeam,
  take: { checkoutId: string; accountId: string; cartId: string },
): Promise<CartRow | undefined> {
  const statement = `UPDATE cart SET locked_by = $1 WHERE id = $2 AND account_id = $3 AND locked_by IS NULL
    RETURNING id, version, address_id AS "addressId"`
  return (await tx.$queryRawUnsafe<CartRow[]>(statement, take.checkoutId, take.cartId, take.accountId))[0]
}

/** Ends a lock that is held; false when there is none to end. */
export const endLock = async (tx: Tx, checkoutId: string, state: 'RELEASED' | 'CLEARED'): Promise<boolean> =>
  (await tx.cartLock.updateMany({ where: { checkoutId, state: 'LOCKED' }, data: { state } })).count === 1

export const giveBackCart = (tx: Tx, checkoutId: string) =>
  tx.cart.updateMany({ where: { lockedBy: checkoutId }, data: { lockedBy: null } })

export const giveBackChangedCart = (tx: Tx, checkoutId: string) =>
  tx.cart.updateMany({ where: { lockedBy: checkoutId }, data: { lockedBy: null, version: { increment: 1 } } })
