import { allocate, fraction, sum, type Minor } from '@pasar/shared/money'

/** Goods of one category within an order, and what the market takes of them. */
export interface CommissionShare {
  readonly categoryId: string | null
  readonly amount: Minor
  /** Hundredths of a per cent. */
  readonly basisPoints: number
}

/** The price of goods of one category that went back. */
export interface CategoryBack {
  readonly categoryId: string
  readonly amount: Minor
}

/** What an order's seller will be charged, fixed when its payment is asked for, however late it is paid: rules that change later do not reach back. */
export interface Terms {
  readonly commission: readonly CommissionShare[]
  readonly paymentFee: Minor
  /** The seller has stated to stay below the turnover from which income tax is withheld. */
  readonly incomeTaxExempt: boolean
  /** The seller's prices contain VAT, which is no turnover. */
  readonly vatRegistered: boolean
}

/** How a price falls apart when it is released. The parts sum to it. */
export interface Deductions {
  readonly commission: Minor
  readonly paymentFee: Minor
  readonly vat: Minor
  readonly incomeTax: Minor
  readonly sellerShare: Minor
}

/**
 * Rates of the tax law. PPN: 12 % of 11/12 of the price, which is 11 %; PMK 131/2024. PPh 22: 0.5 % of the turnover without PPN, withheld by
 * the marketplace; PMK 37/2025.
 */
const vatRate = { numerator: 11n * 12n, denominator: 12n * 100n }
const priceWithVat = { numerator: 100n, denominator: 111n }
const incomeTaxRate = { numerator: 5n, denominator: 1000n }
const wholeBasisPoints = 10_000n

const none = 0n as Minor
const least = (a: bigint, b: bigint): Minor => (a < b ? a : b) as Minor

/** PPN on what the market charges; rounded once per line of the invoice. */
const vatOn = (line: Minor): Minor => fraction(line, vatRate.numerator, vatRate.denominator)

function commissionOf(items: Minor, shares: readonly CommissionShare[]): Minor {
  const weights = shares.map(({ amount }) => amount)
  if (sum(weights) <= 0n) return none
  return sum(allocate(items, weights).map((part, index) => fraction(part, BigInt(shares[index]!.basisPoints), wholeBasisPoints)))
}

/** The terms of what is left after goods went back: no commission of theirs. What went back of unknown goods is spread over what is left. */
export const termsOfRest = (terms: Terms, back: readonly CategoryBack[]): Terms => ({
  ...terms,
  commission: terms.commission.map((share) => {
    const gone = sum(back.filter(({ categoryId }) => categoryId === share.categoryId).map(({ amount }) => amount))
    return { ...share, amount: (share.amount - least(gone, share.amount)) as Minor }
  }),
})

function incomeTaxOf(items: Minor, { incomeTaxExempt, vatRegistered }: Terms): Minor {
  if (incomeTaxExempt) return none
  // Without a rounding in between: the tax is a fraction of a fraction of the price.
  const of = vatRegistered ? priceWithVat : { numerator: 1n, denominator: 1n }
  return fraction(items, incomeTaxRate.numerator * of.numerator, incomeTaxRate.denominator * of.denominator)
}

/** What becomes of the price of an order's items (less what went back). Nobody is charged more than there is. */
export function deduct(items: Minor, terms: Terms): Deductions {
  let left = items
  const take = (wanted: Minor): Minor => {
    const taken = least(wanted, left)
    left = (left - taken) as Minor
    return taken
  }
  const incomeTax = take(incomeTaxOf(items, terms))
  const commission = take(commissionOf(items, terms.commission))
  const paymentFee = take(terms.paymentFee)
  const vat = take(sum([vatOn(commission), vatOn(paymentFee)]))
  return { commission, paymentFee, vat, incomeTax, sellerShare: left }
}

/** A rule of what a payment costs. */
export interface FeeRule {
  readonly fixedAmount: Minor
  readonly basisPoints: number
}

/** What a payment costs, split over its orders so that nothing is lost. */
export function splitFee(rule: FeeRule, totals: readonly Minor[]): Minor[] {
  const fee = sum([rule.fixedAmount, fraction(sum(totals), BigInt(rule.basisPoints), wholeBasisPoints)])
  return allocate(fee, totals)
}
