import { minorUnits, type Minor } from '@pasar/shared/money'
import { isReversal, isTaken, isUnpaidEnd, mayMove, stateOf, type PaymentState, type ProviderStatus } from './provider-status.ts'

/** Who takes the money of a payment; MARKET: the buyer's own balance here, or the courier at the door. */
export type ProviderName = 'MIDTRANS' | 'XENDIT' | 'MARKET'

/** What a decision needs to know of a payment. */
export interface PaymentFacts {
  readonly amount: Minor
  readonly status: ProviderStatus
  /** Whether the money was booked already. */
  readonly captured: boolean
  /** What is disputed already, and what the provider gave back because we asked for it. */
  readonly reversedAmount: Minor
}

/** What the provider said, without its format. */
export interface ProviderMessage {
  readonly provider: ProviderName
  readonly paymentId: string
  readonly transactionId: string
  readonly status: ProviderStatus
  readonly providerStatus: string
  readonly statusCode: string
  readonly fraudStatus: string | null
  /** The whole amount of the payment, as the provider knows it. */
  readonly amount: Minor
  /** What went back so far, where the provider says so. */
  readonly reversedAmount: Minor | null
  /** What went back by this message alone, where the provider says only that. */
  readonly reversedBy: Minor | null
  /** Which of our own refunds the provider has carried out, where it names them. */
  readonly refundKeys: readonly string[]
  /** Tells several refunds of one payment apart. */
  readonly reversalKey: string | null
  /** The provider's own name for the message; null where what it says makes it. */
  readonly key: string | null
}

/**
 * How we heard of it: the provider told us, it answered a call of ours, it was asked what is true of money that is booked already, or it is
 * our own doing or conclusion.
 */
export type MessageSource = 'NOTIFICATION' | 'STATUS' | 'RECONCILIATION' | 'MARKET'

/** A message and how we heard of it. */
export interface Heard {
  readonly message: ProviderMessage
  readonly source: MessageSource
}

/** What makes two messages the same one; that the provider stands by a notification when it is asked is something new. */
export const messageKey = ({ message, source }: Heard): string => {
  const { key, transactionId, statusCode, providerStatus, reversalKey } = message
  const name = key ?? [transactionId, statusCode, providerStatus, ...(reversalKey === null ? [] : [reversalKey])].join(':')
  return source === 'RECONCILIATION' ? `${source}:${name}` : name
}

/** Why a payment ended unpaid. */
export type FailureReason = 'EXPIRED' | 'DENIED' | 'CANCELLED'

/** What becomes of a message. */
export interface Decision {
  readonly outcome: 'APPLIED' | 'SUPERSEDED' | 'DISPUTED'
  readonly status: ProviderStatus
  readonly state: PaymentState
  /** Book the money now. */
  readonly capture: boolean
  /** Say that it will not be paid. */
  readonly failure: FailureReason | undefined
  /** What went back without our asking: more than was known of. */
  readonly disputed: Minor
}

const failures: Readonly<Partial<Record<PaymentState, FailureReason>>> = {
  EXPIRED: 'EXPIRED',
  DENIED: 'DENIED',
  CANCELLED: 'CANCELLED',
}
const nothing = 0n as Minor

type Booked = Pick<PaymentFacts, 'captured'>

/** Whether money that is booked is said not to be there. */
const isDenied = ({ captured }: Booked, { message }: Heard): boolean => captured && isUnpaidEnd(message.status)

/**
 * What a message means. A provider that is asked about booked money and has none has given it back in whole, and so has one that tells of a
 * cancelled capture; what else denies booked money may be older than it, or is our own guess.
 */
function meant(facts: Booked, heard: Heard): ProviderStatus {
  const { message, source } = heard
  const gone = source === 'RECONCILIATION' || (source === 'NOTIFICATION' && message.status === 'cancel')
  return gone && isDenied(facts, heard) ? 'refund' : message.status
}

/** Whether what went back before has a say in what becomes of a message. */
export const tellsOfReversal = (facts: Booked, heard: Heard): boolean => isReversal(meant(facts, heard))

/** Whether a message that has no effect leaves open what is true, so that the provider must be asked. */
export function leavesOpen(facts: Pick<PaymentFacts, 'captured' | 'status'>, heard: Heard): boolean {
  const { message, source } = heard
  if (source === 'STATUS') return isDenied(facts, heard)
  const isOver = isUnpaidEnd(facts.status) && isUnpaidEnd(message.status)
  return source === 'NOTIFICATION' && message.status !== facts.status && !isOver
}

/** Whether a message tells of money that comes after the end, which may have been given back before we heard of it. */
export const comesAfterEnd = ({ status }: Pick<PaymentFacts, 'status'>, { source }: Heard, { capture }: Decision): boolean =>
  source === 'NOTIFICATION' && capture && isUnpaidEnd(status)

/** Which of our refunds are in what a message says of money that went back. */
export interface CarriedOut {
  /** All that was asked for, whether the provider has answered or not. */
  readonly all: boolean
  /** These in any case. */
  readonly keys: readonly string[]
  /** And no others: those that are done and not among them came after it. */
  readonly only: boolean
}

const isPartial = (status: ProviderStatus): boolean => status === 'partial_refund' || status === 'partial_chargeback'

/** Those that the message names, alone where it lists what a part is made of; a payment that was cancelled went back with all that was asked of it. */
export const carriedOutBy = ({ status, refundKeys: keys, reversedAmount, reversalKey }: ProviderMessage): CarriedOut => ({
  all: status === 'cancel',
  keys,
  only: isPartial(status) && reversedAmount !== null && reversalKey !== null,
})

function disputedBy(facts: PaymentFacts, to: ProviderStatus, { reversedAmount: reversed, reversedBy }: ProviderMessage): Minor {
  if (!isReversal(to)) return nothing
  // What a bank holds is missing, also where its buyer has had the money back before.
  if (reversedBy !== null && to === 'partial_chargeback') return reversedBy
  const left = facts.amount > facts.reversedAmount ? minorUnits(facts.amount - facts.reversedAmount) : nothing
  if (reversedBy !== null) return reversedBy < left ? reversedBy : left
  const whole = to === 'refund' || to === 'chargeback'
  const total = whole ? facts.amount : (reversed ?? facts.reversedAmount)
  return (total > facts.reversedAmount ? total - facts.reversedAmount : nothing) as Minor
}

/** What a message does to a payment. Moves that the table does not list, and repeats that say nothing new, have no effect. */
export function decideMessage(facts: PaymentFacts, heard: Heard): Decision {
  const to = meant(facts, heard)
  const disputed = disputedBy(facts, to, heard.message)
  if (!mayMove(facts.status, to) || (facts.status === to && disputed === 0n)) {
    return {
      outcome: 'SUPERSEDED',
      status: facts.status,
      state: stateOf[facts.status],
      capture: false,
      failure: undefined,
      disputed: nothing,
    }
  }
  return {
    outcome: disputed > 0n ? 'DISPUTED' : 'APPLIED',
    status: to,
    state: stateOf[to],
    capture: isTaken(to) && !facts.captured,
    failure: failures[stateOf[to]],
    disputed,
  }
}

const said = { fraudStatus: null, reversedAmount: null, reversedBy: null, refundKeys: [], reversalKey: null, key: null }

/** What the market itself says of a payment that it takes without a provider. */
export const takenByMarket = (payment: { readonly id: string; readonly amount: Minor }): ProviderMessage => ({
  ...said,
  provider: 'MARKET',
  paymentId: payment.id,
  transactionId: payment.id,
  status: 'settlement',
  providerStatus: 'settlement',
  statusCode: '200',
  amount: payment.amount,
})

/** What we conclude ourselves where the provider has never heard of a payment: it has ended, and nothing was taken. */
export const unknownToProvider = (
  payment: { readonly id: string; readonly amount: Minor; readonly provider: ProviderName },
  status: 'cancel' | 'expire',
): ProviderMessage => ({
  ...said,
  provider: payment.provider,
  paymentId: payment.id,
  transactionId: payment.id,
  status,
  providerStatus: status,
  statusCode: '404',
  amount: payment.amount,
})
