import { requireAccount } from '@pasar/shared/viewer'
import { noteLook, parseReason } from './access.ts'
import type { PaymentsContext } from './context.ts'

const note = ({ deps, viewer }: PaymentsContext, reason: string | null | undefined) =>
  noteLook(deps, requireAccount(viewer), { action: 'ledger.invariants', subjectId: 'ledger', reason: parseReason(reason) })

/** Whether the books keep their rules now. */
export async function readInvariants(ctx: PaymentsContext, { reason }: { readonly reason?: string | null }) {
  await note(ctx, reason)
  return ctx.deps.invariants.look()
}

/** Whether the books keep their rules, now and whenever that changes. */
export async function followInvariants(ctx: PaymentsContext, { reason }: { readonly reason?: string | null }) {
  await note(ctx, reason)
  return ctx.deps.invariants.follow()
}
