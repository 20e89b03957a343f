import { cursorOfThisList, timeAfter } from '@pasar/shared/expectations'
import type { Minor } from '@pasar/shared/money'
import { parsePage, type Page, type PageArguments } from '@pasar/shared/subgraph/page'
import { BadInput } from '@pasar/shared/problems'
import { accountId, buyerWallet, sellerBalance, sellerReceivable, type AccountRef } from '../domain/chart-of-accounts.ts'
import type { Moved } from '../domain/entries.ts'
import type { Db } from './database.ts'

/** One movement on what somebody has in the market: a posting, as its owner sees it. */
export interface Entry extends Moved {
  readonly ownerId: string
  readonly position: bigint
  readonly postedAt: Date
  /** Positive towards the owner. */
  readonly amount: Minor
  /** What the owner has after it; negative: owes. */
  readonly balance: Minor
  readonly orderId: string | null
  readonly paymentId: string | null
  readonly refundId: string | null
  readonly withdrawalId: string | null
}

/** From when on and until when; open where it is null. */
export interface Period {
  readonly from: Date | null
  readonly to: Date | null
}

/** What somebody had before a period, and after it. */
export interface PeriodEnds {
  readonly ownerId: string
  readonly opening: Minor
  readonly closing: Minor
}

/** What a statement is asked. */
export interface StatementArguments extends PageArguments {
  readonly from?: Date | null
  readonly to?: Date | null
}

/** A page of a statement, within a period. */
export interface StatementPage extends Page, Period {}

/** Checks what a statement is asked: a period that ends before it begins is a mistake. */
export function parseStatement({ from, to, ...paging }: StatementArguments): StatementPage {
  if (from && to && to <= from) throw new BadInput('to', timeAfter('from'))
  return { ...parsePage(paging, 1), from: from ?? null, to: to ?? null }
}

/** The period of a page: that of all pages of a statement. */
export const periodOf = ({ from, to }: StatementPage): Period => ({ from, to })

/** An account's postings between two positions, newest first. Compared and sorted by both, or else the whole ledger may be walked for one. */
const between = (since: string, before: string) => `FROM posting
        WHERE (account_id, id) > (one.account_id, ${since}) AND (account_id, id) < (one.account_id, ${before}) ORDER BY account_id DESC, id DESC`

/** What is on the accounts before a position: what the last posting of each tells, or the sum up to it where it is too old to tell. */
const reached = (
  before: string,
) => `(SELECT coalesce(sum(last.balance), 0) FROM unnest(accounts) AS one (account_id) CROSS JOIN LATERAL
    (SELECT coalesce(balance_after, (SELECT sum(amount) FROM posting AS older WHERE older.account_id = one.account_id AND older.id < ${before})) AS balance
      ${between('0', before)} LIMIT 1) AS last)`

/** Whose accounts, and the positions between which the period lies. */
const bounded = `WITH wanted AS (
    SELECT owner_id, array_agg(account_id) AS accounts FROM unnest($1::text[], $2::text[]) AS one (owner_id, account_id) GROUP BY owner_id),
  bounds AS MATERIALIZED (
    SELECT owner_id, accounts, coalesce(last_posting_before(accounts, $3::timestamptz), 0) AS since,
      least($5::bigint, last_posting_before(accounts, $4::timestamptz) + 1) AS before FROM wanted)`

/**
 * The newest movements of each owner before a position and within a period, and the balance after each, downwards from what is there. What
 * pays off a debt changes nothing of the owner's accounts together: two postings, in the journal of the one that brings the money. So three
 * times as many postings hold what the page shows, however many of them pay off debts.
 */
const statement = `${bounded},
  standing AS MATERIALIZED (SELECT bounds.*, ${reached('bounds.before')} AS debit FROM bounds)
  SELECT owner_id AS "ownerId", page.id AS position, journal.kind AS journal, purpose, posted_at AS "postedAt", -page.amount AS amount,
    (coalesce(sum(page.amount) OVER (PARTITION BY owner_id ORDER BY page.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
      - standing.debit)::bigint AS balance,
    CASE journal.kind WHEN 'RELEASE' THEN subject ELSE coalesce(refund.order_id, courier_due.order_id) END AS "orderId",
    CASE journal.kind WHEN 'CAPTURE' THEN subject
      WHEN 'DISPUTE' THEN (SELECT told.payment_id FROM payment_event AS told WHERE told.message_key = substr(reference, length('dispute:') + 1))
      ELSE refund.payment_id END AS "paymentId", refund.id AS "refundId",
    CASE WHEN journal.kind IN ('WITHDRAWAL', 'PAYOUT_FAILED', 'PAYOUT_REVERSED') THEN subject END AS "withdrawalId"
  FROM standing CROSS JOIN LATERAL (
    SELECT moved.* FROM unnest(accounts) AS one (account_id) CROSS JOIN LATERAL
      (SELECT id, journal_id, purpose, amount ${between('standing.since', 'standing.before')} LIMIT 3 * $6::integer) AS moved
    WHERE purpose <> 'DEBT_PAID' ORDER BY moved.id DESC LIMIT $6::integer) AS page
  JOIN journal ON journal.id = page.journal_id CROSS JOIN LATERAL (SELECT nullif(split_part(reference, ':', 2), '') AS subject) AS made
  LEFT JOIN refund ON refund.id = subject LEFT JOIN courier_due ON courier_due.id = subject
  ORDER BY page.id DESC`

const ends = `${bounded}
  SELECT owner_id AS "ownerId", (-${reached('bounds.since + 1')})::bigint AS opening, (-${reached('bounds.before')})::bigint AS closing FROM bounds`

const newest = Number.MAX_SAFE_INTEGER

const whose = (accounts: readonly AccountRef[], { from, to }: Period): readonly unknown[] => [
  accounts.map(({ ownerId }) => ownerId),
  accounts.map(accountId),
  from,
  to,
]

/** Where a statement goes on. A cursor is the client's text: what is not a number is refused before the database sees it. */
function positionIn({ after }: Page): number {
  const value = after?.[0] ?? newest
  if (!Number.isSafeInteger(value)) throw new BadInput('after', cursorOfThisList)
  return value as number
}

/** The same page of what each owner has, on all of the accounts that are given of it: one movement more than it holds, newest first. */
export const findEntries = (db: Db, accounts: readonly AccountRef[], page: StatementPage) =>
  db.$queryRawUnsafe<Entry[]>(statement, ...whose(accounts, page), positionIn(page), page.first + 1)

/** What owners had before and after a period. */
export const findPeriodEnds = (db: Db, accounts: readonly AccountRef[], period: Period) =>
  db.$queryRawUnsafe<PeriodEnds[]>(ends, ...whose(accounts, period), newest)

/** What shops have, and what they owe. */
export const accountsOfShops = (shopIds: readonly string[]): AccountRef[] =>
  shopIds.flatMap((shopId) => [sellerBalance(shopId), sellerReceivable(shopId)])

/** What buyers have. */
export const accountsOfBuyers = (buyerIds: readonly string[]): AccountRef[] => buyerIds.map(buyerWallet)
