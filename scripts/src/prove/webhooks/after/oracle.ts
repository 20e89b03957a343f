import { sharesOf } from './charges.ts'
import type { LifeFacts, PaymentFacts } from './facts.ts'
import { amountOf, goneBackOf } from './refunds.ts'

/** What must be on each account, debits positive, as the ledger writes them; accounts with nothing on them are left out. */
export type Books = ReadonlyMap<string, number>

/** What must be, and what has not come to its end. */
export interface Expected {
  readonly books: Books
  readonly waiting: readonly string[]
}

/** Sums by account. */
function openBooks() {
  const books = new Map<string, number>()
  const add = (account: string, amount: number) => {
    const sum = (books.get(account) ?? 0) + amount
    if (sum === 0) books.delete(account)
    else books.set(account, sum)
  }
  return { books, add }
}

type Add = ReturnType<typeof openBooks>['add']

/** What its provider does not have of a payment any more. */
const goneOf = ({ wentBack }: PaymentFacts): number =>
  wentBack.reduce((sum, { amount, isReturned }) => (isReturned ? sum : sum + amount), 0)

/** What went back of one order before and after it was released. */
function backOf({ story }: PaymentFacts, orderId: string) {
  const back = { items: 0, shipping: 0, late: 0 }
  let isReleased = false
  for (const fact of story) {
    if (fact.kind === 'released' && fact.orderId === orderId) isReleased = true
    if (fact.kind !== 'asked' || fact.orderId !== orderId) continue
    back.items += fact.items
    if (isReleased) back.late += fact.shipping
    else back.shipping += fact.shipping
  }
  return { ...back, isReleased }
}

/** The orders of a payment: what is left is held, or shared out; shipping that goes back after that is the seller's loss. */
function bookOrders(payment: PaymentFacts, add: Add, earned: Map<string, number>): void {
  for (const [place, { orderId, shopId, items, shipping }] of payment.orders.entries()) {
    const back = backOf(payment, orderId)
    if (!back.isReleased) {
      add(`ESCROW:${orderId}`, -(items - back.items + shipping - back.shipping))
      continue
    }
    const shares = sharesOf(payment, place, items - back.items)
    add('COMMISSION', -shares.commission)
    add('PAYMENT_FEE', -shares.fee)
    add('VAT_PAYABLE', -shares.vat)
    add('INCOME_TAX_PAYABLE', -shares.incomeTax)
    add('COURIER_COSTS', -(shipping - back.shipping))
    earned.set(shopId, (earned.get(shopId) ?? 0) + shares.seller - back.late)
  }
}

/**
 * What the ledger must say of a life in the end: by what its providers say when they are asked, and by what the market decided on what it
 * was told. It knows nothing of the code that is proven.
 */
export function expectedOf({ payments, withdrawals }: LifeFacts): Expected {
  const { books, add } = openBooks()
  const earned = new Map<string, number>()
  const waiting: string[] = []
  for (const payment of payments) {
    const { balance, disputed, waiting: unended } = goneBackOf(payment)
    add('PROVIDER_CLEARING', amountOf(payment.orders) - goneOf(payment))
    add('PROVIDER_DISPUTES', disputed)
    add(`BUYER_WALLET:${payment.buyerId}`, -balance)
    bookOrders(payment, add, earned)
    waiting.push(...unended)
  }
  for (const { shopId, amount, isAtBank } of withdrawals) {
    if (!isAtBank) continue
    add('PROVIDER_CLEARING', -amount)
    earned.set(shopId, (earned.get(shopId) ?? 0) - amount)
  }
  for (const [shopId, amount] of earned) add(amount < 0 ? `SELLER_RECEIVABLE:${shopId}` : `SELLER_BALANCE:${shopId}`, -amount)
  return { books, waiting }
}

/** Whether people must be told that a payment is refunded: all of it was decided to go back, or Midtrans, which says so, has given it all back. */
export function isRefunded(payment: PaymentFacts): boolean {
  const { provider, orders, story } = payment
  const paid = amountOf(orders)
  const asked = story.reduce((sum, fact) => (fact.kind === 'asked' ? sum + fact.items + fact.shipping : sum), 0)
  return asked === paid || (provider === 'midtrans' && goneOf(payment) === paid)
}
