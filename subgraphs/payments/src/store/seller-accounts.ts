import { afterId, type Page } from '@pasar/shared/subgraph/page'
import type { Minor } from '@pasar/shared/money'
import { lockName } from '@pasar/shared/postgres/seam'
import { accountId, sellerBalance, sellerReceivable } from '../domain/chart-of-accounts.ts'
import type { SellerStanding } from '../domain/clawback.ts'
import type { Db, Tx } from './database.ts'

const lock = `SELECT id, abs(balance) AS amount FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`

/** What a shop has and what it owes, held until the transaction ends. */
export async function lockSeller(tx: Tx, shopId: string): Promise<SellerStanding> {
  const [balance, debt] = [accountId(sellerBalance(shopId)), accountId(sellerReceivable(shopId))]
  // A debt may be new: locks on rows alone would miss the account that somebody else is opening.
  await lockName(tx, debt)
  const rows = await tx.$queryRawUnsafe<{ id: string; amount: Minor }[]>(lock, [balance, debt])
  const of = (wanted: string) => rows.find(({ id }) => id === wanted)?.amount ?? (0n as Minor)
  return { available: of(balance), owed: of(debt) }
}

/** The same of one of several shops. */
export interface ShopStanding extends SellerStanding {
  readonly shopId: string
}

const standings = `SELECT owner_id AS "shopId", coalesce(max(-balance) FILTER (WHERE kind = 'SELLER_BALANCE'), 0) AS available,
    coalesce(max(balance) FILTER (WHERE kind = 'SELLER_RECEIVABLE'), 0) AS owed FROM account WHERE id = ANY($1::text[]) GROUP BY owner_id`

/** What shops have and what they owe. */
export const findStandings = (db: Db, shopIds: readonly string[]) =>
  db.$queryRawUnsafe<ShopStanding[]>(
    standings,
    shopIds.flatMap((shopId) => [accountId(sellerBalance(shopId)), accountId(sellerReceivable(shopId))]),
  )

/** What one shop owes. */
export interface ShopDebt {
  readonly shopId: string
  readonly amount: Minor
}

const page = `SELECT owner_id AS "shopId", balance AS amount FROM account
  WHERE kind = 'SELLER_RECEIVABLE' AND balance > 0 AND ($1::text IS NULL OR owner_id > $1) ORDER BY owner_id LIMIT $2`

/** One shop more that owes something than the page holds. */
export const findDebtPage = (db: Db, asked: Page) => db.$queryRawUnsafe<ShopDebt[]>(page, afterId(asked) ?? null, asked.first + 1)
