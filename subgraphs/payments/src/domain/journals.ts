import { minorUnits, sum, type Minor } from '@pasar/shared/money'
import {
  buyerWallet,
  courierPayable,
  escrowOf,
  providerClearing,
  providerDisputes,
  sellerBalance,
  type AccountRef,
} from './chart-of-accounts.ts'
import type { RefundAgainst } from './refund.ts'

/** Why a journal is posted. */
export type JournalKind = 'CAPTURE' | 'RELEASE' | 'REFUND' | 'DISPUTE'

/** What one movement is for. */
export type Purpose = 'CAPTURED' | 'ITEMS' | 'SHIPPING' | 'SELLER_SHARE' | 'COURIER_SHARE' | 'REFUND' | 'DISPUTED'

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

/** What is left of an order's share after what went back of it. */
export const leftOf = <S extends OrderShare & { readonly refundedItems: Minor; readonly refundedShipping: Minor }>(
  share: S,
): S => ({
  ...share,
  itemsAmount: minorUnits(share.itemsAmount - share.refundedItems),
  shippingAmount: minorUnits(share.shippingAmount - share.refundedShipping),
})

/** The whole of an order's money. */
export const shareTotal = ({ itemsAmount, shippingAmount }: OrderShare): Minor => sum([itemsAmount, shippingAmount])

const debit = (account: AccountRef, amount: Minor, purpose: Purpose): Movement => ({ account, amount, purpose })
const credit = (account: AccountRef, amount: Minor, purpose: Purpose): Movement => ({
  account,
  amount: minorUnits(0n - amount),
  purpose,
})

/** An order whose shipping is free has no movement for it. */
const journal = (kind: JournalKind, reference: string, movements: readonly Movement[]): Journal => ({
  kind,
  reference,
  movements: movements.filter(({ amount }) => amount !== 0n),
})

/** The buyer paid: the provider holds the money for the market, the market holds it for each order. */
export const captureJournal = (paymentId: string, shares: readonly OrderShare[]): Journal =>
  journal('CAPTURE', `capture:${paymentId}`, [
    debit(providerClearing, sum(shares.map(shareTotal)), 'CAPTURED'),
    ...shares.flatMap(({ orderId, itemsAmount, shippingAmount }) => [
      credit(escrowOf(orderId), itemsAmount, 'ITEMS'),
      credit(escrowOf(orderId), shippingAmount, 'SHIPPING'),
    ]),
  ])

/** The order is finished: its items' price goes to the seller, its shipping to the courier. */
export const releaseJournal = ({ orderId, shopId, itemsAmount, shippingAmount }: OrderShare): Journal =>
  journal('RELEASE', `release:${orderId}`, [
    debit(escrowOf(orderId), itemsAmount, 'SELLER_SHARE'),
    debit(escrowOf(orderId), shippingAmount, 'COURIER_SHARE'),
    credit(sellerBalance(shopId), itemsAmount, 'SELLER_SHARE'),
    credit(courierPayable, shippingAmount, 'COURIER_SHARE'),
  ])

/** A refund to post. */
export interface RefundToPost {
  readonly refundId: string
  readonly orderId: string
  readonly buyerId: string
  readonly amount: Minor
  readonly against: RefundAgainst
}

const refundAccount = (against: RefundAgainst, buyerId: string): AccountRef =>
  ({ PROVIDER: providerClearing, WALLET: buyerWallet(buyerId), DISPUTES: providerDisputes })[against]

/** The order's money goes back: out of the provider's hands, onto the buyer's balance in the market, or against a dispute. */
export const refundJournal = ({ refundId, orderId, buyerId, amount, against }: RefundToPost): Journal =>
  journal('REFUND', `refund:${refundId}`, [
    debit(escrowOf(orderId), amount, 'REFUND'),
    credit(refundAccount(against, buyerId), amount, 'REFUND'),
  ])

/** The provider gave money back without our asking: it is missing at the provider until a person has settled whose loss it is. */
export const disputeJournal = (messageKey: string, amount: Minor): Journal =>
  journal('DISPUTE', `dispute:${messageKey}`, [
    debit(providerDisputes, amount, 'DISPUTED'),
    credit(providerClearing, amount, 'DISPUTED'),
  ])
