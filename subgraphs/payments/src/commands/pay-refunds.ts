import { errorDetails } from '@pasar/shared/log'
import { retryLost } from '@pasar/shared/transaction'
import type { Deps } from '../context.ts'
import { askedOf, findPayments } from '../store/payments.ts'
import { claimRefunds, retryRefund, type Refund } from '../store/refunds.ts'
import { concludeRefund } from './conclude-refund.ts'

const atOnceMax = 10
const firstPauseMs = 30_000
const longestPauseMs = 3_600_000
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/** Asks the provider for the refunds that are due. An attempt that dies is made again: the provider gives back once per refund. */
export async function payRefunds(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const refunds = await retryLost(() => claimRefunds(deps.db, { now, again: later(now, firstPauseMs), atMost: atOnceMax }))
  for (const refund of refunds) await payRefund(deps, refund)
  return refunds.length
}

async function payRefund(deps: Deps, refund: Refund): Promise<void> {
  try {
    const [payment] = await findPayments(deps.db, [refund.paymentId])
    const { id: refundKey, amount: part } = refund
    const wanted = { ...askedOf(payment!), refundKey, part, reason: 'order refunded' }
    await concludeRefund(deps, refund, await deps.providers.of(payment!.provider).refund(wanted))
  } catch (error) {
    deps.log.warn({ ...errorDetails(error), refundId: refund.id, attempt: refund.attempts }, 'refund not done, trying again')
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(refund.attempts, 10))
    await deps.transaction((tx) => retryRefund(tx, refund.id, later(deps.clock.now(), pause)))
  }
}
