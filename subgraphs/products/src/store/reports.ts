import type { Prisma } from '@pasar/prisma-products/client'
import { listOfEach, pageSql, Values, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import { lockName, type Reads, type SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { ReportOutcome, ReportReason } from '../domain/report.ts'
import type { Tx } from './database.ts'

/** A report as it is kept; whoever made it is forgotten with the account. */
export interface ReportRow {
  readonly id: string
  /** The product or the review that it is about. */
  readonly subjectId: string
  readonly reporterId: string | null
  readonly reason: ReportReason
  readonly note: string | null
  readonly createdAt: Date
  readonly outcome: ReportOutcome | null
}

const columns = `t.id, t.subject_id AS "subjectId", t.reporter_id AS "reporterId", t.reason, t.note, t.created_at AS "createdAt", t.outcome`

const byTime = [
  { sql: 't.created_at', kind: 'time' },
  { sql: 't.id', kind: 'text' },
] as const

const oldestFirst: Order = { descending: false, columns: byTime }
const newestFirst: Order = { descending: true, columns: byTime }

/** Which open reports staff want to see, and whose own they are not to be about. */
export interface ReportSelection {
  readonly subjectId: string | undefined
  readonly reasons: readonly ReportReason[] | undefined
  readonly reader: { readonly accountId: string; readonly shopIds: readonly string[] }
}

/** Whether a report is neither about what a shop of its reader sells, nor about what is said of that, nor about what its reader has said. */
function ofOthers({ accountId, shopIds }: ReportSelection['reader'], values: Values): string {
  const shops = values.add(shopIds, 'text[]')
  return `NOT EXISTS (SELECT FROM product p WHERE p.id = t.subject_id AND p.shop_id = ANY(${shops}))
    AND NOT EXISTS (SELECT FROM review r JOIN product p ON p.id = r.product_id
      WHERE r.id = t.subject_id AND (p.shop_id = ANY(${shops}) OR r.author_id = ${values.add(accountId, 'text')}))`
}

/** One page (and one row more) of the reports that nobody has decided about yet, oldest first. */
export function listOpenReports(
  db: Reads,
  { subjectId, reasons, reader }: ReportSelection,
  page: Page,
): Promise<Placed<ReportRow>[]> {
  const values = new Values()
  const conditions = [
    't.closed_at IS NULL',
    ofOthers(reader, values),
    ...(subjectId === undefined ? [] : [`t.subject_id = ${values.add(subjectId, 'text')}`]),
    ...(reasons === undefined ? [] : [`t.reason = ANY(${values.add(reasons, 'text[]')})`]),
  ]
  const list = { columns, from: 'report t', where: conditions.join(' AND '), order: oldestFirst, page }
  return db.$queryRawUnsafe(pageSql(list, values), ...values.list)
}

/** One page (and one row more) of what each account has reported, newest first. */
export const listReportsBy = (db: Reads, accountIds: readonly string[], page: Page): Promise<Placed<ReportRow>[]> =>
  listOfEach(db, accountIds, { columns, from: 'report t', where: 't.reporter_id = owner.id', order: newestFirst, page })

/** How many open reports there are about each thing. */
export const countOpenReports = (db: Reads, subjectIds: readonly string[]): Promise<{ id: string; count: number }[]> =>
  db.$queryRawUnsafe(
    `SELECT subject_id AS id, count(*)::integer AS count FROM report
     WHERE subject_id = ${anyOf('$1::text[]')} AND closed_at IS NULL GROUP BY subject_id`,
    subjectIds,
  )

/** Lets an account make its reports one after the other, until the end of the transaction. */
export const lockReporter = (tx: SqlSeam, accountId: string): Promise<number> => lockName(tx, `report ${accountId}`)

const known = `SELECT count(*) FILTER (WHERE created_at > $3::timestamptz)::integer AS lately,
    max(id) FILTER (WHERE subject_id = $2 AND closed_at IS NULL) AS open
  FROM report WHERE reporter_id = $1`

/** How many reports an account has made since a moment, and its open one about a thing. */
export async function findReportsOf(tx: SqlSeam, accountId: string, about: { readonly subjectId: string; readonly since: Date }) {
  const rows = await tx.$queryRawUnsafe<{ lately: number; open: string | null }[]>(known, accountId, about.subjectId, about.since)
  return rows[0]!
}

/** Closes all open reports about a thing; says how many there were. */
export const closeReports = (
  tx: SqlSeam,
  subjectId: string,
  { outcome, at }: { readonly outcome: ReportOutcome; readonly at: Date },
): Promise<number> =>
  tx.$executeRawUnsafe(
    `UPDATE report SET closed_at = $2::timestamptz, outcome = $3 WHERE subject_id = $1 AND closed_at IS NULL`,
    subjectId,
    at,
    outcome,
  )

/** Forgets who made reports, and what was written in them. */
export const eraseReporter = (tx: SqlSeam, accountId: string): Promise<number> =>
  tx.$executeRawUnsafe(`UPDATE report SET reporter_id = NULL, note = NULL WHERE reporter_id = $1`, accountId)

export const addReport = (tx: Tx, report: Prisma.ReportCreateManyInput): Promise<unknown> =>
  tx.report.createMany({ data: [report] })
