import { minorUnits, type Minor } from '@pasar/shared/money'
import { isReversal, isTaken, mayMove, stateOf, type PaymentState, type ProviderStatus } from './provider-status.ts'

/** Who takes the money of a payment; MARKET: the buyer's own balance here, or the courier at the door. */
export type ProviderName = 'MIDTRANS' | 'XENDIT' | 'MARKET'

/** What a decision needs to know of a payment. */
export interface PaymentFacts {
  readonly amount: Minor
  readonly status: ProviderStatus
  /** Whether the money was booked already. */
  readonly captured: boolean
  /** What the provider gave back or was asked to give back, and what is disputed already. */
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
  /** Tells several refunds of one payment apart. */
  readonly reversalKey: string | null
  /** The provider's own name for the message; null where what it says makes it. */
  readonly key: string | null
}

/** What makes two messages the same one. */
export const messageKey = ({ key, transactionId, statusCode, providerStatus, reversalKey }: ProviderMessage): string =>
  key ?? [transactionId, statusCode, providerStatus, ...(reversalKey === null ? [] : [reversalKey])].join(':')

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

/** A cancelled capture is money that was taken and given back, in whole. */
const meant = (facts: Pick<PaymentFacts, 'captured'>, message: ProviderMessage): ProviderStatus =>
  facts.captured && message.status === 'cancel' ? 'refund' : message.status

/** Whether what went back before has a say in what becomes of a message. */
export const tellsOfReversal = (facts: Pick<PaymentFacts, 'captured'>, message: ProviderMessage): boolean =>
  isReversal(meant(facts, message))

function disputedBy(facts: PaymentFacts, to: ProviderStatus, { reversedAmount: reversed, reversedBy }: ProviderMessage): Minor {
  if (!isReversal(to)) return nothing
  if (reversedBy !== null)
    return minorUnits(reversedBy < facts.amount - facts.reversedAmount ? reversedBy : facts.amount - facts.reversedAmount)
  const whole = to === 'refund' || to === 'chargeback'
  const total = whole ? facts.amount : (reversed ?? facts.reversedAmount)
  return (total > facts.reversedAmount ? total - facts.reversedAmount : nothing) as Minor
}

/** What a message does to a payment. Moves that the table does not list, and repeats that say nothing new, have no effect. */
export function decideMessage(facts: PaymentFacts, message: ProviderMessage): Decision {
  const to = meant(facts, message)
  const disputed = disputedBy(facts, to, message)
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

const said = { fraudStatus: null, reversedAmount: null, reversedBy: null, reversalKey: null, key: null }

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
