import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { Line } from '../domain/cart.ts'
import { listingColumns } from './listings.ts'

/** A line with the account whose cart it is in; null for a guest's. */
export interface OwnedLine extends Line {
  readonly accountId: string | null
}

/** Columns of a line `l` and its listing `p` but for where the line is. */
export const lineFacts = `l.id, l.quantity, l.selected, l.seen_price AS "seenPrice", l.seen_available AS "seenAvailable",
  l.seen_active AS "seenActive", ${listingColumns}`

const byIds = `SELECT l.cart_id AS "cartId", l.group_id AS "groupId", c.account_id AS "accountId", ${lineFacts}
  FROM cart_line l JOIN listing p ON p.variant_id = l.variant_id JOIN cart c ON c.id = l.cart_id WHERE l.id = ${anyOf('$1::text[]')}`

export const findLines = (db: SqlSeam, ids: readonly string[]): Promise<OwnedLine[]> => db.$queryRawUnsafe(byIds, ids)

/** What is to be bought of a cart, which is named by its place among those that were asked for. */
interface WantedLine {
  readonly cart: number
  readonly variantId: string
  readonly quantity: number
}

const wanted = `SELECT (asked.place - 1)::integer AS cart, l.variant_id AS "variantId", l.quantity
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (cart_id, account_id, place)
  JOIN cart c ON c.id = asked.cart_id AND c.account_id = asked.account_id AND c.locked_by IS NULL
  JOIN cart_line l ON l.cart_id = c.id AND l.selected
  ORDER BY asked.place, l.variant_id, l.quantity`

/** What those of the carts want to buy that are their account's and that no checkout holds. */
export const findWanted = (
  db: SqlSeam,
  carts: readonly { readonly cartId: string; readonly accountId: string }[],
): Promise<WantedLine[]> =>
  db.$queryRawUnsafe(
    wanted,
    carts.map(({ cartId }) => cartId),
    carts.map(({ accountId }) => accountId),
  )
