import type { Id } from '@pasar/shared/ids'
import { minorUnits, sum, times, type Minor } from '@pasar/shared/money'
import { problem, type Problem } from '@pasar/shared/problems'
import { apportion } from './refund-split.ts'
import type { VoucherTerms, VoucherWish } from './voucher-terms.ts'

/** Where a voucher stands. */
type VoucherState = 'SCHEDULED' | 'RUNNING' | 'ENDED'

/** A code that makes an order of a shop cheaper. */
export interface Voucher extends VoucherTerms {
  readonly id: Id<'voucher'>
  readonly shopId: Id<'shop'>
  /** How many orders hold a use of it. */
  readonly used: number
  /** When its shop ended it, if before its time. */
  readonly endedAt: Date | null
  readonly createdAt: Date
  readonly version: number
}

/** A voucher as a buyer finds it. */
export interface FoundVoucher extends Voucher {
  readonly buyerId: string
  /** How many orders of that buyer hold a use of it. */
  readonly usedByBuyer: number
}

/** A shop's part of a cart as the router refers to it. */
export interface CartGroupReference {
  readonly id: string
  readonly shop?: { readonly id: string } | null
  readonly itemsTotal?: { readonly amount: bigint | number } | null
}

/** Why a voucher cannot be used. */
export type VoucherRefusal =
  'UNKNOWN' | 'NOT_STARTED' | 'ENDED' | 'USED_UP' | 'USED_BY_YOU' | 'BELOW_MINIMUM' | 'NOT_FOR_THIS_CART'

/** A voucher cannot be used; amounts and ids only, so that it can be recorded. */
export type VoucherUnavailable = Problem<
  'CheckoutVoucherUnavailable',
  VoucherWishTold & { refusal: VoucherRefusal; minimumSpend: bigint | null }
>

interface VoucherWishTold {
  readonly voucherCode: string
  readonly shopId: string
}

/** What a voucher takes off. */
export interface VoucherOffer {
  readonly __typename: 'VoucherOffer'
  readonly voucher: Voucher
  readonly discount: Minor
}

export function stateOf(
  { startsAt, endsAt, endedAt }: Pick<Voucher, 'startsAt' | 'endsAt' | 'endedAt'>,
  now: Date,
): VoucherState {
  if (endedAt !== null || endsAt <= now) return 'ENDED'
  return startsAt > now ? 'SCHEDULED' : 'RUNNING'
}

const least = (...amounts: readonly bigint[]): Minor => minorUnits(amounts.reduce((a, b) => (a < b ? a : b)))

/** What it takes off goods of this price, rounded down to a whole rupiah; at least a tenth of the price is left. */
export function discountOf({ amount, percent, maxDiscount }: VoucherTerms, items: Minor): Minor {
  const wanted = percent === null ? amount! : (items * BigInt(percent)) / 100n
  return least(wanted, maxDiscount ?? wanted, (items * 9n) / 10n)
}

/** Whether there is a use of it left for this buyer. */
const isLeft = ({ used, uses, usedByBuyer, usesPerBuyer }: FoundVoucher): 'USED_UP' | 'USED_BY_YOU' | undefined => {
  if (usedByBuyer >= usesPerBuyer) return 'USED_BY_YOU'
  return used >= uses ? 'USED_UP' : undefined
}

const refusalByState = { SCHEDULED: 'NOT_STARTED', RUNNING: undefined, ENDED: 'ENDED' } as const

interface Purchase {
  readonly items: Minor
  readonly now: Date
}

const refusalOf = (voucher: FoundVoucher, { items, now }: Purchase): VoucherRefusal | undefined =>
  refusalByState[stateOf(voucher, now)] ?? isLeft(voucher) ?? (items < voucher.minimumSpend ? 'BELOW_MINIMUM' : undefined)

/** Says that a voucher cannot be used, and why. */
export const unavailable = (
  { shopId, code }: VoucherWish,
  refusal: VoucherRefusal,
  minimumSpend: bigint | null = null,
): VoucherUnavailable => problem('CheckoutVoucherUnavailable', { shopId, voucherCode: code, refusal, minimumSpend })

/** What a voucher takes off a shop's goods of this price, or why it cannot be used. */
export function offerOf(
  wish: VoucherWish,
  voucher: FoundVoucher | undefined,
  purchase: Purchase,
): VoucherOffer | VoucherUnavailable {
  if (!voucher) return unavailable(wish, 'UNKNOWN')
  const refusal = refusalOf(voucher, purchase)
  if (refusal) return unavailable(wish, refusal, refusal === 'BELOW_MINIMUM' ? voucher.minimumSpend : null)
  return { __typename: 'VoucherOffer', voucher, discount: discountOf(voucher, purchase.items) }
}

/** So many units at a price. */
interface Sold {
  readonly quantity: number
  readonly unitPrice: Minor
}

/** What of a line may be taken off: a rupiah of each unit is paid, so that each one that goes back is worth something. */
const mostOf = ({ quantity, unitPrice }: Sold): Minor => times(minorUnits(unitPrice - 1n), quantity)

/** The same of all lines of an order. */
export const mostOff = (lines: readonly Sold[]): Minor => sum(lines.map(mostOf))

/** A discount's share of each line, by largest remainder: the shares sum to it. */
export const splitDiscount = (discount: Minor, lines: readonly Sold[]): readonly Minor[] =>
  discount === 0n ? lines.map(() => discount) : apportion(discount, lines.map(mostOf))

/** What a buyer paid for so many units of a line, after so many others of it: all of them together are what the line cost. */
export function paidForUnits(
  { quantity, unitPrice, discount }: Sold & { readonly discount: Minor },
  { units, after }: { readonly units: number; readonly after: number },
): Minor {
  const upTo = (count: number) => (discount * BigInt(count)) / BigInt(quantity)
  return minorUnits(times(unitPrice, units) - (upTo(after + units) - upTo(after)))
}
