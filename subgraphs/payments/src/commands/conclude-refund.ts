import type { Deps } from '../context.ts'
import { refundPaidJournal, refundReroutedJournal } from '../domain/journals.ts'
import type { RefundOutcome } from '../providers/provider.ts'
import { postJournal } from '../store/ledger.ts'
import { lockPayment } from '../store/payments.ts'
import { completeRefund, retryRefund, type Refund } from '../store/refunds.ts'
import { announceRefund } from './start-refund.ts'

const pauseMs = 3_600_000

/**
 * Writes down, once, how the provider's part of a refund ended. What it will not give back goes onto the buyer's balance instead: nobody
 * waits for money that cannot come.
 */
export const concludeRefund = (
  { transaction, clock }: Pick<Deps, 'transaction' | 'clock'>,
  refund: Refund,
  outcome: RefundOutcome,
): Promise<void> =>
  transaction(async (tx) => {
    const now = clock.now()
    if (outcome === 'later') {
      await retryRefund(tx, refund.id, new Date(now.getTime() + pauseMs))
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
