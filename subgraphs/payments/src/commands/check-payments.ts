import { errorDetails } from '@pasar/shared/log'
import { retryLost } from '@pasar/shared/postgres/transaction'
import type { PaymentsDeps } from '../context.ts'
import { unknownToProvider, type Heard } from '../domain/payment.ts'
import { isTaken } from '../domain/provider-status.ts'
import { askedOf, claimPaymentsToCheck, stopChecking, type Payment } from '../store/payments.ts'
import { recordMessage, type MessageOutcome } from './record-message.ts'

const atOnceMax = 20
const pauseMs = 10 * 60_000

/** Asks the provider about payments whose time is over without a word: notifications get lost, and card pages expire silently. */
export async function checkPayments(deps: PaymentsDeps): Promise<number> {
  const now = deps.clock.now()
  const again = new Date(now.getTime() + pauseMs)
  const payments = await retryLost(() => claimPaymentsToCheck(deps.db, { now, again, atMost: atOnceMax }))
  for (const payment of payments) await checkPayment(deps, payment, again)
  return payments.length
}

/** What its provider says of a payment, or what we conclude where it has never heard of it. */
async function ask({ providers }: PaymentsDeps, payment: Payment): Promise<Heard> {
  const message = await providers.of(payment.provider).status(askedOf(payment))
  if (!message) return { message: unknownToProvider(payment, 'expire'), source: 'MARKET' }
  return { message, source: payment.capturedAt === null ? 'STATUS' : 'RECONCILIATION' }
}

/** Whether the provider has money that we know nothing of, or the other way round, and it changed nothing here. */
const contradicts = (payment: Payment, { message }: Heard, outcome: MessageOutcome): boolean =>
  outcome !== 'APPLIED' && isTaken(message.status) !== (payment.capturedAt !== null)

async function checkPayment(deps: PaymentsDeps, payment: Payment, again: Date): Promise<void> {
  const { id: paymentId } = payment
  try {
    const heard = await ask(deps, payment)
    const outcome = await recordMessage(deps, heard.message, heard.source)
    const said = { paymentId, outcome, providerStatus: heard.message.providerStatus }
    if (contradicts(payment, heard, outcome))
      deps.log.warn(said, 'the provider says otherwise of booked money: somebody must look')
    await deps.transaction((tx) => stopChecking(tx, paymentId, again))
  } catch (error) {
    deps.log.warn({ ...errorDetails(error), paymentId }, 'payment not checked, trying again')
  }
}
