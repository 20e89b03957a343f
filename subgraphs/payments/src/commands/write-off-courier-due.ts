import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { needReason, staffActed } from '@pasar/shared/subgraph/looks'
import { minorUnits } from '@pasar/shared/money'
import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from '../context.ts'
import { writeOffJournal } from '../domain/courier-due.ts'
import type { WriteOffCourierDueInput } from '../generated/resolvers.ts'
import { endDue, lockDue } from '../store/courier-dues.ts'
import { postJournal } from '../store/ledger.ts'

const parseDueId = idParser('courierDue')

/** Staff end a due that will not be settled: the market bears what a courier does not pay, and keeps what it does not ask for. */
export function writeOffCourierDue(ctx: PaymentsContext, input: WriteOffCourierDueInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const dueId = parseDueId(input.dueId, 'dueId')
  const note = needReason(input.note, 'note')
  const key = parseIdempotencyKey(input.idempotencyKey)
  return runOnce(ctx, { scope: 'writeOffCourierDue', actor: accountId, key, input: { dueId, note } }, async (tx) => {
    const due = await lockDue(tx, dueId)
    if (!due) return problem('CourierDueNotFound', { dueId })
    if (due.endedAt) return problem('CourierDueEnded', { dueId, state: due.state })
    const now = ctx.clock.now()
    await endDue(tx, dueId, now)
    await postJournal(tx, ctx.clock, writeOffJournal({ ...due, rest: minorUnits(due.amount - due.settled) }))
    await enqueue(tx, ctx.clock, staffActed(accountId, { action: 'courier.writeOff', subjectId: dueId, reason: note }))
    return { __typename: 'WriteOffCourierDueSuccess', due: { ...due, state: 'WRITTEN_OFF', endedAt: now } } as const
  })
}
