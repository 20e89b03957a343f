import { exactWholeNumber } from './expectations.ts'
import { BadInput } from './problems.ts'

declare const minor: unique symbol

/** An amount in the smallest unit in use of its currency (for rupiah: whole rupiah). Never a float, never a bare number. */
export type Minor = bigint & { readonly [minor]: true }

/** Every currency the market knows, with the number of decimals in use (ISO 4217 says 2 for the rupiah; in practice it is 0). */
export const currencies = { IDR: { exponent: 0, locale: 'id-ID' } } as const satisfies Record<
  string,
  { exponent: number; locale: string }
>

/** Code of a currency in the table above. */
export type CurrencyCode = keyof typeof currencies

/** An amount together with its currency. */
export interface Money {
  readonly amount: Minor
  readonly currency: CurrencyCode
}

/** The largest amount that survives JSON as an exact integer: 2^53 - 1. */
export const minorMax = BigInt(Number.MAX_SAFE_INTEGER)

/** Brands a whole number as an amount; throws BadInput for fractions and for anything beyond 2^53 - 1. */
export function minorUnits(value: bigint | number, field = 'amount'): Minor {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new BadInput(field, exactWholeNumber)
  const whole = BigInt(value)
  if (whole > minorMax || whole < -minorMax) throw new BadInput(field, exactWholeNumber)
  return whole as Minor
}

/** An amount of rupiah. */
export const rupiah = (amount: bigint | number): Money => ({ amount: minorUnits(amount), currency: 'IDR' })

/** Sum of amounts; zero for none. */
export const sum = (amounts: readonly bigint[]): Minor => minorUnits(amounts.reduce((total, amount) => total + amount, 0n))

/** `amount` times a whole quantity. */
export const times = (amount: Minor, quantity: number): Minor => minorUnits(amount * BigInt(quantity))

/** Splits `total` by integer `weights`, largest remainder first (ties to the earlier share), so the parts always sum to the whole. */
export function allocate(total: Minor, weights: readonly bigint[]): Minor[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (whole <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('weights must be non-negative and not all zero')
  const shares = weights.map((weight) => ({ part: (total * weight) / whole, rest: (total * weight) % whole }))
  const sign = total < 0n ? -1n : 1n
  const magnitude = (n: bigint) => n * sign
  let left = magnitude(total - shares.reduce((sum, share) => sum + share.part, 0n))
  const byRest = shares.map((_, index) => index)
  byRest.sort((a, b) => {
    const difference = magnitude(shares[b]!.rest) - magnitude(shares[a]!.rest)
    return difference > 0n ? 1 : difference < 0n ? -1 : a - b
  })
  for (const index of byRest) {
    if (left === 0n) break
    shares[index]!.part += sign
    left -= 1n
  }
  return shares.map((share) => share.part as Minor)
}

/** `amount * numerator / denominator`, rounded half up once, to a whole unit. */
export function fraction(amount: Minor, numerator: bigint, denominator: bigint): Minor {
  const doubled = 2n * amount * numerator
  return minorUnits(
    doubled >= 0n ? (doubled + denominator) / (2n * denominator) : -((-doubled + denominator) / (2n * denominator)),
  )
}

/** Making one costs as much as writing a thousand prices. */
const formats = new Map<CurrencyCode, Intl.NumberFormat>()

function formatOf(currency: CurrencyCode): Intl.NumberFormat {
  const known = formats.get(currency)
  if (known) return known
  const { exponent, locale } = currencies[currency]
  const digits = { minimumFractionDigits: exponent, maximumFractionDigits: exponent }
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits })
  formats.set(currency, format)
  return format
}

/** Text for people, as written in Indonesia: `Rp53.500`. */
export const formatMoney = ({ amount, currency }: Money): string => formatOf(currency).format(amount).replaceAll('\u00A0', '')
