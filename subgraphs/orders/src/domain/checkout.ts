import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { problem, type Problem } from '@pasar/shared/problems'

export type CheckoutState = 'PROCESSING' | 'AWAITING_PAYMENT' | 'PAID' | 'FAILED' | 'EXPIRED' | 'CANCELLED'

export type PaymentMethod =
  | 'BCA_VA'
  | 'BNI_VA'
  | 'BRI_VA'
  | 'PERMATA_VA'
  | 'QRIS'
  | 'GOPAY'
  | 'SHOPEEPAY'
  | 'OVO'
  | 'DANA'
  | 'CARD'
  | 'CARD_INSTALMENT_3'
  | 'CARD_INSTALMENT_6'
  | 'CARD_INSTALMENT_12'
  | 'KREDIVO'
  | 'AKULAKU'
  | 'WALLET'
  | 'COD'

/** Why a checkout could not be carried out; amounts and ids only, so that it can be recorded. */
export type CheckoutProblem =
  | Problem<'CheckoutCartUnknown', { cartId: string }>
  | Problem<'CheckoutCartEmpty', object>
  | Problem<'CheckoutCartChanged', { version: number }>
  | Problem<'CheckoutCartIncomplete', { missing: readonly string[] }>
  | Problem<'CheckoutAlreadyRunning', { checkoutId: string }>
  | Problem<'CheckoutAddressUnknown', object>
  | Problem<'CheckoutOutOfStock', { lines: readonly { readonly variantId: string; readonly available: number }[] }>
  | Problem<'CheckoutNoLongerSold', { variantIds: readonly string[] }>
  | Problem<'CheckoutPriceChanged', { expected: bigint; actual: bigint }>
  | Problem<'CheckoutShippingUnavailable', { shopId: string; reason: string }>
  | Problem<'CheckoutPaymentMethodUnavailable', { method: PaymentMethod }>
  | Problem<'CheckoutGivenUp', object>

/** One purchase of a buyer: one order per shop, paid together. */
export interface Checkout {
  readonly id: Id<'checkout'>
  readonly buyerId: Id<'account'>
  readonly cartId: string
  readonly cartVersion: number
  readonly paymentMethod: PaymentMethod
  readonly expectedTotal: bigint | null
  readonly state: CheckoutState
  readonly itemsTotal: Minor | null
  readonly shippingTotal: Minor | null
  readonly payBy: Date | null
  readonly problem: CheckoutProblem | null
  readonly createdAt: Date
}

const paymentProblems: Readonly<Partial<Record<CheckoutState, Problem<string, object>>>> = {
  FAILED: problem('CheckoutPaymentDenied', {}),
  EXPIRED: problem('CheckoutPaymentExpired', {}),
}

/** Why a checkout ended without a sale: what refused it, or else what became of its payment. */
export const problemOf = (checkout: Pick<Checkout, 'state' | 'problem'>): Problem<string, object> | null =>
  checkout.problem ?? paymentProblems[checkout.state] ?? null

/** The states in which the buyer may cancel. */
export const isCancellable = (state: CheckoutState): boolean => state === 'PROCESSING' || state === 'AWAITING_PAYMENT'
