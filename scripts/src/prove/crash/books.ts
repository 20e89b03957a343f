import type { Broken } from '../invariants/broken.ts'
import { rowsOf } from '../world/acts.ts'
import type { World } from '../world/world.ts'

/**
 * Sums of the ledger, debits positive: of each kind of account, and of those of a shop, a buyer or a courier each by its owner
 * (`BUYER_WALLET:usr_…`). What a shop has and what it owes is one account, `SELLER_BALANCE:shp_…`.
 */
export type Books = Readonly<Record<string, number>>

const sums = `SELECT account, sum(amount)::float8 AS amount FROM (
    SELECT p.amount, CASE WHEN a.kind IN ('SELLER_BALANCE', 'SELLER_RECEIVABLE') THEN 'SELLER_BALANCE:' || a.owner_id
      WHEN a.kind IN ('BUYER_WALLET', 'COURIER_PAYABLE', 'COURIER_DEBT') THEN a.kind || ':' || a.owner_id ELSE a.kind END AS account
    FROM posting p JOIN account a ON a.id = p.account_id) AS named
  GROUP BY account`

/** What stands on all accounts. */
export async function readBooks(world: World): Promise<Books> {
  const rows = await rowsOf<{ account: string; amount: number }>(world, 'payments', { sql: sums })
  return Object.fromEntries(rows.map(({ account, amount }) => [account, amount]))
}

/** Where a story has brought something else onto the accounts than it must have. Pure. */
export const contradictionsOfBooks = (before: Books, after: Books, must: Books): Broken[] =>
  [...new Set([...Object.keys(after), ...Object.keys(must)])].flatMap((account) => {
    const gained = (after[account] ?? 0) - (before[account] ?? 0)
    const wanted = must[account] ?? 0
    return gained === wanted ? [] : [{ invariant: 'I3', what: `${account} gained ${gained}, not ${wanted}` }]
  })
