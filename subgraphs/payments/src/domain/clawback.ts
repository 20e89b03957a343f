import { minorUnits, type Minor } from '@pasar/shared/money'
import { escrowOf, sellerBalance, sellerReceivable } from './chart-of-accounts.ts'
import {
  charges,
  journal,
  payDebt,
  transfer,
  type Journal,
  type Movement,
  type OrderToRelease,
  type Purpose,
} from './journals.ts'
import { deduct, termsOfRest, type CategoryBack, type Deductions } from './terms.ts'

/** What a shop has on its balance, and what it owes; at most one of them is more than 0. */
export interface SellerStanding {
  readonly available: Minor
  readonly owed: Minor
}

/** A refund of an order whose money is released already. */
export interface RefundAfterRelease {
  readonly refundId: string
  /** What was left of the order before this refund. */
  readonly order: OrderToRelease
  readonly itemsAmount: Minor
  /** Of which categories it is, as far as that is known. */
  readonly categories: readonly CategoryBack[]
  readonly shippingAmount: Minor
  readonly seller: SellerStanding
}

type GoodsBack = Pick<RefundAfterRelease, 'order' | 'itemsAmount' | 'categories'>

const minus = (a: Minor, b: Minor): Minor => minorUnits(a - b)

/**
 * What is given back of each share of a released order when some of its items' price goes back: exactly what would not have been released
 * had the refund come before, so that the order of the two makes no difference.
 */
export function givenBack({ order, itemsAmount: refunded, categories }: GoodsBack): Deductions {
  const { itemsAmount, terms } = order
  const before = deduct(itemsAmount, terms)
  const after = deduct(minus(itemsAmount, refunded), termsOfRest(terms, categories))
  return {
    commission: minus(before.commission, after.commission),
    paymentFee: minus(before.paymentFee, after.paymentFee),
    vat: minus(before.vat, after.vat),
    incomeTax: minus(before.incomeTax, after.incomeTax),
    sellerShare: minus(before.sellerShare, after.sellerShare),
  }
}

/** What a seller pays, for what, and where the seller stands. */
export interface SellerPays {
  readonly orderId: string
  readonly shopId: string
  readonly seller: SellerStanding
  readonly purpose: Purpose
}

/**
 * A seller pays something for an order, through its escrow, so that the order's settlement shows it: from the balance as far as it goes; what
 * is missing is owed. Rounding may turn a few rupiah the other way.
 */
export function fromSeller({ orderId, shopId, seller, purpose }: SellerPays, amount: Minor): Movement[] {
  const [escrow, balance] = [escrowOf(orderId), sellerBalance(shopId)]
  if (amount < 0n) {
    const incoming = minorUnits(0n - amount)
    const credited = transfer(escrow, balance, { amount: incoming, purpose })
    return [...credited, ...payDebt(shopId, { incoming, owed: seller.owed })]
  }
  const there = amount < seller.available ? amount : seller.available
  return [
    ...transfer(balance, escrow, { amount: there, purpose }),
    ...transfer(sellerReceivable(shopId), escrow, { amount: minus(amount, there), purpose }),
  ]
}

/**
 * Brings the money of a refund back into the order's escrow after it was released. Market and state give back their shares of it; the
 * seller bears the rest, and the shipping, which the courier has earned.
 */
export function clawbackJournal(refund: RefundAfterRelease): Journal {
  const { refundId, order, shippingAmount, seller } = refund
  const { orderId, shopId } = order
  const parts = givenBack(refund)
  return journal('CLAWBACK', `clawback:${refundId}`, [
    ...fromSeller({ orderId, shopId, seller, purpose: 'CLAWBACK' }, minorUnits(parts.sellerShare + shippingAmount)),
    ...charges(parts).flatMap(([account, amount, purpose]) => transfer(account, escrowOf(orderId), { amount, purpose })),
  ])
}
