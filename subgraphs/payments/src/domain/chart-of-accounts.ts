/** What each kind of account is. */
interface AccountNature {
  readonly normalSide: 'DEBIT' | 'CREDIT'
  /** The database refuses to let the others fall below zero. */
  readonly mayBeNegative: boolean
}

/** Every kind of account. The market's own two have one account each; the others one per order, shop or buyer. */
export const chart = {
  PROVIDER_CLEARING: { normalSide: 'DEBIT', mayBeNegative: true },
  ESCROW: { normalSide: 'CREDIT', mayBeNegative: false },
  SELLER_BALANCE: { normalSide: 'CREDIT', mayBeNegative: false },
  COURIER_PAYABLE: { normalSide: 'CREDIT', mayBeNegative: false },
  BUYER_WALLET: { normalSide: 'CREDIT', mayBeNegative: false },
  PROVIDER_DISPUTES: { normalSide: 'DEBIT', mayBeNegative: true },
} as const satisfies Record<string, AccountNature>

/** A kind of account. */
export type AccountKind = keyof typeof chart

/** One account of the ledger. */
export interface AccountRef {
  readonly kind: AccountKind
  /** The order, shop or buyer whose account it is; null for the market's own. */
  readonly ownerId: string | null
}

/** The account's id, made from what it is, so that everyone means the same account. */
export const accountId = ({ kind, ownerId }: AccountRef): string => (ownerId === null ? kind : `${kind}:${ownerId}`)

/** The provider's account of the market's money. */
export const providerClearing: AccountRef = { kind: 'PROVIDER_CLEARING', ownerId: null }
/** What couriers are owed. */
export const courierPayable: AccountRef = { kind: 'COURIER_PAYABLE', ownerId: null }
/** What the provider took back without our asking. */
export const providerDisputes: AccountRef = { kind: 'PROVIDER_DISPUTES', ownerId: null }
/** Money held for an order. */
export const escrowOf = (orderId: string): AccountRef => ({ kind: 'ESCROW', ownerId: orderId })
/** What a shop has earned. */
export const sellerBalance = (shopId: string): AccountRef => ({ kind: 'SELLER_BALANCE', ownerId: shopId })
/** What a buyer has in the market. */
export const buyerWallet = (buyerId: string): AccountRef => ({ kind: 'BUYER_WALLET', ownerId: buyerId })
