import type { HttpRequest } from '@pasar/shared/http/server'
import type { Minor } from '@pasar/shared/money'
import { Unavailable } from '@pasar/shared/problems'
import type { PaymentMethod } from '../domain/methods.ts'
import type { ProviderMessage, ProviderName } from '../domain/payment.ts'
import type { Bank, PayoutStatus } from '../domain/withdrawal.ts'

/** How the buyer pays, as the provider says. */
export interface Instructions {
  readonly kind: 'VIRTUAL_ACCOUNT' | 'QR' | 'REDIRECT'
  readonly bank?: string
  readonly vaNumber?: string
  readonly qrString?: string
  readonly url?: string
}

/** A payment to ask for. */
export interface Charge {
  readonly paymentId: string
  readonly method: PaymentMethod
  readonly amount: Minor
  readonly now: Date
  readonly expiresAt: Date
}

/** A payment that the provider was asked for. */
export interface AskedPayment {
  readonly paymentId: string
  readonly method: PaymentMethod
  readonly amount: Minor
  /** The provider's own name for it, from its answer to the charge. */
  readonly reference: string | null
  /** The provider's name for what was paid, from its messages; another one where a page of its own takes the money. */
  readonly transactionId: string | null
}

/** The payment exists at the provider, or the provider will not have it. */
export type ChargeOutcome =
  | {
      readonly kind: 'charged'
      readonly instructions: Instructions
      readonly message: ProviderMessage | undefined
      readonly reference: string | null
    }
  | { readonly kind: 'refused'; readonly reason: string }

/** Money to give back. */
export interface ProviderRefund extends AskedPayment {
  /** The provider gives money back once per key, for as long as it keeps it. */
  readonly refundKey: string
  /** The provider's own name for the refund, once it has answered. */
  readonly refundReference: string | null
  /** How much of the payment's amount. */
  readonly part: Minor
  readonly reason: string
  readonly now: Date
  /** Whether the method's time for refunds is over: what cannot be given back by now never will be. */
  readonly isLate: boolean
}

/**
 * `later`: not possible yet, or not finished; `refused`: never possible this way; `spent`: the provider has given back so much of the payment
 * already that this is too much, which may be this very refund.
 */
export type RefundOutcome = 'done' | 'later' | 'refused' | 'spent'

/** What a provider answers to a refund. */
export interface RefundAnswer {
  readonly outcome: RefundOutcome
  /** The provider's own name for the refund; null where it has none of its own, or has not made it. */
  readonly reference: string | null
  /** Where it was not made: what the provider said of the payment then, which may be that the money went back some other way. */
  readonly message: ProviderMessage | undefined
}

/** How a refund ended that we have asked for, or that somebody made in the provider's own pages. */
export interface RefundNews {
  readonly provider: ProviderName
  readonly refundKey: string
  readonly transactionId: string
  readonly amount: Minor
  readonly outcome: RefundOutcome
  readonly key: string
}

/** How a bank's dispute about a payment stands. */
export interface DisputeNews {
  readonly provider: ProviderName
  readonly paymentId: string
  readonly word: string
  /** How much of the payment is with the bank, or held for it. */
  readonly held: Minor
  /** Whether it was decided: what is told of it before that, and comes later, is out of date. */
  readonly isOver: boolean
  readonly key: string
  /** Every key under which something of this dispute may have been kept. */
  readonly keys: readonly string[]
}

/** What a request to the notification address turned out to be. */
export type Notification =
  | { readonly kind: 'forged' }
  /** Signed, but nothing that we need to know. */
  | { readonly kind: 'other' }
  | { readonly kind: 'payment'; readonly message: ProviderMessage }
  | { readonly kind: 'refund'; readonly refund: RefundNews }
  | { readonly kind: 'payout'; readonly payout: PayoutNews }
  | { readonly kind: 'dispute'; readonly dispute: DisputeNews }

/** Money to send to a bank. */
export interface Payout {
  /** The provider pays once per withdrawal, for as long as it remembers our name for it and each request is the same. */
  readonly withdrawalId: string
  /** The provider's own name for it, once it has answered. */
  readonly reference: string | null
  readonly amount: Minor
  readonly bank: Bank
  readonly number: string
  readonly holder: string
  /** When it was first asked for, where the provider may have taken it and its answer got lost. */
  readonly askedAt: Date | null
  readonly now: Date
}

/** What a provider says of a payout. */
export interface PayoutNews {
  readonly provider: ProviderName
  /** Our name for it, or the provider's. */
  readonly name: string
  readonly reference: string | null
  readonly status: PayoutStatus
  /** The provider's word for the status. */
  readonly word: string
  readonly amount: Minor | null
  /** Holds what we take the word for: one that we learn to understand later is news. */
  readonly key: string
}

const silence = {
  id: 'Penyedia pembayaran sedang tidak menjawab',
  en: 'The payment provider does not answer right now',
}

/** The provider does not answer, or not in a way that means anything. */
export const providerSilent = (): Unavailable => new Unavailable('the payment provider', silence)

/** The provider has done nothing of what it was asked for: nobody was reached there, or it does not let us in. */
export class NotTaken extends Unavailable {
  constructor() {
    super('the payment provider', silence)
  }
}

/**
 * A payment provider. A call throws Unavailable when the provider does not answer, and the caller tries the same call again: a payment is
 * asked for once by its id and a refund once by its key. A payout is sent once only for as long as the provider keeps our name for it.
 */
export interface PaymentProvider {
  readonly name: ProviderName
  supports(method: PaymentMethod): boolean
  charge(charge: Charge): Promise<ChargeOutcome>
  /** What the provider knows now; undefined when it has never heard of the payment. */
  status(payment: AskedPayment): Promise<ProviderMessage | undefined>
  /** Calls the payment off unless it is paid; answers what the provider knows then. */
  cancel(payment: AskedPayment): Promise<ProviderMessage | undefined>
  refund(refund: ProviderRefund): Promise<RefundAnswer>
  /**
   * Sends money to a bank; answers what the provider says of it at once. Undefined: it may have taken it before, and cannot be asked, so that
   * this request changes nothing.
   */
  payout(payout: Payout): Promise<PayoutNews | undefined>
  /** What the provider says of a payout now, by our name for it or its own; undefined when it has never heard of it. */
  payoutStatus(payout: Pick<Payout, 'withdrawalId' | 'reference'>): Promise<PayoutNews | undefined>
  /** Reads what came to the notification address; throws BadInput for what is signed and means nothing. */
  read(request: Pick<HttpRequest, 'headers' | 'body'>): Notification
  stop(): Promise<void>
}
