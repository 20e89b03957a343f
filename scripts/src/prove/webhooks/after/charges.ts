import type { OrderFacts, PaymentFacts } from './facts.ts'

/** What is charged for an order's items: who gets how much of their price. */
export interface Shares {
  readonly seller: number
  readonly commission: number
  readonly fee: number
  readonly vat: number
  readonly incomeTax: number
}

/** The rules that a market begins with, as docs/payments.md tells them: of each payment a fixed part, and hundredths of a per cent. */
const fees: Readonly<Record<string, readonly [fixed: number, share: number]>> = {
  BCA_VA: [4_000, 0],
  BNI_VA: [4_000, 0],
  BRI_VA: [4_000, 0],
  PERMATA_VA: [4_000, 0],
  QRIS: [0, 70],
  CARD: [2_000, 290],
}
const otherFee = [0, 150] as const
const commissionShare = 400

/** A share of an amount, rounded half up once. */
const shareOf = (amount: number, share: number, of: number): number => Math.floor((2 * amount * share + of) / (2 * of))

const totalOf = ({ items, shipping }: OrderFacts): number => items + shipping

/** What a payment costs each of its orders: by their totals, what is left over to whom most is missing. */
function feesOf({ method, orders }: Pick<PaymentFacts, 'method' | 'orders'>): readonly number[] {
  const whole = orders.reduce((sum, order) => sum + totalOf(order), 0)
  const [fixed, share] = fees[method] ?? otherFee
  const fee = fixed + shareOf(whole, share, 10_000)
  const parts = orders.map((order) => Math.floor((fee * totalOf(order)) / whole))
  const missing = (index: number) => fee * totalOf(orders[index]!) - parts[index]! * whole
  const over = fee - parts.reduce((sum, part) => sum + part, 0)
  const first = parts.map((_, index) => index).toSorted((a, b) => missing(b) - missing(a) || a - b)
  return parts.map((part, index) => part + (first.indexOf(index) < over ? 1 : 0))
}

/** How the price of so many items of one of a payment's orders falls apart: nobody is charged more than there is. */
export function sharesOf(payment: Pick<PaymentFacts, 'method' | 'orders'>, place: number, items: number): Shares {
  let seller = items
  const take = (wanted: number): number => {
    const taken = Math.min(wanted, seller)
    seller -= taken
    return taken
  }
  const incomeTax = take(shareOf(items, 5, 1_000))
  const commission = take(shareOf(items, commissionShare, 10_000))
  const fee = take(feesOf(payment)[place]!)
  const vat = take(shareOf(commission, 11, 100) + shareOf(fee, 11, 100))
  return { incomeTax, commission, fee, vat, seller }
}
