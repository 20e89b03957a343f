import { runKeyed } from '@pasar/shared/idempotency'
import { maySee, staffActed, type StaffAct } from '@pasar/shared/subgraph/looks'
import { enqueue } from '@pasar/shared/events/outbox'
import { actsFor, isAccount, requireAccount } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from './context.ts'
import type { Tx } from './store/database.ts'
import type { ProductRow } from './store/products.ts'
import type { ReviewRow } from './store/reviews.ts'

/** A command of staff, and the key by which it is known when it comes again. */
interface StaffCommand {
  readonly scope: string
  readonly input: { readonly idempotencyKey?: string | null }
  /** What the command is about, as it was parsed. */
  readonly asked: object
}

/** Runs a command of staff, once for each key where one was given. */
export async function runAsStaff<R extends object>(
  ctx: ProductsContext,
  { scope, input: { idempotencyKey: key }, asked: input }: StaffCommand,
  work: (tx: Tx) => Promise<R>,
) {
  return runKeyed(ctx, { scope, actor: requireAccount(ctx.viewer).accountId, key, input }, work)
}

/** Notes in the audit log, in the transaction of what was done, that staff did it. */
export const noteAct = (tx: Tx, { viewer, clock }: ProductsContext, act: StaffAct): Promise<void> =>
  enqueue(tx, clock, staffActed(requireAccount(viewer).accountId, act))

/** Whether staff may look at a product because it was taken down; the audit log says so before they do. */
export const mayLookAtDown = async (ctx: ProductsContext, { id: subjectId, status }: ProductRow): Promise<boolean> =>
  status === 'TAKEN_DOWN' && maySee(ctx, { subjectId, action: 'product.look', own: false })

/** Whether the viewer may read a review that was taken down: its author, and staff, of whom the audit log says so before they do. */
export const mayReadDown = (ctx: ProductsContext, { id: subjectId, authorId }: ReviewRow): Promise<boolean> =>
  maySee(ctx, { subjectId, action: 'review.look', own: isAccount(ctx.viewer, authorId) })

/** Whether the viewer may read an answer that was taken down: who acts for the shop, and staff, of whom the audit log says so before they do. */
export async function mayReadDownAnswer(ctx: ProductsContext, { id: subjectId, productId }: ReviewRow): Promise<boolean> {
  const { shopId } = (await ctx.loaders.product.load(productId))!
  return maySee(ctx, { subjectId, action: 'answer.look', own: actsFor(ctx.viewer, shopId) })
}
