import { minorUnits, sum, type Minor } from '@pasar/shared/money'

/** What something costs its buyer: its price, less its share of a discount, and its tax. */
export interface Cost {
  readonly price: Minor
  readonly discount: Minor
  readonly tax: Minor
}

/** A line or the shipping of an order, and what of its cost has not gone back yet. */
export interface CostPart<K extends string = string> extends Cost {
  readonly key: K
}

/** How much of one part goes back: `amount` is price less discount plus tax. */
export interface PartRefund<K extends string = string> extends CostPart<K> {
  readonly amount: Minor
}

/** What the buyer paid for a part. */
export const paidFor = ({ price, discount, tax }: Cost): Minor => minorUnits(price - discount + tax)

/**
 * Splits an amount in the proportion of weights, of which some may be negative, by largest remainder (ties to the earlier share): the
 * shares sum to the amount, and none is beyond its weight where the amount is not beyond their sum.
 */
export function apportion(amount: Minor, weights: readonly bigint[]): Minor[] {
  const whole = sum(weights)
  if (whole <= 0n || amount < 0n || amount > whole) throw new RangeError(`${amount} cannot be split over ${whole}`)
  const shares = weights.map((weight) => floored(amount * weight, whole))
  const byRest = shares.map((_, index) => index).toSorted((a, b) => compare(shares[b]!.rest, shares[a]!.rest) || a - b)
  const left = Number(amount - sum(shares.map(({ part }) => part)))
  const raised = new Set(byRest.slice(0, left))
  return shares.map(({ part }, index) => minorUnits(raised.has(index) ? part + 1n : part))
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** Division towards minus infinity, so that the rest is never negative. */
function floored(dividend: bigint, divisor: bigint): { readonly part: bigint; readonly rest: bigint } {
  const rest = ((dividend % divisor) + divisor) % divisor
  return { part: (dividend - rest) / divisor, rest }
}

/** Splits a refund over parts in the proportion of what was paid for them, and each part's over its price, discount and tax. */
export function splitRefund<K extends string>(amount: Minor, parts: readonly CostPart<K>[]): PartRefund<K>[] {
  const paid = parts.filter((part) => paidFor(part) > 0n)
  const amounts = apportion(amount, paid.map(paidFor))
  return paid
    .map((part, index) => ({ ...splitPart(amounts[index]!, part), key: part.key, amount: amounts[index]! }))
    .filter((part) => part.amount > 0n)
}

function splitPart(amount: Minor, { price, discount, tax }: Cost): Cost {
  const [ofPrice, ofDiscount, ofTax] = apportion(amount, [price, 0n - discount, tax])
  return { price: ofPrice!, discount: minorUnits(0n - ofDiscount!), tax: ofTax! }
}
