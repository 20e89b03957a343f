import { allocate, minorUnits, type Minor } from '@pasar/shared/money'

/** What is known of a way to pay. Commercial terms change: they stand here and nowhere else. */
export interface MethodTerms {
  readonly minimum: Minor
  readonly maximum: Minor
  /** How long the buyer has, unless the order's own deadline comes first. */
  readonly expiresInMinutes: number
  /** For how many days the provider can give money back the way it came; null where it cannot at all. */
  readonly refundWindowDays: number | null
  /** In how many monthly rows the buyer pays it back, at 0 %; absent where at once. */
  readonly instalments?: number
}

type Rest = Omit<MethodTerms, 'minimum' | 'maximum'>

const terms = (minimum: number, maximum: number, rest: Rest): MethodTerms => ({
  minimum: minorUnits(minimum),
  maximum: minorUnits(maximum),
  ...rest,
})

const virtualAccount = { expiresInMinutes: 24 * 60, refundWindowDays: null }
const card = { expiresInMinutes: 24 * 60, refundWindowDays: 120 }
const ofMarket = { expiresInMinutes: 24 * 60, refundWindowDays: null }

/** Every way to pay. */
export const methods = {
  BCA_VA: terms(10_000, 999_999_999, virtualAccount),
  BNI_VA: terms(10_000, 999_999_999, virtualAccount),
  BRI_VA: terms(10_000, 999_999_999, virtualAccount),
  PERMATA_VA: terms(10_000, 999_999_999, virtualAccount),
  // The shorter of the two refund windows: whether a scan was on-us or off-us is not known when the refund is decided.
  QRIS: terms(1_500, 10_000_000, { expiresInMinutes: 15, refundWindowDays: 7 }),
  GOPAY: terms(1, 20_000_000, { expiresInMinutes: 15, refundWindowDays: 45 }),
  SHOPEEPAY: terms(1, 20_000_000, { expiresInMinutes: 15, refundWindowDays: 365 }),
  OVO: terms(100, 20_000_000, { expiresInMinutes: 15, refundWindowDays: 7 }),
  DANA: terms(100, 20_000_000, { expiresInMinutes: 15, refundWindowDays: 45 }),
  CARD: terms(10_000, 999_999_999, card),
  CARD_INSTALMENT_3: terms(500_000, 999_999_999, { ...card, instalments: 3 }),
  CARD_INSTALMENT_6: terms(500_000, 999_999_999, { ...card, instalments: 6 }),
  CARD_INSTALMENT_12: terms(500_000, 999_999_999, { ...card, instalments: 12 }),
  KREDIVO: terms(10_000, 30_000_000, { expiresInMinutes: 24 * 60, refundWindowDays: 14 }),
  AKULAKU: terms(10_000, 25_000_000, { expiresInMinutes: 24 * 60, refundWindowDays: 14 }),
  WALLET: terms(1, 999_999_999, ofMarket),
  COD: terms(1, 5_000_000, ofMarket),
} as const satisfies Record<string, MethodTerms>

/** A way to pay. */
export type PaymentMethod = keyof typeof methods

/** Every way to pay, in the order in which they are shown. */
export const paymentMethods = Object.keys(methods) as PaymentMethod[]

/** Whether an amount can be paid with a method. */
export const takes = (method: PaymentMethod, amount: Minor): boolean =>
  amount >= methods[method].minimum && amount <= methods[method].maximum

/** Until when it can be paid: the method's own time, unless the order's deadline comes first. */
export const payableUntil = (method: PaymentMethod, now: Date, deadline: Date): Date =>
  new Date(Math.min(deadline.getTime(), now.getTime() + methods[method].expiresInMinutes * 60_000))

/** The rows of instalments at 0 %, which sum to the amount; none where the method has no instalments. */
export function instalmentsOf(method: PaymentMethod, amount: Minor): Minor[] {
  const { instalments }: MethodTerms = methods[method]
  return instalments === undefined
    ? []
    : allocate(
        amount,
        Array.from({ length: instalments }, () => 1n),
      )
}

/** Where a refund goes. */
export type RefundDestination = 'ORIGINAL_METHOD' | 'WALLET_BALANCE'

/** The way the money came, as long as the method allows it; else the buyer's balance in the market. */
export function refundDestination(method: PaymentMethod, capturedAt: Date, now: Date): RefundDestination {
  const { refundWindowDays } = methods[method]
  const open = refundWindowDays !== null && now.getTime() < capturedAt.getTime() + refundWindowDays * 86_400_000
  return open ? 'ORIGINAL_METHOD' : 'WALLET_BALANCE'
}
