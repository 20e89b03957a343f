import type { Clock } from '@pasar/shared/clock'
import { minorUnits, type Minor } from '@pasar/shared/money'
import type { PaymentsDeps } from '../context.ts'
import { disputeEndedJournal } from '../domain/journals.ts'
import type { ProviderMessage } from '../domain/payment.ts'
import { stateOf } from '../domain/provider-status.ts'
import type { DisputeNews } from '../providers/provider.ts'
import type { Tx } from '../store/database.ts'
import { findDispute, unsettledOf } from '../store/disputes.ts'
import { postJournal } from '../store/ledger.ts'
import { addPaymentEvent, lockPayment, type HeldPayment } from '../store/payments.ts'
import { recordHeld, type MessageOutcome } from './record-message.ts'

/**
 * A bank disputes a payment: what it holds is booked as gone, and comes back when the market wins. Only how much is held counts, so that
 * words which come twice or in another order come to the same.
 */
export const hearDispute = (deps: PaymentsDeps, news: DisputeNews): Promise<MessageOutcome> =>
  deps.transaction(async (tx) => {
    const payment = await lockPayment(tx, news.paymentId)
    if (payment?.provider !== news.provider) return 'UNKNOWN'
    if (news.held > payment.amount) return 'WRONG_AMOUNT'
    const { booked, isOver } = await findDispute(tx, news.keys)
    const held = isOver && !news.isOver ? booked : news.held
    if (held < booked) return giveBack(tx, deps.clock, { news, payment, amount: minorUnits(booked - held) })
    const message = messageOf(news, payment, minorUnits(held - booked))
    return (await recordHeld(tx, deps.clock, { payment, message, source: 'NOTIFICATION' })).outcome
  })

const messageOf = ({ provider, word, key }: DisputeNews, payment: HeldPayment, more: Minor): ProviderMessage => ({
  provider,
  paymentId: payment.id,
  transactionId: payment.transactionId ?? payment.providerReference ?? payment.id,
  status: 'partial_chargeback',
  providerStatus: word,
  statusCode: 'DISPUTE',
  fraudStatus: null,
  amount: payment.amount,
  reversedAmount: null,
  reversedBy: more,
  refundKeys: [],
  reversalKey: null,
  key,
})

interface GivenBack {
  readonly news: DisputeNews
  readonly payment: HeldPayment
  readonly amount: Minor
}

/**
 * The market has money again that a bank had taken. What a refund has settled of it meanwhile is the buyer's: their bank has taken it back
 * from them.
 */
async function giveBack(tx: Tx, clock: Clock, { news, payment, amount }: GivenBack): Promise<MessageOutcome> {
  const unsettled = await unsettledOf(tx, payment.id)
  const open = amount < unsettled ? amount : unsettled
  const { status } = payment
  const decision = {
    outcome: 'APPLIED',
    status,
    state: stateOf[status],
    capture: false,
    failure: undefined,
    disputed: minorUnits(0n - open),
  } as const
  const message = { ...messageOf(news, payment, amount), reversedAmount: amount }
  const isNew = await addPaymentEvent(tx, { message, source: 'NOTIFICATION', decision, now: clock.now() })
  if (!isNew) return 'DUPLICATE'
  await postJournal(tx, clock, disputeEndedJournal(news.key, payment.buyerId, { open, settled: minorUnits(amount - open) }))
  return 'APPLIED'
}
