import { runOnce } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import type { PaymentsDeps } from '../context.ts'
import { isOpen } from '../domain/provider-status.ts'
import { unknownToProvider } from '../domain/payment.ts'
import type { PaymentsCancelInput } from '../generated/resolvers.ts'
import { providerSilent } from '../providers/provider.ts'
import { addCancelledCheckout, askedOf, findPaymentsOfCheckouts, lockCheckout, lockPaymentOfCheckout } from '../store/payments.ts'
import { recordMessage } from './record-message.ts'

const parseCheckoutId = idParser('checkout')

/** What paymentsCancel answers. */
export interface PaymentsCancelled {
  readonly cancelled: boolean
  readonly captured: boolean
}

/** Calls a checkout's payment off at the provider unless it is paid. A payment that is asked for later is refused. */
export async function paymentsCancel(deps: PaymentsDeps, input: PaymentsCancelInput): Promise<PaymentsCancelled> {
  const checkoutId = parseCheckoutId(input.checkoutId, 'checkoutId')
  await callOff(deps, checkoutId)
  const attempt = { scope: 'paymentsCancel', actor: 'orders', key: checkoutId, input: { checkoutId } }
  return (await runOnce(deps, attempt, async (tx): Promise<PaymentsCancelled> => {
    await lockCheckout(tx, checkoutId)
    const payment = await lockPaymentOfCheckout(tx, checkoutId)
    if (!payment) await addCancelledCheckout(tx, checkoutId, deps.clock.now())
    // The provider still looks at it, or it was asked for in this very moment: orders asks again.
    if (payment && isOpen(payment.state)) throw providerSilent()
    const captured = payment !== undefined && payment.capturedAt !== null
    return { cancelled: !captured, captured }
  })) as PaymentsCancelled
}

async function callOff(deps: PaymentsDeps, checkoutId: string): Promise<void> {
  const [payment] = await findPaymentsOfCheckouts(deps.db, [checkoutId])
  if (!payment || !isOpen(payment.state)) return
  const message = await deps.providers.of(payment.provider).cancel(askedOf(payment))
  if (message) await recordMessage(deps, message, 'STATUS')
  else await recordMessage(deps, unknownToProvider(payment, 'cancel'), 'MARKET')
}
