import { minorUnits, sum, type Minor } from '@pasar/shared/money'
import {
  buyerWallet,
  commission,
  courierCosts,
  courierReceivable,
  escrowOf,
  incomeTaxPayable,
  paymentFee,
  payoutOf,
  providerClearing,
  providerDisputes,
  refundPayable,
  sellerBalance,
  sellerReceivable,
  vatPayable,
  type AccountRef,
} from './chart-of-accounts.ts'
import { stillToPay, type RefundAgainst } from './refund.ts'
import { deduct, termsOfRest, type CategoryBack, type Deductions, type Terms } from './terms.ts'

/** Why a journal is posted. */
export type JournalKind =
  | 'CAPTURE'
  | 'RELEASE'
  | 'REFUND'
  | 'REFUND_PAID'
  | 'REFUND_REROUTED'
  | 'CLAWBACK'
  | 'DISPUTE'
  | 'COURIER_DUE'
  | 'COURIER_STATEMENT'
  | 'COURIER_WRITE_OFF'
  | 'WITHDRAWAL'
  | 'PAYOUT'
  | 'PAYOUT_FAILED'
  | 'PAYOUT_REVERSED'

/** What one movement is for. */
export type Purpose =
  | 'CAPTURED'
  | 'ITEMS'
  | 'SHIPPING'
  | 'SELLER_SHARE'
  | 'COURIER_SHARE'
  | 'COMMISSION'
  | 'PAYMENT_FEE'
  | 'VAT'
  | 'INCOME_TAX'
  | 'REFUND'
  | 'CLAWBACK'
  | 'DEBT_PAID'
  | 'CASH_COLLECTED'
  | 'RETURN_SHIPPING'
  | 'PARCEL_LOST'
  | 'STATEMENT'
  | 'WRITTEN_OFF'
  | 'DISPUTED'
  | 'WITHDRAWAL'

/** What an order's escrow moves for. */
export type EscrowPurpose = Exclude<
  Purpose,
  'CAPTURED' | 'DEBT_PAID' | 'CASH_COLLECTED' | 'PARCEL_LOST' | 'STATEMENT' | 'WRITTEN_OFF' | 'DISPUTED' | 'WITHDRAWAL'
>

/** One movement on one account; debits are positive. */
export interface Movement {
  readonly account: AccountRef
  readonly amount: Minor
  readonly purpose: Purpose
}

/** A balanced set of movements, and what it is for: the same step never posts twice. */
export interface Journal {
  readonly kind: JournalKind
  readonly reference: string
  readonly movements: readonly Movement[]
}

/** One order's part of a payment. */
export interface OrderShare {
  readonly orderId: string
  readonly shopId: string
  readonly buyerId: string
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
}

/** What went back of an order's share, and of which categories it was, as far as that is known. */
export interface RefundedSoFar {
  readonly refundedItems: Minor
  readonly refundedShipping: Minor
  readonly refundedCategories: readonly CategoryBack[]
}

/** What is left of an order's share after what went back of it. */
export const leftOf = <S extends OrderToRelease & RefundedSoFar>(share: S): S => ({
  ...share,
  itemsAmount: minorUnits(share.itemsAmount - share.refundedItems),
  shippingAmount: minorUnits(share.shippingAmount - share.refundedShipping),
  terms: termsOfRest(share.terms, share.refundedCategories),
})

/** The whole of an order's money. */
export const shareTotal = ({ itemsAmount, shippingAmount }: Pick<OrderShare, 'itemsAmount' | 'shippingAmount'>): Minor =>
  sum([itemsAmount, shippingAmount])

const debit = (account: AccountRef, amount: Minor, purpose: Purpose): Movement => ({ account, amount, purpose })
const credit = (account: AccountRef, amount: Minor, purpose: Purpose): Movement => ({
  account,
  amount: minorUnits(0n - amount),
  purpose,
})

/** A set of movements; an order whose shipping is free has no movement for it. */
export const journal = (kind: JournalKind, reference: string, movements: readonly Movement[]): Journal => ({
  kind,
  reference,
  movements: movements.filter(({ amount }) => amount !== 0n),
})

/** From one account to another, for one purpose. */
export const transfer = (from: AccountRef, to: AccountRef, { amount, purpose }: { amount: Minor; purpose: Purpose }) => [
  debit(from, amount, purpose),
  credit(to, amount, purpose),
]

/** The buyer paid: whoever took the money (or the buyer's own balance) is debited, the market holds it for each order. */
export const captureJournal = (paymentId: string, shares: readonly OrderShare[], paidFrom: AccountRef): Journal =>
  journal('CAPTURE', `capture:${paymentId}`, [
    debit(paidFrom, sum(shares.map(shareTotal)), 'CAPTURED'),
    ...shares.flatMap(({ orderId, itemsAmount, shippingAmount }) => [
      credit(escrowOf(orderId), itemsAmount, 'ITEMS'),
      credit(escrowOf(orderId), shippingAmount, 'SHIPPING'),
    ]),
  ])

/** An order to release: `itemsAmount` and `shippingAmount` are what is left of it after refunds. */
export interface OrderToRelease extends OrderShare {
  readonly terms: Terms
}

/** Who gets which part of the price of an order's items besides its seller. */
export const charges = ({ commission: market, paymentFee: fee, vat, incomeTax }: Deductions) =>
  [
    [commission, market, 'COMMISSION'],
    [paymentFee, fee, 'PAYMENT_FEE'],
    [vatPayable, vat, 'VAT'],
    [incomeTaxPayable, incomeTax, 'INCOME_TAX'],
  ] as const

/** What comes onto a shop's balance pays off first what the shop owes. */
export function payDebt(shopId: string, { incoming, owed }: { readonly incoming: Minor; readonly owed: Minor }): Movement[] {
  const amount = incoming < owed ? incoming : owed
  return transfer(sellerBalance(shopId), sellerReceivable(shopId), { amount, purpose: 'DEBT_PAID' })
}

/**
 * The order is finished: its items' price goes to the seller less what the market and the state get of it, its shipping to what couriers cost.
 * `owed` is what the shop owes at that moment.
 */
export function releaseJournal(order: OrderToRelease, owed: Minor): Journal {
  const { orderId, shopId, itemsAmount, shippingAmount, terms } = order
  const escrow = escrowOf(orderId)
  const parts = deduct(itemsAmount, terms)
  return journal('RELEASE', `release:${orderId}`, [
    ...transfer(escrow, sellerBalance(shopId), { amount: parts.sellerShare, purpose: 'SELLER_SHARE' }),
    ...transfer(escrow, courierCosts, { amount: shippingAmount, purpose: 'COURIER_SHARE' }),
    ...charges(parts).flatMap(([account, amount, purpose]) => transfer(escrow, account, { amount, purpose })),
    ...payDebt(shopId, { incoming: parts.sellerShare, owed }),
  ])
}

/** A refund to post. */
export interface RefundToPost {
  readonly refundId: string
  readonly orderId: string
  readonly buyerId: string
  readonly amount: Minor
  /** How much of it the provider had given back before. */
  readonly disputed: Minor
  readonly against: RefundAgainst
}

const refundAccount = ({ against, orderId, buyerId }: RefundToPost): AccountRef =>
  ({
    PROVIDER: refundPayable(orderId),
    WALLET: buyerWallet(buyerId),
    DISPUTES: providerDisputes,
    COURIER: courierReceivable,
  })[against]

/** Money of an order is no longer the seller's: it waits for the provider, is on the buyer's balance, or settles a dispute. */
export const refundJournal = (refund: RefundToPost): Journal =>
  journal('REFUND', `refund:${refund.refundId}`, [
    ...transfer(escrowOf(refund.orderId), providerDisputes, { amount: refund.disputed, purpose: 'REFUND' }),
    ...transfer(escrowOf(refund.orderId), refundAccount(refund), { amount: stillToPay(refund), purpose: 'REFUND' }),
  ])

/** The provider has given the money back. */
export const refundPaidJournal = (refund: RefundToPost): Journal =>
  journal(
    'REFUND_PAID',
    `refund-paid:${refund.refundId}`,
    transfer(refundPayable(refund.orderId), providerClearing, { amount: stillToPay(refund), purpose: 'REFUND' }),
  )

/** The provider will not give the money back: it goes onto the buyer's balance, but for what the provider gave back meanwhile. */
export function refundReroutedJournal(asked: RefundToPost, rerouted: RefundToPost): Journal {
  const { refundId, orderId, buyerId } = rerouted
  const disputed = minorUnits(rerouted.disputed - asked.disputed)
  return journal('REFUND_REROUTED', `refund-rerouted:${refundId}`, [
    ...transfer(refundPayable(orderId), providerDisputes, { amount: disputed, purpose: 'REFUND' }),
    ...transfer(refundPayable(orderId), buyerWallet(buyerId), { amount: stillToPay(rerouted), purpose: 'REFUND' }),
  ])
}

/** The provider gave money back without our asking: it is missing at the provider until a person has settled whose loss it is. */
export const disputeJournal = (messageKey: string, amount: Minor): Journal =>
  journal('DISPUTE', `dispute:${messageKey}`, transfer(providerDisputes, providerClearing, { amount, purpose: 'DISPUTED' }))

/** A bank has decided for the market: the provider has the money again, and what a refund had settled of it goes onto the buyer's balance. */
export const disputeEndedJournal = (
  messageKey: string,
  buyerId: string,
  { open, settled }: { readonly open: Minor; readonly settled: Minor },
): Journal =>
  journal('DISPUTE', `dispute:${messageKey}`, [
    ...transfer(providerClearing, providerDisputes, { amount: open, purpose: 'DISPUTED' }),
    ...transfer(providerClearing, buyerWallet(buyerId), { amount: settled, purpose: 'DISPUTED' }),
  ])

/** A withdrawal to post. */
export interface WithdrawalToPost {
  readonly id: string
  readonly shopId: string
  readonly amount: Minor
}

/** The seller takes money out: it is no longer on the shop's balance, and not at a bank yet. */
export const withdrawalJournal = ({ id, shopId, amount }: WithdrawalToPost): Journal =>
  journal('WITHDRAWAL', `withdrawal:${id}`, transfer(sellerBalance(shopId), payoutOf(id), { amount, purpose: 'WITHDRAWAL' }))

/** What each end of a withdrawal moves, from where to where. */
const payoutMoves = {
  PAID: { kind: 'PAYOUT', from: ({ id }) => payoutOf(id), to: () => providerClearing },
  FAILED: { kind: 'PAYOUT_FAILED', from: ({ id }) => payoutOf(id), to: ({ shopId }) => sellerBalance(shopId) },
  REVERSED: { kind: 'PAYOUT_REVERSED', from: () => providerClearing, to: ({ shopId }) => sellerBalance(shopId) },
} as const satisfies Record<string, Record<'from' | 'to', (of: WithdrawalToPost) => AccountRef> & { readonly kind: JournalKind }>

/**
 * A withdrawal ended: it arrived, it never left, or the bank sent it back. `owed` is what the shop owes at that moment: what comes back
 * pays it off.
 */
export function payoutJournal(withdrawal: WithdrawalToPost, end: keyof typeof payoutMoves, owed: Minor): Journal {
  const { kind, from, to } = payoutMoves[end]
  const { id, shopId, amount } = withdrawal
  return journal(kind, `${kind.toLowerCase()}:${id}`, [
    ...transfer(from(withdrawal), to(withdrawal), { amount, purpose: 'WITHDRAWAL' }),
    ...(end === 'PAID' ? [] : payDebt(shopId, { incoming: amount, owed })),
  ])
}
