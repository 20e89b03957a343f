import type { Minor } from '@pasar/shared/money'
import { afterTime, type Page } from '@pasar/shared/page'
import { accountId, escrowOf, type AccountKind } from '../domain/chart-of-accounts.ts'
import type { JournalKind, Purpose } from '../domain/journals.ts'
import type { Database, Tx } from './database.ts'

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

const list = `SELECT id, kind, reference, posted_at AS "postedAt" FROM journal
  WHERE ($1::text IS NULL OR kind = $1) AND ($2::timestamptz IS NULL OR posted_at >= $2) AND ($3::timestamptz IS NULL OR posted_at < $3)
    AND ($4::text IS NULL OR EXISTS (SELECT FROM posting WHERE journal_id = journal.id AND account_id = $4))
    AND ($5::timestamptz IS NULL OR (posted_at, id) < ($5, $6))
  ORDER BY posted_at DESC, id DESC LIMIT $7`

/** One journal more than the page holds, newest first. */
export const findJournals = (tx: Tx, { kind, orderId, from, to }: JournalFilter, page: Page) => {
  const after = afterTime(page)
  const account = orderId ? accountId(escrowOf(orderId)) : null
  return tx.$queryRawUnsafe<JournalRow[]>(
    list,
    kind ?? null,
    from ?? null,
    to ?? null,
    account,
    after?.time ?? null,
    after?.id ?? null,
    page.first + 1,
  )
}

const postings = `SELECT journal_id AS "journalId", account.kind AS "accountKind", owner_id AS "ownerId", purpose, amount
  FROM posting JOIN account ON account.id = account_id WHERE journal_id = ANY($1::text[]) ORDER BY journal_id, posting.id`

/** Movements of journals. */
export const findPostings = (db: Database, journalIds: readonly string[]) =>
  db.$queryRawUnsafe<PostingRow[]>(postings, journalIds)
