import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { needReason, staffActed } from '@pasar/shared/subgraph/looks'
import { enqueue } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { actsFor, refuseOwn, requireAccount } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from '../context.ts'
import { findings, isHeld } from '../domain/withdrawal.ts'
import type { ConcludeWithdrawalInput } from '../generated/resolvers.ts'
import { lockWithdrawalById } from '../store/withdrawals.ts'
import { moveOn } from './hear-payout.ts'

const parseWithdrawalId = idParser('withdrawal')
const actions = { ARRIVED: 'withdrawal.arrived', NOT_SENT: 'withdrawal.notSent' } as const

/** Staff say what they found at the provider of a withdrawal that is held: it has arrived, or it never left and is on the balance again. */
export function concludeWithdrawal(ctx: PaymentsContext, input: ConcludeWithdrawalInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const withdrawalId = parseWithdrawalId(input.withdrawalId, 'withdrawalId')
  const { finding } = input
  const note = needReason(input.note, 'note')
  const key = parseIdempotencyKey(input.idempotencyKey)
  const attempt = { scope: 'concludeWithdrawal', actor: accountId, key, input: { withdrawalId, finding, note } }
  return runOnce(ctx, attempt, async (tx) => {
    const withdrawal = await lockWithdrawalById(tx, withdrawalId)
    if (!withdrawal) return problem('WithdrawalNotFound', { withdrawalId })
    refuseOwn(actsFor(ctx.viewer, withdrawal.shopId))
    if (!isHeld(withdrawal, ctx.clock.now())) return problem('WithdrawalNotHeld', { withdrawalId, state: withdrawal.state })
    await moveOn(tx, ctx.clock, { withdrawal, to: findings[finding], reference: null })
    await enqueue(tx, ctx.clock, staffActed(accountId, { action: actions[finding], subjectId: withdrawalId, reason: note }))
    return { __typename: 'ConcludeWithdrawalSuccess', withdrawalId } as const
  })
}
