import type { Minor } from '@pasar/shared/money'
import { afterTime, type Page } from '@pasar/shared/subgraph/page'
import { accountId, escrowOf, type AccountKind } from '../domain/chart-of-accounts.ts'
import type { JournalKind, Purpose } from '../domain/journals.ts'
import type { Db, Tx } from './database.ts'

/** A journal without its postings. */
export interface JournalRow {
  readonly id: string
  readonly kind: JournalKind
  readonly reference: string
  readonly postedAt: Date
}

/** One movement of a journal. */
export interface PostingRow {
  readonly journalId: string
  readonly accountKind: AccountKind
  readonly ownerId: string | null
  readonly purpose: Purpose
  readonly amount: Minor
}

/** Which journals to list. */
export interface JournalFilter {
  readonly kind?: JournalKind | null | undefined
  readonly orderId?: string | null | undefined
  readonly from?: Date | null | undefined
  readonly to?: Date | null | undefined
}

const listOf = (which: string) => `SELECT id, kind, reference, posted_at AS "postedAt" FROM journal
  WHERE ${which} AND posted_at >= coalesce($1::timestamptz, '-infinity') AND posted_at < coalesce($2::timestamptz, 'infinity')
    AND (posted_at, id) < (coalesce($3::timestamptz, 'infinity'), $4::text)
  ORDER BY posted_at DESC, id DESC LIMIT $5`

const list = listOf('true')
const listOfKind = listOf('kind = $6')
const ofOrder = 'id IN (SELECT journal_id FROM posting WHERE account_id = $6)'
const listOfOrder = listOf(ofOrder)
const listOfBoth = listOf(`${ofOrder} AND kind = $7`)

/** Each filter has a statement of its own, which begins where the fewest journals are; the values are those of `listOf`, and its own. */
function listFor({ kind, orderId }: JournalFilter): readonly [statement: string, ...values: readonly string[]] {
  if (!orderId) return kind ? [listOfKind, kind] : [list]
  const account = accountId(escrowOf(orderId))
  return kind ? [listOfBoth, account, kind] : [listOfOrder, account]
}

/** One journal more than the page holds, newest first. */
export const findJournals = (db: Db | Tx, filter: JournalFilter, page: Page) => {
  const after = afterTime(page)
  const [statement, ...values] = listFor(filter)
  const common = [filter.from ?? null, filter.to ?? null, after?.time ?? null, after?.id ?? '', page.first + 1]
  return db.$queryRawUnsafe<JournalRow[]>(statement, ...common, ...values)
}

const postings = `SELECT journal_id AS "journalId", account.kind AS "accountKind", owner_id AS "ownerId", purpose, amount
  FROM posting JOIN account ON account.id = account_id WHERE journal_id = ANY($1::text[]) ORDER BY journal_id, posting.id`

/** Movements of journals. */
export const findPostings = (db: Db, journalIds: readonly string[]) => db.$queryRawUnsafe<PostingRow[]>(postings, journalIds)
