import { errorDetails } from '@pasar/shared/log'
import { retryLost } from '@pasar/shared/transaction'
import type { Deps } from '../context.ts'
import { NotTaken } from '../providers/provider.ts'
import { claimWithdrawals, forgetAttempt, retryWithdrawal, type Withdrawal } from '../store/withdrawals.ts'
import { hearPayout } from './hear-payout.ts'

const atOnceMax = 10
const firstPauseMs = 30_000
const longestPauseMs = 3_600_000
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/**
 * Sends withdrawals that are due to the bank, and asks about those of which no word came. An attempt that dies is made again, with the same
 * words, for as long as the provider keeps our name for it; after that the withdrawal waits for the provider's word, or for somebody who looks.
 */
export async function sendPayouts(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const claim = { now, again: later(now, firstPauseMs), atMost: atOnceMax }
  const withdrawals = await retryLost(() => claimWithdrawals(deps.db, claim))
  for (const withdrawal of withdrawals) await sendPayout(deps, withdrawal, now)
  return withdrawals.length
}

async function sendPayout(deps: Deps, withdrawal: Withdrawal, claimedAt: Date): Promise<void> {
  const { id, attempts } = withdrawal
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 10))
  try {
    const provider = deps.providers.of(withdrawal.provider)
    const payout = { ...withdrawal, withdrawalId: id, reference: withdrawal.providerReference }
    const news =
      withdrawal.state === 'REQUESTED'
        ? await provider.payout({ ...payout, askedAt: askedBefore(withdrawal, claimedAt), now: deps.clock.now() })
        : await provider.payoutStatus(payout)
    if (news) await hearPayout(deps, news)
    else if (withdrawal.state === 'REQUESTED')
      deps.log.warn(
        { withdrawalId: id, attempt: attempts },
        'nobody can say whether the bank has a withdrawal: somebody must look',
      )
  } catch (error) {
    if (error instanceof NotTaken) await forgetAttempt(deps.db, withdrawal, claimedAt)
    deps.log.warn({ ...errorDetails(error), withdrawalId: id, attempt: attempts }, 'withdrawal not sent, trying again')
  }
  await deps.transaction((tx) => retryWithdrawal(tx, id, later(deps.clock.now(), pause)))
}

/** When it was first asked for, before the attempt that began now. */
const askedBefore = ({ askedAt }: Withdrawal, claimedAt: Date): Date | null =>
  askedAt !== null && askedAt < claimedAt ? askedAt : null
