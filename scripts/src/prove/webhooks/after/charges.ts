import { shareOf, sharesOfGoods, splitOver, sumOf, type Shares } from '../../charges.ts'
import type { OrderFacts, PaymentFacts } from './facts.ts'

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

const totalOf = ({ items, shipping }: OrderFacts): number => items + shipping

/** What a payment costs each of its orders. */
function feesOf({ method, orders }: Pick<PaymentFacts, 'method' | 'orders'>): readonly number[] {
  const totals = orders.map(totalOf)
  const [fixed, share] = fees[method] ?? otherFee
  return splitOver(fixed + shareOf(sumOf(totals), share, 10_000), totals)
}

/** How the price of so many items of one of a payment's orders falls apart. */
export const sharesOf = (payment: Pick<PaymentFacts, 'method' | 'orders'>, place: number, items: number): Shares =>
  sharesOfGoods({ goods: [{ amount: items, basisPoints: commissionShare }], fee: feesOf(payment)[place]! })
