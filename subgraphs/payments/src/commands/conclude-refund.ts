import type { Clock } from '@pasar/shared/clock'
import type { PaymentsDeps } from '../context.ts'
import { refundPaidJournal, refundReroutedJournal, type RefundToPost } from '../domain/journals.ts'
import { tellsOfReversal, type ProviderMessage } from '../domain/payment.ts'
import { withoutProvider } from '../domain/refund.ts'
import type { RefundAnswer, RefundOutcome } from '../providers/provider.ts'
import type { Tx } from '../store/database.ts'
import { postJournal } from '../store/ledger.ts'
import { goneBackOf, lockPayment, type HeldPayment } from '../store/payments.ts'
import { completeRefund, retryRefund, type Refund } from '../store/refunds.ts'
import { recordHeld } from './record-message.ts'
import { announceRefund } from './start-refund.ts'

const pauseMs = 3_600_000
const posted = (refund: Refund): RefundToPost => ({ ...refund, refundId: refund.id })

/** Writes down, once, how the provider's part of a refund ended. */
export const concludeRefund = (deps: PaymentsDeps, refund: Refund, { message, ...answer }: RefundAnswer): Promise<void> =>
  deps.transaction(async (tx) => {
    const held = (await lockPayment(tx, refund.paymentId))!
    const payment = message ? await hearReversal(tx, deps.clock, { payment: held, message }) : held
    await concludeHeld(tx, deps.clock, { payment, refund, ...answer })
  })

/** What went back some other way is a dispute before a refund is given up: no notification may have told of it. */
async function hearReversal(
  tx: Tx,
  clock: Clock,
  { payment, message }: { readonly payment: HeldPayment; readonly message: ProviderMessage },
): Promise<HeldPayment> {
  const heard = { message, source: 'RECONCILIATION' } as const
  const captured = payment.capturedAt !== null
  return tellsOfReversal({ captured }, heard) ? (await recordHeld(tx, clock, { ...heard, payment })).payment : payment
}

/** A refund of a payment that nobody else can change, and how it ended. */
export interface EndedRefund {
  readonly payment: HeldPayment
  readonly refund: Refund
  readonly outcome: RefundOutcome
  /** The provider's own name for it, where it has answered. */
  readonly reference?: string | null
}

/**
 * What the provider will not give back goes onto the buyer's balance instead, unless it gave so much back meanwhile: nobody waits for money
 * that cannot come.
 */
export async function concludeHeld(
  tx: Tx,
  clock: Clock,
  { payment, refund, outcome, reference = null }: EndedRefund,
): Promise<void> {
  const now = clock.now()
  const elsewhere = withoutProvider({ ...payment, goneBack: await goneBackOf(tx, payment.id, refund.id) }, refund)
  // Where nothing that we know of has gone back instead, it is this refund that the provider has carried out, and it will say so.
  if (outcome === 'later' || (outcome === 'spent' && elsewhere.disputed <= refund.disputed)) {
    await retryRefund(tx, refund.id, { at: new Date(now.getTime() + pauseMs), reference })
    return
  }
  const done = outcome === 'done'
  const settled = done ? refund : { ...refund, ...elsewhere }
  if (!(await completeRefund(tx, settled, now))) return
  await postJournal(tx, clock, done ? refundPaidJournal(posted(refund)) : refundReroutedJournal(posted(refund), posted(settled)))
  await announceRefund(tx, clock, settled)
}
