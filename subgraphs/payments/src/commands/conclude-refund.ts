import type { Deps } from '../context.ts'
import { refundPaidJournal, refundReroutedJournal, type RefundToPost } from '../domain/journals.ts'
import { withoutProvider } from '../domain/refund.ts'
import type { RefundOutcome } from '../providers/provider.ts'
import { postJournal } from '../store/ledger.ts'
import { goneBackOf, lockPayment } from '../store/payments.ts'
import { completeRefund, retryRefund, type Refund } from '../store/refunds.ts'
import { announceRefund } from './start-refund.ts'

const pauseMs = 3_600_000
const posted = (refund: Refund): RefundToPost => ({ ...refund, refundId: refund.id })

/**
 * Writes down, once, how the provider's part of a refund ended. What it will not give back goes onto the buyer's balance instead, unless it
 * gave so much back meanwhile: nobody waits for money that cannot come.
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
    const payment = (await lockPayment(tx, refund.paymentId))!
    const done = outcome === 'done'
    const goneBack = await goneBackOf(tx, payment.id, refund.id)
    const settled = done ? refund : { ...refund, ...withoutProvider({ ...payment, goneBack }, refund.amount) }
    if (!(await completeRefund(tx, settled, now))) return
    await postJournal(
      tx,
      clock,
      done ? refundPaidJournal(posted(refund)) : refundReroutedJournal(posted(refund), posted(settled)),
    )
    await announceRefund(tx, { clock }, settled)
  })
