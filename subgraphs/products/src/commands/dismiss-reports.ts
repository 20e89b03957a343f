import { needReason } from '@pasar/shared/subgraph/looks'
import type { ProductsContext } from '../context.ts'
import { isOfProduct, parseSubject } from '../domain/report.ts'
import type { DismissReportsInput } from '../generated/resolvers.ts'
import { noteAct, runAsStaff } from '../staff.ts'
import { closeReports } from '../store/reports.ts'
import { holdProduct } from './hold-product.ts'
import { holdReview } from './hold-review.ts'

/** Closes all open reports about a product or a review, which stays where it is. */
export function dismissReports(ctx: ProductsContext, input: DismissReportsInput) {
  const subjectId = parseSubject(input)
  const reason = needReason(input.reason)
  return runAsStaff(ctx, { scope: 'dismissReports', input, asked: { subjectId, reason } }, async (tx) => {
    const held = await (isOfProduct(subjectId) ? holdProduct(tx, ctx, subjectId) : holdReview(tx, ctx, subjectId))
    if (held.__typename !== 'Held') return held
    const dismissed = await closeReports(tx, subjectId, { outcome: 'DISMISSED', at: ctx.clock.now() })
    if (dismissed > 0) await noteAct(tx, ctx, { action: 'reports.dismiss', subjectId, reason })
    return { __typename: 'DismissReportsSuccess', dismissed } as const
  })
}
