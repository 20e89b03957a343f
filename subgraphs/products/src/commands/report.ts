import { newId } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { isOfProduct, parseReportNote, parseSubject } from '../domain/report.ts'
import type { ReportInput } from '../generated/resolvers.ts'
import type { Tx } from '../store/database.ts'
import { findProducts } from '../store/products.ts'
import { addReport, findReportsOf, lockReporter } from '../store/reports.ts'
import { findReviews } from '../store/reviews.ts'

const day = 24 * 3_600_000

/** Tells staff what is wrong with a product or a review. An account has one open report about a thing: another one is the same. */
export function report({ viewer, transaction, clock }: ProductsContext, input: ReportInput) {
  const subjectId = parseSubject(input)
  const note = parseReportNote(input.note)
  const { accountId: reporterId } = requireAccount(viewer)
  return runCommand(transaction, async (tx) => {
    await lockReporter(tx, reporterId)
    const now = clock.now()
    const { open, lately } = await findReportsOf(tx, reporterId, { subjectId, since: new Date(now.getTime() - day) })
    if (open !== null) return { __typename: 'ReportSuccess', reportId: open } as const
    const missing = await ifNotThere(tx, subjectId)
    if (missing) return missing
    if (lately >= bounds.reportsPerDayMax) return problem('TooManyReports', { most: bounds.reportsPerDayMax })
    const id = newId('report')
    await addReport(tx, { id, subjectId, reporterId, reason: input.reason, note, createdAt: now })
    return { __typename: 'ReportSuccess', reportId: id } as const
  })
}

/** What was never for everyone, or is down already, is as if it did not exist. */
async function ifNotThere(tx: Tx, subjectId: string) {
  if (isOfProduct(subjectId)) {
    const [product] = await findProducts(tx, [subjectId])
    const there = product && product.publishedAt !== null && product.status !== 'TAKEN_DOWN'
    return there ? undefined : problem('ProductNotFound', { productId: subjectId })
  }
  const [review] = await findReviews(tx, [subjectId])
  return review?.takenDownAt === null ? undefined : problem('ReviewNotFound', { reviewId: subjectId })
}
