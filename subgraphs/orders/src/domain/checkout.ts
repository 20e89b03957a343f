import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { problem, type Problem } from '@pasar/shared/problems'
import type { VoucherUnavailable } from './voucher.ts'

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

/** A variant of which there is less than was wanted. */
export interface ShortLine {
  readonly variantId: string
  readonly available: number
}

/** What is wanted is not sold any more. */
export type NoLongerSold = Problem<'CheckoutNoLongerSold', { variantIds: readonly string[] }>

/** The total is not the one that the buyer expects. */
export type PriceChanged = Problem<'CheckoutPriceChanged', { expected: bigint; actual: bigint }>

/** Why a checkout could not be carried out; amounts and ids only, so that it can be recorded. */
export type CheckoutProblem =
  | Problem<'CheckoutCartUnknown', { cartId: string }>
  | Problem<'CheckoutCartEmpty', object>
  | Problem<'CheckoutCartChanged', { version: number }>
  | Problem<'CheckoutCartIncomplete', { missing: readonly string[] }>
  | Problem<'CheckoutAlreadyRunning', { checkoutId: string }>
  | Problem<'CheckoutAddressUnknown', object>
  | Problem<'CheckoutOutOfStock', { lines: readonly ShortLine[] }>
  | Problem<'CheckoutFlashSaleLimited', { lines: readonly ShortLine[] }>
  | NoLongerSold
  | VoucherUnavailable
  | PriceChanged
  | Problem<'CheckoutShippingUnavailable', { shopId: string; reason: string }>
  | Problem<'CheckoutPaymentMethodUnavailable', { method: PaymentMethod }>
  | Problem<'CheckoutGivenUp', object>
  | Problem<'CheckoutPaidTooLate', object>

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
  /** What vouchers take off the goods. */
  readonly discount: Minor | null
  readonly payBy: Date | null
  /** When the market heard that the payment is here, whatever has become of it since. */
  readonly paymentReceivedAt: Date | null
  readonly problem: CheckoutProblem | null
  readonly createdAt: Date
}

type PaymentProblem = Problem<'CheckoutPaymentDenied', object> | Problem<'CheckoutPaymentExpired', object>

const paymentProblems: Readonly<Partial<Record<CheckoutState, PaymentProblem>>> = {
  FAILED: problem('CheckoutPaymentDenied', {}),
  EXPIRED: problem('CheckoutPaymentExpired', {}),
}

/** Why a checkout ended without a sale: what refused it, or else what became of its payment. */
export const problemOf = (checkout: Pick<Checkout, 'state' | 'problem'>): CheckoutProblem | PaymentProblem | null =>
  checkout.problem ?? paymentProblems[checkout.state] ?? null

/** The states of a checkout before its end. */
export const runningStates: readonly CheckoutState[] = ['PROCESSING', 'AWAITING_PAYMENT']

/** Whether the buyer may cancel: before the end, and before the payment is here. */
export const isCancellable = ({ state, paymentReceivedAt }: Pick<Checkout, 'state' | 'paymentReceivedAt'>): boolean =>
  runningStates.includes(state) && paymentReceivedAt === null

/** What the market still does about a checkout; null where it waits for the buyer, or for nothing. */
export function workOn({ state, paymentReceivedAt, paymentMethod, problem: refusal }: Checkout): CheckoutWork | null {
  if (paymentReceivedAt === null)
    return state !== 'PROCESSING' ? null : paymentMethod === 'WALLET' ? 'processingBalance' : 'processing'
  if (runningStates.includes(state)) return 'received'
  return state === 'PAID' || refusal?.__typename === 'CheckoutPaidTooLate' ? null : 'receivedLate'
}

/** The market's work on a checkout, as its buyer is told of it. */
export type CheckoutWork = 'processing' | 'processingBalance' | 'received' | 'receivedLate'
