import { newId } from '@pasar/shared/ids'
import type { SqlSeam } from '@pasar/shared/seam'
import type { Line, Listing } from '../domain/cart.ts'
import type { Tx } from './client.ts'
import { listingColumns } from './listings.ts'

/** A line with the account whose cart it is in; null for a guest's. */
export interface OwnedLine extends Line {
  readonly accountId: string | null
}

const select = `SELECT l.id, l.cart_id AS "cartId", l.group_id AS "groupId", l.quantity, l.selected,
  l.seen_price AS "seenPrice", l.seen_available AS "seenAvailable", l.seen_active AS "seenActive",
  c.account_id AS "accountId", ${listingColumns}
  FROM cart_line l JOIN listing p ON p.variant_id = l.variant_id JOIN cart c ON c.id = l.cart_id`

export const findLines = (db: SqlSeam, ids: readonly string[]): Promise<OwnedLine[]> =>
  db.$queryRawUnsafe(`${select} WHERE l.id = ANY($1::text[])`, ids)

export const findLinesOfCarts = (db: SqlSeam, cartIds: readonly string[]): Promise<OwnedLine[]> =>
  db.$queryRawUnsafe(`${select} WHERE l.cart_id = ANY($1::text[]) ORDER BY l.added_at, l.id`, cartIds)

export const findLine = (tx: Tx, cartId: string, variantId: string) =>
  tx.cartLine.findUnique({ where: { cartId_variantId: { cartId, variantId } } })

export const countLines = (tx: Tx, cartId: string) => tx.cartLine.count({ where: { cartId } })

/** A line that is not in the cart yet. */
export interface NewLine {
  readonly cartId: string
  readonly groupId: string
  readonly listing: Pick<Listing, 'variantId' | 'price' | 'available' | 'active'>
  readonly quantity: number
  readonly now: Date
}

export async function addLine(tx: Tx, { cartId, groupId, listing, quantity, now }: NewLine): Promise<string> {
  const seen = { seenPrice: listing.price, seenAvailable: listing.available, seenActive: listing.active }
  const line = { id: newId('cartLine'), cartId, groupId, variantId: listing.variantId, quantity, addedAt: now, ...seen }
  await tx.cartLine.create({ data: line })
  return line.id
}

export const setQuantity = (tx: Tx, id: string, quantity: number) => tx.cartLine.update({ where: { id }, data: { quantity } })

/** Removes lines of a cart, and groups that are left without any. Says how many lines there were. */
export async function removeLines(tx: Tx, cartId: string, ids: readonly string[]): Promise<number> {
  const { count } = await tx.cartLine.deleteMany({ where: { cartId, id: { in: [...ids] } } })
  await tx.cartGroup.deleteMany({ where: { cartId, lines: { none: {} } } })
  return count
}

export const setSelected = async (tx: Tx, cartId: string, { ids, selected }: { ids: readonly string[]; selected: boolean }) =>
  (await tx.cartLine.updateMany({ where: { cartId, id: { in: [...ids] } }, data: { selected } })).count

const acknowledge = `UPDATE cart_line l SET seen_price = p.price, seen_available = p.available, seen_active = p.active
  FROM listing p WHERE p.variant_id = l.variant_id AND l.cart_id = $1`

export const acknowledgeLines = (tx: SqlSeam, cartId: string): Promise<number> => tx.$executeRawUnsafe(acknowledge, cartId)
