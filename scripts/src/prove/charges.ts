/** Who gets how much of the price of an order's goods. */
export interface Shares {
  readonly seller: number
  readonly commission: number
  readonly fee: number
  readonly vat: number
  readonly incomeTax: number
}

/** What is charged of an order, by the published rules. */
interface Charged {
  /** What was paid for its goods, category by category, and what the market takes of each in hundredths of a per cent. */
  readonly goods: readonly { readonly amount: number; readonly basisPoints: number }[]
  /** Its part of what its payment costs. */
  readonly fee: number
  /** Its shop has stated to stay below the turnover from which PPh 22 is withheld. */
  readonly isExempt?: boolean
  /** Its shop's prices contain PPN, which is no turnover. */
  readonly isVatRegistered?: boolean
}

export const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)

/** A share of an amount, rounded half up once. */
export const shareOf = (amount: number, share: number, of: number): number => Math.floor((2 * amount * share + of) / (2 * of))

/** Splits an amount by weights: what is left over goes to whom most is missing, and to the first of these. */
export function splitOver(amount: number, weights: readonly number[]): readonly number[] {
  const whole = sumOf(weights)
  const parts = weights.map((weight) => Math.floor((amount * weight) / whole))
  const missing = (index: number) => amount * weights[index]! - parts[index]! * whole
  const over = amount - sumOf(parts)
  const first = parts.map((_, index) => index).toSorted((a, b) => missing(b) - missing(a) || a - b)
  return parts.map((part, index) => part + (first.indexOf(index) < over ? 1 : 0))
}

/**
 * How the price of goods falls apart (docs/payments.md): PPh 22 of it (0.5 %), the commission on each category, the payment's fee, and PPN
 * on these two (12 % of 11/12), each rounded once. Nobody is charged more than there is.
 */
export function sharesOfGoods({ goods, fee: wantedFee, isExempt = false, isVatRegistered = false }: Charged): Shares {
  const price = sumOf(goods.map(({ amount }) => amount))
  let seller = price
  const take = (wanted: number): number => {
    const taken = Math.min(wanted, seller)
    seller -= taken
    return taken
  }
  const incomeTax = take(isExempt ? 0 : isVatRegistered ? shareOf(price, 500, 111_000) : shareOf(price, 5, 1_000))
  const commission = take(sumOf(goods.map(({ amount, basisPoints }) => shareOf(amount, basisPoints, 10_000))))
  const fee = take(wantedFee)
  const vat = take(shareOf(commission, 11, 100) + shareOf(fee, 11, 100))
  return { incomeTax, commission, fee, vat, seller }
}
