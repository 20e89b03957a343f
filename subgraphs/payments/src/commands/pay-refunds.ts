import { errorDetails } from '@pasar/shared/log'
import { retryLost } from '@pasar/shared/postgres/transaction'
import type { PaymentsDeps } from '../context.ts'
import { refundDestination } from '../domain/methods.ts'
import { stillToPay } from '../domain/refund.ts'
import type { RefundAnswer } from '../providers/provider.ts'
import { askedOf, findPayments } from '../store/payments.ts'
import { claimRefunds, retryRefund, type Refund } from '../store/refunds.ts'
import { concludeRefund } from './conclude-refund.ts'

const atOnceMax = 10
const firstPauseMs = 30_000
const longestPauseMs = 3_600_000
const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds)

/** Asks the provider for the refunds that are due. An attempt that dies is made again: the provider gives back once per refund. */
export async function payRefunds(deps: PaymentsDeps): Promise<number> {
  const now = deps.clock.now()
  const refunds = await retryLost(() => claimRefunds(deps.db, { now, again: later(now, firstPauseMs), atMost: atOnceMax }))
  for (const refund of refunds) await payRefund(deps, refund)
  return refunds.length
}

async function payRefund(deps: PaymentsDeps, refund: Refund): Promise<void> {
  const { id: refundId, attempts: attempt } = refund
  const answer = await askProvider(deps, refund).catch(async (error: unknown) => {
    deps.log.warn({ ...errorDetails(error), refundId, attempt }, 'refund not done, trying again')
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10))
    await deps.transaction((tx) => retryRefund(tx, refundId, { at: later(deps.clock.now(), pause) }))
  })
  if (answer === undefined) return
  const { outcome } = answer
  // The first answer is seldom the last one; a later one that says no more is worth a look.
  if (attempt > 1 && (outcome === 'later' || outcome === 'spent'))
    deps.log.warn({ refundId, attempt, outcome }, 'the provider has not done a refund yet, asking again')
  // What the provider has answered and we could not write down is due again as if the process had died over it.
  await concludeRefund(deps, refund, answer).catch((error: unknown) => {
    deps.log.warn({ ...errorDetails(error), refundId, attempt }, 'refund answered and not written down, asking again')
  })
}

async function askProvider(deps: PaymentsDeps, refund: Refund): Promise<RefundAnswer> {
  const [payment] = await findPayments(deps.db, [refund.paymentId])
  const { method, capturedAt, provider } = payment!
  const now = deps.clock.now()
  const isLate = refundDestination(method, capturedAt!, now) !== 'ORIGINAL_METHOD'
  const named = { refundKey: refund.id, refundReference: refund.providerReference }
  const wanted = { ...named, part: stillToPay(refund), reason: 'order refunded', now, isLate }
  return deps.providers.of(provider).refund({ ...askedOf(payment!), ...wanted })
}
