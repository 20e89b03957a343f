import { enqueue } from '@pasar/shared/outbox'
import type { Deps } from '../context.ts'
import { buyerWallet, courierReceivable, providerClearing, type AccountRef } from '../domain/chart-of-accounts.ts'
import { captureJournal, disputeJournal } from '../domain/journals.ts'
import { decideMessage, messageKey, type Decision, type ProviderMessage } from '../domain/payment.ts'
import type { Tx } from '../store/database.ts'
import { moveEscrow, ordersOfPayment } from '../store/escrow.ts'
import { postJournal } from '../store/ledger.ts'
import { addPaymentEvent, applyDecision, checkSoon, lockPayment, type Payment } from '../store/payments.ts'
import { refundOrder } from './refund-order.ts'

/** How we heard of it: the provider told us, we asked, or it is our own doing. */
export type MessageSource = 'NOTIFICATION' | 'STATUS' | 'MARKET'

/** What became of a message; `UNKNOWN` and `WRONG_AMOUNT` are not recorded, `DUPLICATE` was recorded before. */
export type MessageOutcome = Decision['outcome'] | 'DUPLICATE' | 'UNKNOWN' | 'WRONG_AMOUNT'

type CommandDeps = Pick<Deps, 'transaction' | 'clock'>

/** Records a message in a transaction of its own. */
export const recordMessage = (deps: CommandDeps, message: ProviderMessage, source: MessageSource): Promise<MessageOutcome> =>
  deps.transaction((tx) => recordIn(tx, deps, { message, source }))

/** A message and how we heard of it. */
export interface Heard {
  readonly message: ProviderMessage
  readonly source: MessageSource
}

/** The only way in which a payment's state changes: what the provider said goes into the log, and its effect with it, once. */
export async function recordIn(tx: Tx, { clock }: Pick<Deps, 'clock'>, { message, source }: Heard): Promise<MessageOutcome> {
  const payment = await lockPayment(tx, message.paymentId)
  if (!payment || payment.provider !== message.provider) return 'UNKNOWN'
  if (payment.amount !== message.amount) return 'WRONG_AMOUNT'
  const now = clock.now()
  const decision = decideMessage({ ...payment, captured: payment.capturedAt !== null }, message)
  const { outcome } = decision
  if (!(await addPaymentEvent(tx, { message, source, decision, now }))) return 'DUPLICATE'
  if (outcome === 'SUPERSEDED') {
    if (source === 'NOTIFICATION' && message.status !== payment.status) await checkSoon(tx, payment.id, now)
    return outcome
  }
  await applyDecision(tx, payment, { message, decision, now })
  if (decision.disputed > 0n) await postJournal(tx, clock, disputeJournal(messageKey(message), decision.disputed))
  if (decision.failure) await announceFailure(tx, { clock }, { payment, reason: decision.failure })
  if (decision.capture) await capture(tx, { clock }, payment)
  return outcome
}

const announceFailure = (
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { payment: { id, checkoutId, buyerId }, reason }: { payment: Payment; reason: NonNullable<Decision['failure']> },
) =>
  enqueue(tx, clock, {
    type: 'PaymentFailed',
    aggregateId: id,
    keys: [checkoutId],
    payload: { paymentId: id, checkoutId, buyerId, reason },
  })

/** Who had the money: the provider has it, the courier will collect it, or it was the buyer's balance here. */
const paidFrom = ({ method, buyerId }: Payment): AccountRef =>
  method === 'COD' ? courierReceivable : method === 'WALLET' ? buyerWallet(buyerId) : providerClearing

/** The money is booked into each order's escrow; orders that were cancelled meanwhile get theirs back at once. */
async function capture(tx: Tx, { clock }: Pick<Deps, 'clock'>, payment: Payment): Promise<void> {
  const { id, checkoutId, buyerId, amount } = payment
  const orders = await ordersOfPayment(tx, id)
  const orderIds = orders.map(({ orderId }) => orderId)
  await moveEscrow(tx, orderIds, { from: 'AWAITING', to: 'HELD' })
  const ended = orders.filter(({ escrow }) => escrow === 'REFUND_ON_CAPTURE')
  if (ended.length > 0) await moveEscrow(tx, orderIds, { from: 'REFUND_ON_CAPTURE', to: 'HELD' })
  await postJournal(tx, clock, captureJournal(id, orders, paidFrom(payment)))
  const payload = { paymentId: id, checkoutId, buyerId, amount: Number(amount) }
  await enqueue(tx, clock, { type: 'PaymentCaptured', aggregateId: id, keys: [checkoutId], payload })
  for (const { orderId } of ended) await refundOrder(tx, { clock }, { orderId })
}
