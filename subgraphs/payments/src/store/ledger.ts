import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import type { CurrencyCode, Minor } from '@pasar/shared/money'
import { accountId, chart, type AccountKind, type AccountRef } from '../domain/chart-of-accounts.ts'
import type { Journal, EscrowPurpose } from '../domain/journals.ts'
import type { Db, Tx } from './database.ts'

const currency: CurrencyCode = 'IDR'

const post = `SELECT post_journal($1, $2, $3, $4::timestamptz, $5, $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
  $12::text[]) AS posted`

/**
 * The only door to the ledger: posts a journal in the caller's transaction, opening accounts as needed. False when its reference was
 * posted before. The database refuses what does not balance and what would leave an account below zero.
 */
export async function postJournal(tx: Tx, clock: Clock, { kind, reference, movements }: Journal): Promise<boolean> {
  const accounts = movements.map(({ account }) => ({ id: accountId(account), ...account, ...chart[account.kind] }))
  const [answer] = await tx.$queryRawUnsafe<{ posted: boolean }[]>(
    post,
    newId('journal'),
    kind,
    reference,
    clock.now(),
    currency,
    accounts.map((account) => account.id),
    accounts.map((account) => account.kind),
    accounts.map((account) => account.ownerId),
    accounts.map((account) => account.normalSide),
    accounts.map((account) => (account.mayBeNegative ? 'yes' : 'no')),
    movements.map(({ amount }) => String(amount)),
    movements.map(({ purpose }) => purpose),
  )
  return answer!.posted
}

/** Sums of the postings of one order's escrow account by purpose; positive into escrow. */
export interface SettlementRow {
  readonly orderId: string
  readonly kind: EscrowPurpose
  readonly amount: Minor
}

const settlements = `SELECT owner_id AS "orderId", purpose AS kind, (-sum(amount))::bigint AS amount FROM posting JOIN account ON account.id = account_id
  WHERE account_id = ANY($1::text[]) GROUP BY owner_id, purpose ORDER BY owner_id, min(posting.id)`

/** What happened to orders' escrow. */
export const findSettlements = (db: Db, orderIds: readonly string[]) =>
  db.$queryRawUnsafe<SettlementRow[]>(
    settlements,
    orderIds.map((ownerId) => accountId({ kind: 'ESCROW', ownerId })),
  )

/** An owner's balance, positive on the account's normal side. */
export interface OwnerBalance {
  readonly ownerId: string
  readonly amount: Minor
}

const balances = `SELECT owner_id AS "ownerId", -balance AS amount FROM account WHERE id = ANY($1::text[])`

/** What owners have on accounts that the market owes them. */
export const findBalances = (db: Db, kind: AccountKind, ownerIds: readonly string[]) =>
  db.$queryRawUnsafe<OwnerBalance[]>(
    balances,
    ownerIds.map((ownerId) => accountId({ kind, ownerId })),
  )

const lock = `SELECT -balance AS amount FROM account WHERE id = $1 FOR NO KEY UPDATE`

/** What is on an account that the market owes to somebody, held until the transaction ends; 0 where there is none. */
export const lockBalance = async (tx: Tx, account: AccountRef): Promise<Minor> =>
  (await tx.$queryRawUnsafe<{ amount: Minor }[]>(lock, accountId(account)))[0]?.amount ?? (0n as Minor)

const held = `SELECT shop_id AS "ownerId", sum(items_amount - refunded_items)::bigint AS amount FROM payment_order
  WHERE shop_id = ANY($1::text[]) AND escrow = 'HELD' GROUP BY shop_id`

/** What is held for shops' orders that are under way, without shipping. */
export const findHeld = (db: Db, shopIds: readonly string[]) => db.$queryRawUnsafe<OwnerBalance[]>(held, shopIds)

/** All accounts of one kind. */
export interface KindTotals {
  readonly kind: AccountKind
  readonly accounts: number
  readonly debit: Minor
  readonly credit: Minor
}

const totals = `SELECT kind, count(DISTINCT account.id)::int AS accounts, coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS debit,
    coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint AS credit
  FROM account LEFT JOIN posting ON account_id = account.id GROUP BY kind ORDER BY kind`

/** The whole ledger by kind of account, as of one moment. */
export const findTotals = (tx: Tx) => tx.$queryRawUnsafe<KindTotals[]>(totals)
