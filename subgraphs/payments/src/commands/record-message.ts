import type { Clock } from '@pasar/shared/clock'
import type { Minor } from '@pasar/shared/money'
import type { NewEvent } from '@pasar/shared/events/outbox'
import type { PaymentsDeps } from '../context.ts'
import { buyerWallet, courierReceivable, providerClearing, type AccountRef } from '../domain/chart-of-accounts.ts'
import { captureJournal, disputeJournal } from '../domain/journals.ts'
import {
  carriedOutBy,
  comesAfterEnd,
  decideMessage,
  leavesOpen,
  messageKey,
  tellsOfReversal,
  type Decision,
  type Heard,
  type MessageSource,
  type PaymentFacts,
  type ProviderMessage,
} from '../domain/payment.ts'
import type { Tx } from '../store/database.ts'
import { postJournal } from '../store/ledger.ts'
import {
  addPaymentEvent,
  applyMessage,
  checkSoon,
  lockPayment,
  movesTo,
  paymentMoved,
  reversedOf,
  type Applied,
  type HeldPayment,
  type Payable,
} from '../store/payments.ts'
import { refundOrder } from './refund-order.ts'

/** What became of a message; `UNKNOWN` and `WRONG_AMOUNT` are not recorded, `DUPLICATE` was recorded before. */
export type MessageOutcome = Decision['outcome'] | 'DUPLICATE' | 'UNKNOWN' | 'WRONG_AMOUNT'

/** Records a message in a transaction of its own. */
export const recordMessage = (deps: PaymentsDeps, message: ProviderMessage, source: MessageSource): Promise<MessageOutcome> =>
  deps.transaction(async (tx) => {
    const payment = await lockPayment(tx, message.paymentId)
    return payment ? (await recordHeld(tx, deps.clock, { message, source, payment })).outcome : 'UNKNOWN'
  })

/** What became of a message, and of its payment. */
export interface Recorded {
  readonly outcome: MessageOutcome
  readonly payment: HeldPayment
  /** Whether it is kept and told, too, how the payment can be paid. */
  readonly isPayable?: boolean
}

/** A message about a payment that nobody else can change now; and how that can be paid, where it is heard with it. */
export interface HeardOfHeld extends Heard {
  readonly payment: HeldPayment
  readonly payable?: Payable | undefined
}

/** The only way in which a held payment's state changes: what the provider said goes into the log, and its effect with it, once. */
export async function recordHeld(tx: Tx, clock: Clock, { payment, message, source, payable }: HeardOfHeld): Promise<Recorded> {
  if (payment.provider !== message.provider) return { outcome: 'UNKNOWN', payment }
  if (payment.amount !== message.amount) return { outcome: 'WRONG_AMOUNT', payment }
  const now = clock.now()
  const heard = { message, source }
  const facts = await factsOf(tx, payment, heard)
  const decision = decideMessage(facts, heard)
  const { outcome } = decision
  if (outcome === 'SUPERSEDED') {
    if (!(await addPaymentEvent(tx, { ...heard, decision, now }))) return { outcome: 'DUPLICATE', payment }
    if (leavesOpen(facts, heard)) await checkSoon(tx, payment.id, now)
    return { outcome, payment }
  }
  const after = await applyMessage(tx, payment, { ...heard, decision, now, events: eventsOf(payment, decision), payable })
  if (!after) return { outcome: 'DUPLICATE', payment }
  if (decision.disputed > 0n) await postJournal(tx, clock, disputeJournal(messageKey(heard), decision.disputed))
  if (decision.capture) await capture(tx, clock, after)
  if (comesAfterEnd(facts, heard, decision)) await checkSoon(tx, payment.id, now)
  return { outcome, payment: after.payment, isPayable: payable !== undefined }
}

async function factsOf(tx: Tx, payment: HeldPayment, heard: Heard): Promise<PaymentFacts> {
  const captured = payment.capturedAt !== null
  const reversedAmount = tellsOfReversal({ captured }, heard)
    ? await reversedOf(tx, payment.id, carriedOutBy(heard.message))
    : (0n as Minor)
  return { ...payment, captured, reversedAmount }
}

/** What the market is told of a message: that the money is here, or that it will not come; who follows the payment, of any other move. */
function eventsOf(payment: HeldPayment, { state, failure, capture: captured }: Decision): NewEvent[] {
  const { id, checkoutId, buyerId, amount } = payment
  const about = { aggregateId: id, keys: [checkoutId] }
  const payload = { paymentId: id, checkoutId, buyerId }
  if (!failure && !captured) return movesTo(payment, state) ? [paymentMoved(payment)] : []
  return [
    ...(failure ? [{ ...about, type: 'PaymentFailed', payload: { ...payload, reason: failure } } as const] : []),
    ...(captured ? [{ ...about, type: 'PaymentCaptured', payload: { ...payload, amount: Number(amount) } } as const] : []),
  ]
}

/** Who had the money: the provider has it, the courier will collect it, or it was the buyer's balance here. */
const paidFrom = ({ method, buyerId }: HeldPayment): AccountRef =>
  method === 'COD' ? courierReceivable : method === 'WALLET' ? buyerWallet(buyerId) : providerClearing

/** The money is booked into each order's escrow; orders that were cancelled meanwhile get theirs back at once. */
async function capture(tx: Tx, clock: Clock, { payment, orders }: Applied): Promise<void> {
  const ended = orders.filter(({ escrow }) => escrow === 'REFUND_ON_CAPTURE')
  await postJournal(tx, clock, captureJournal(payment.id, orders, paidFrom(payment)))
  for (const { orderId } of ended) await refundOrder(tx, clock, { orderId })
}
