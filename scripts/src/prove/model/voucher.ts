/** A voucher as it ought to be: of the shop that sells one of the things. Pure. */
export interface ModelVoucher extends VoucherTerms {
  readonly good: number
  /** Its shop may end it before its time. */
  endsAt: number
}

/** What a voucher gives, and how often. */
export interface VoucherTerms {
  readonly takesOff: { readonly amount: number } | { readonly percent: number; readonly maxDiscount: number }
  readonly minimumSpend: number
  readonly uses: number
  readonly usesPerBuyer: number
}

/** Why a voucher cannot be used. */
export type VoucherRefusal = 'ENDED' | 'USED_BY_YOU' | 'USED_UP' | 'BELOW_MINIMUM' | 'NOT_FOR_THIS_CART'

/** What it takes off goods of this price: whole rupiah, and a tenth of the price is paid at least. */
export function discountOf({ takesOff }: VoucherTerms, items: number): number {
  const wanted =
    'amount' in takesOff ? takesOff.amount : Math.min(Math.floor((items * takesOff.percent) / 100), takesOff.maxDiscount)
  return Math.min(wanted, Math.floor((items * 9) / 10))
}

/** A purchase that it is wanted for; there is one buyer, who has used it so often. */
interface Purchase {
  readonly items: number
  readonly used: number
  readonly now: number
}

/** Why it cannot be used, if so. */
export function voucherRefusal(
  { endsAt, uses, usesPerBuyer, minimumSpend }: ModelVoucher,
  { items, used, now }: Purchase,
): VoucherRefusal | undefined {
  if (endsAt <= now) return 'ENDED'
  if (used >= usesPerBuyer) return 'USED_BY_YOU'
  if (used >= uses) return 'USED_UP'
  return items < minimumSpend ? 'BELOW_MINIMUM' : undefined
}
