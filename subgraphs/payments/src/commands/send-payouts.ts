import { errorDetails } from '@pasar/shared/log'
import { retryLost } from '@pasar/shared/transaction'
import type { Deps } from '../context.ts'
import { claimWithdrawals, findBankAccounts, retryWithdrawal, type Withdrawal } from '../store/withdrawals.ts'
import { hearPayout } from './hear-payout.ts'

const atOnceMax = 10
const firstPauseMs = 30_000
const longestPauseMs = 3_600_000
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/**
 * Sends withdrawals that are due to the bank, and asks about those of which no word came. An attempt that dies is made again: the provider
 * pays once per withdrawal.
 */
export async function sendPayouts(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const claim = { now, again: later(now, firstPauseMs), atMost: atOnceMax }
  const withdrawals = await retryLost(() => claimWithdrawals(deps.db, claim))
  for (const withdrawal of withdrawals) await sendPayout(deps, withdrawal)
  return withdrawals.length
}

async function sendPayout(deps: Deps, withdrawal: Withdrawal): Promise<void> {
  const { id, attempts } = withdrawal
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 10))
  try {
    const [account] = await findBankAccounts(deps.db, [withdrawal.bankAccountId])
    const provider = deps.providers.of(withdrawal.provider)
    const asked = { withdrawalId: id, reference: withdrawal.providerReference, amount: withdrawal.amount, ...account! }
    const news = withdrawal.state === 'REQUESTED' ? await provider.payout(asked) : await provider.payoutStatus(asked)
    if (news) await hearPayout(deps, news)
  } catch (error) {
    deps.log.warn({ ...errorDetails(error), withdrawalId: id, attempt: attempts }, 'withdrawal not sent, trying again')
  }
  await deps.transaction((tx) => retryWithdrawal(tx, id, later(deps.clock.now(), pause)))
}
