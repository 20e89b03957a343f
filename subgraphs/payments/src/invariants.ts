import { parseReason } from '@pasar/shared/looks'
import type { PaymentsContext } from './context.ts'

const note = ({ noteLook }: PaymentsContext, reason: string | null | undefined) =>
  noteLook('ledger', { action: 'ledger.invariants', reason: parseReason(reason) })

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
