import type { SqlSeam } from '@pasar/shared/seam'
import type { Tx } from './client.ts'

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

/** Whose cart is meant: a signed-in account's own, or the guest's who has the secret. */
export type CartOwner = { readonly accountId: string } | { readonly tokenHash: string }

const columns = `id, account_id AS "accountId", version, address_id AS "addressId", locked_by AS "lockedBy",
  merged_into AS "mergedInto", expires_at AS "expiresAt"`

const ownerColumn = (owner: CartOwner) => ('accountId' in owner ? 'account_id' : 'token_hash')
const ownerValue = (owner: CartOwner) => ('accountId' in owner ? owner.accountId : owner.tokenHash)

export const findCarts = (db: SqlSeam, ids: readonly string[]): Promise<CartRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM cart WHERE id = ANY($1::text[])`, ids)

/** The owner's cart as it is, ended or not. */
export async function findCartOf(db: SqlSeam, owner: CartOwner): Promise<CartRow | undefined> {
  const query = `SELECT ${columns} FROM cart WHERE ${ownerColumn(owner)} = $1`
  return (await db.$queryRawUnsafe<CartRow[]>(query, ownerValue(owner)))[0]
}

/** A new cart; an account that has one keeps it. */
export interface NewCart {
  readonly id: string
  readonly owner: CartOwner
  readonly now: Date
  readonly expiresAt: Date | null
}

export const addCart = (tx: SqlSeam, { id, owner, now, expiresAt }: NewCart): Promise<number> =>
  tx.$executeRawUnsafe(
    `INSERT INTO cart (id, ${ownerColumn(owner)}, created_at, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    id,
    ownerValue(owner),
    now,
    expiresAt,
  )

/** Which cart a command may change. */
export interface Hold {
  readonly owner: CartOwner
  readonly expectedVersion: number | null
  readonly now: Date
  /** New end of a guest cart: every change puts it off. */
  readonly expiresAt: Date
}

/** Takes the next version if the cart may be changed; from here on, other changes of this cart wait for this transaction. */
export async function holdCart(tx: SqlSeam, hold: Hold): Promise<CartRow | undefined> {
  const statement = `UPDATE cart SET version = version + 1, expires_at = CASE WHEN expires_at IS NULL THEN NULL ELSE $4::timestamptz END
    WHERE ${ownerColumn(hold.owner)} = $1 AND ($2::int IS NULL OR version = $2::int) AND locked_by IS NULL
      AND merged_into IS NULL AND (expires_at IS NULL OR expires_at > $3) RETURNING ${columns}`
  const values = [ownerValue(hold.owner), hold.expectedVersion, hold.now, hold.expiresAt]
  return (await tx.$queryRawUnsafe<CartRow[]>(statement, ...values))[0]
}

export const setAddress = (tx: Tx, id: string, addressId: string) => tx.cart.update({ where: { id }, data: { addressId } })

export const endCart = (tx: Tx, id: string, mergedInto: string) => tx.cart.update({ where: { id }, data: { mergedInto } })

/** Locks a guest cart's row, so that two merges of it follow each other. */
export async function lockCartRow(tx: SqlSeam, owner: CartOwner): Promise<CartRow | undefined> {
  const query = `SELECT ${columns} FROM cart WHERE ${ownerColumn(owner)} = $1 FOR UPDATE`
  return (await tx.$queryRawUnsafe<CartRow[]>(query, ownerValue(owner)))[0]
}

const removeExpired = `DELETE FROM cart WHERE id IN
  (SELECT id FROM cart WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)`

export const removeExpiredCarts = (db: SqlSeam, now: Date, atMost: number): Promise<number> =>
  db.$executeRawUnsafe(removeExpired, now, atMost)
