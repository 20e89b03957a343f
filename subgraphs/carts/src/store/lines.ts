import type { SqlSeam } from '@pasar/shared/seam'
import { anyOf } from '@pasar/shared/statement'
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
