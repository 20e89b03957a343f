import type { SqlSeam } from '@pasar/shared/postgres/seam'

/** A cart without its lines. */
export interface CartRow {
  readonly id: string
  readonly accountId: string | null
  readonly version: number
  readonly addressId: string | null
  readonly lockedBy: string | null
  readonly mergedInto: string | null
  readonly expiresAt: Date | null
}

/** A cart that the router refers to, with what it says that the parcels cost. */
export interface ReferredCart extends CartRow {
  readonly shippingCosts?: readonly (bigint | null)[]
}

/** Whose cart is meant: a signed-in account's own, or the guest's who has the secret. */
export type CartOwner = { readonly accountId: string } | { readonly tokenHash: string }

/** Columns of a cart but its id; no other table has them. */
export const cartFacts = `account_id AS "accountId", version, address_id AS "addressId", locked_by AS "lockedBy",
  merged_into AS "mergedInto", expires_at AS "expiresAt"`

/** Where a cart says whose it is. */
export const ownerOf = (owner: CartOwner) =>
  'accountId' in owner
    ? ({ column: 'account_id', value: owner.accountId } as const)
    : ({ column: 'token_hash', value: owner.tokenHash } as const)

/** A new cart; an account that has one keeps it. */
export interface NewCart {
  readonly id: string
  readonly owner: CartOwner
  readonly now: Date
  readonly expiresAt: Date | null
}

export async function addCart(tx: SqlSeam, { id, owner, now, expiresAt }: NewCart): Promise<number> {
  const { column, value } = ownerOf(owner)
  const statement = `INSERT INTO cart (id, ${column}, created_at, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
  return tx.$executeRawUnsafe(statement, id, value, now, expiresAt)
}

/** Locks an owner's cart, so that two changes of it follow each other. */
export async function lockCart(tx: SqlSeam, owner: CartOwner): Promise<CartRow | undefined> {
  const { column, value } = ownerOf(owner)
  const query = `SELECT id, ${cartFacts} FROM cart WHERE ${column} = $1 FOR UPDATE`
  return (await tx.$queryRawUnsafe<CartRow[]>(query, value))[0]
}

/** Removes an account's cart with all that is in it. A checkout that holds it knows by its lock what it bought. */
export const removeCartOf = async (tx: SqlSeam, accountId: string): Promise<void> =>
  void (await tx.$executeRawUnsafe(`DELETE FROM cart WHERE account_id = $1`, accountId))

const removeExpired = `DELETE FROM cart WHERE id IN
  (SELECT id FROM cart WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)`

export const removeExpiredCarts = (db: SqlSeam, now: Date, atMost: number): Promise<number> =>
  db.$executeRawUnsafe(removeExpired, now, atMost)
