import { errorDetails } from '@pasar/shared/log'
import type { Deps } from '../context.ts'
import type { RefundOutcome } from '../providers/provider.ts'
import { refundPaidJournal, refundReroutedJournal } from '../domain/journals.ts'
import { postJournal } from '../store/ledger.ts'
import { findPayments, lockPayment } from '../store/payments.ts'
import { claimRefunds, completeRefund, retryRefund, type Refund } from '../store/refunds.ts'
import { announceRefund } from './start-refund.ts'

const atOnceMax = 10
const firstPauseMs = 30_000
const longestPauseMs = 3_600_000
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/** Asks the provider for the refunds that are due. An attempt that dies is made again: the provider gives back once per refund. */
export async function payRefunds(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const refunds = await deps.transaction((tx) => claimRefunds(tx, { now, again: later(now, firstPauseMs), atMost: atOnceMax }))
  for (const refund of refunds) await payRefund(deps, refund)
  return refunds.length
}

async function payRefund(deps: Deps, refund: Refund): Promise<void> {
  try {
    const [payment] = await findPayments(deps.db, [refund.paymentId])
    const { id, paymentId, amount } = refund
    const outcome = await deps.provider.refund({
      paymentId,
      refundKey: id,
      amount,
      whole: amount === payment!.amount,
      reason: 'order refunded',
    })
    await conclude(deps, refund, outcome)
  } catch (error) {
    deps.log.warn({ ...errorDetails(error), refundId: refund.id, attempt: refund.attempts }, 'refund not done, trying again')
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(refund.attempts, 10))
    await deps.transaction((tx) => retryRefund(tx, refund.id, later(deps.clock.now(), pause)))
  }
}

/** What the provider will not give back goes onto the buyer's balance instead: nobody waits for money that cannot come. */
async function conclude({ transaction, clock }: Deps, refund: Refund, outcome: RefundOutcome): Promise<void> {
  await transaction(async (tx) => {
    const now = clock.now()
    if (outcome === 'later') {
      await retryRefund(tx, refund.id, later(now, longestPauseMs))
      return
    }
    await lockPayment(tx, refund.paymentId)
    const done = outcome === 'done'
    const settled: Refund = done ? refund : { ...refund, destination: 'WALLET_BALANCE', against: 'WALLET' }
    if (!(await completeRefund(tx, settled, now))) return
    const posted = { ...settled, refundId: refund.id }
    await postJournal(tx, clock, done ? refundPaidJournal(posted) : refundReroutedJournal(posted))
    await announceRefund(tx, { clock }, settled)
  })
}
