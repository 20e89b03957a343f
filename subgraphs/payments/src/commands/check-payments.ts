import { errorDetails } from '@pasar/shared/log'
import { retryLost } from '@pasar/shared/transaction'
import type { Deps } from '../context.ts'
import { unknownToProvider } from '../domain/payment.ts'
import { askedOf, claimPaymentsToCheck, stopChecking, type Payment } from '../store/payments.ts'
import { recordMessage } from './record-message.ts'

const atOnceMax = 20
const pauseMs = 10 * 60_000

/** Asks the provider about payments whose time is over without a word: notifications get lost, and card pages expire silently. */
export async function checkPayments(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const again = new Date(now.getTime() + pauseMs)
  const payments = await retryLost(() => claimPaymentsToCheck(deps.db, { now, again, atMost: atOnceMax }))
  for (const payment of payments) await checkPayment(deps, payment)
  return payments.length
}

async function checkPayment(deps: Deps, payment: Payment): Promise<void> {
  try {
    const message = await deps.providers.of(payment.provider).status(askedOf(payment))
    const outcome = await recordMessage(deps, message ?? unknownToProvider(payment, 'expire'), 'STATUS')
    if (outcome === 'SUPERSEDED')
      deps.log.warn({ paymentId: payment.id, providerStatus: message?.providerStatus }, 'the provider says otherwise than before')
    await deps.transaction((tx) => stopChecking(tx, payment.id))
  } catch (error) {
    deps.log.warn({ ...errorDetails(error), paymentId: payment.id }, 'payment not checked, trying again')
  }
}
