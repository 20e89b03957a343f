import { errorDetails } from '@pasar/shared/log'
import { retryLost } from '@pasar/shared/postgres/transaction'
import type { PaymentsDeps } from '../context.ts'
import { isOverdue } from '../domain/withdrawal.ts'
import { NotTaken, type PayoutNews } from '../providers/provider.ts'
import {
  beginAttempt,
  claimWithdrawals,
  forgetAttempt,
  retryWithdrawal,
  type DueWithdrawal,
  type Withdrawal,
} from '../store/withdrawals.ts'
import { hearPayout } from './hear-payout.ts'

const atOnceMax = 10
const firstPauseMs = 30_000
const longestPauseMs = 3_600_000
/** How long after an attempt the next one is due. */
const pauseAfter = (attempts: number) => Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 10))
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/**
 * Sends withdrawals that are due to the bank, and asks about those of which no word came. An attempt that dies is made again, with the same
 * words, for as long as the provider keeps our name for it; after that the withdrawal waits for the provider's word, or for somebody who looks.
 */
export async function sendPayouts(deps: PaymentsDeps): Promise<number> {
  const now = deps.clock.now()
  const claim = { now, again: later(now, firstPauseMs), atMost: atOnceMax }
  const withdrawals = await retryLost(() => claimWithdrawals(deps.db, claim))
  for (const withdrawal of withdrawals) await sendPayout(deps, withdrawal)
  return withdrawals.length
}

async function sendPayout(deps: PaymentsDeps, withdrawal: DueWithdrawal): Promise<void> {
  const { id, attempts, state } = withdrawal
  try {
    const provider = deps.providers.of(withdrawal.provider)
    const payout = { ...withdrawal, withdrawalId: id, reference: withdrawal.providerReference }
    const now = deps.clock.now()
    if (state === 'REQUESTED' && !(await beginAttempt(deps.db, withdrawal, now))) return
    const news = state === 'REQUESTED' ? await provider.payout({ ...payout, now }) : await provider.payoutStatus(payout)
    if (state === 'SENT') watch(deps, withdrawal, news)
    if (news) await hear(deps, withdrawal, news)
    else if (state === 'REQUESTED')
      deps.log.warn(
        { withdrawalId: id, attempt: attempts },
        'nobody can say whether the bank has a withdrawal: somebody must look',
      )
  } catch (error) {
    if (error instanceof NotTaken) await forgetAttempt(deps.db, withdrawal)
    deps.log.warn({ ...errorDetails(error), withdrawalId: id, attempt: attempts }, 'withdrawal not sent, trying again')
  }
  await deps.transaction((tx) => retryWithdrawal(tx, id, later(deps.clock.now(), pauseAfter(attempts))))
}

/** Warns of a withdrawal that the provider took days ago, and that is still not at the bank. */
function watch({ clock, log }: PaymentsDeps, withdrawal: DueWithdrawal, news: PayoutNews | undefined): void {
  const { id: withdrawalId, attempts: attempt, requestedAt, dueAt } = withdrawal
  const isOnItsWay = !news || news.status === 'PENDING' || news.status === 'UNKNOWN'
  const lookedAt = later(dueAt, -pauseAfter(attempt - 1))
  if (isOnItsWay && isOverdue({ requestedAt, lookedAt }, clock.now()))
    log.warn({ withdrawalId, attempt, word: news?.word ?? null }, 'a withdrawal is on its way for days: somebody must look')
}

/** What the provider answers about a withdrawal, and a warning where that cannot be about it. */
async function hear(deps: PaymentsDeps, { id: withdrawalId, attempts }: Withdrawal, news: PayoutNews): Promise<void> {
  const outcome = await hearPayout(deps, news, attempts)
  if (outcome === 'UNKNOWN' || outcome === 'WRONG_AMOUNT')
    deps.log.warn({ withdrawalId, reference: news.reference, outcome }, "a provider's answer about a withdrawal needs a look")
}
