import type { Minor } from '@pasar/shared/money'
import { Unavailable } from '@pasar/shared/problems'
import type { PaymentMethod } from '../domain/methods.ts'
import type { ProviderMessage } from '../domain/payment.ts'

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

/** The payment exists at the provider, or the provider will not have it. */
export type ChargeOutcome =
  | { readonly kind: 'charged'; readonly instructions: Instructions; readonly message: ProviderMessage | undefined }
  | { readonly kind: 'refused'; readonly reason: string }

/** Money to give back. */
export interface ProviderRefund {
  readonly paymentId: string
  /** The provider gives money back once per key. */
  readonly refundKey: string
  readonly amount: Minor
  /** Whether it is all of the payment. */
  readonly whole: boolean
  readonly reason: string
}

/** `later`: not possible yet; `refused`: never possible this way. */
export type RefundOutcome = 'done' | 'later' | 'refused'

/** The provider does not answer, or not in a way that means anything. */
export const providerSilent = (): Unavailable =>
  new Unavailable('the payment provider', {
    id: 'Penyedia pembayaran sedang tidak menjawab',
    en: 'The payment provider does not answer right now',
  })

/**
 * A payment provider. Every call is idempotent by payment id (refunds by their key) and throws Unavailable when the provider does not
 * answer: the caller tries the same call again.
 */
export interface PaymentProvider {
  charge(charge: Charge): Promise<ChargeOutcome>
  /** What the provider knows now; undefined when it has never heard of the payment. */
  status(paymentId: string): Promise<ProviderMessage | undefined>
  /** Calls the payment off unless it is paid; answers what the provider knows then. */
  cancel(paymentId: string): Promise<ProviderMessage | undefined>
  refund(refund: ProviderRefund): Promise<RefundOutcome>
  stop(): Promise<void>
}
