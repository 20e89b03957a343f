import type { Sent } from '../collector.ts'

/** One order of a payment. */
export interface OrderFacts {
  readonly orderId: string
  readonly shopId: string
  readonly items: number
  readonly shipping: number
}

/** What the market decided, and what a provider said to it, in the order in which it came. */
export type Fact =
  /** The order is over: what is left of it goes to its seller. */
  | { readonly kind: 'released'; readonly orderId: string }
  /** So much of an order goes back; `asItCame`: in the time in which its method gives back. */
  | {
      readonly kind: 'asked'
      readonly refundId: string
      readonly orderId: string
      readonly items: number
      readonly shipping: number
      readonly asItCame: boolean
    }
  /** A signed word that these have gone back, by the names that they have at the provider. */
  | { readonly kind: 'told'; readonly names: readonly string[] }
  /** A signed word that the market has again what had gone back under this name. */
  | { readonly kind: 'returned'; readonly name: string }
  /** The provider will never make a refund. */
  | { readonly kind: 'refused'; readonly refundId: string }
  /** The provider says that it has given back too much of the payment already for a refund. */
  | { readonly kind: 'spent'; readonly refundId: string }

/** Money that a provider says has gone back, when it is asked. Our own refunds go by our names for them. */
export interface WentBack {
  readonly name: string
  readonly amount: number
  /** A bank had it and has decided for the market, which has it again. */
  readonly isReturned: boolean
}

/** A payment that was made: what became of it at the market, and what its provider says in the end. */
export interface PaymentFacts {
  readonly provider: Sent['provider']
  readonly paymentId: string
  readonly buyerId: string
  readonly method: string
  readonly orders: readonly OrderFacts[]
  readonly story: readonly Fact[]
  readonly wentBack: readonly WentBack[]
}

/** A withdrawal, and whether its provider says that the bank has the money. */
export interface WithdrawalFacts {
  readonly withdrawalId: string
  readonly shopId: string
  readonly amount: number
  readonly isAtBank: boolean
}

/** All that hangs together: payments of some shops, and what these took out. */
export interface LifeFacts {
  readonly payments: readonly PaymentFacts[]
  readonly withdrawals: readonly WithdrawalFacts[]
}
