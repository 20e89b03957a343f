/** What each kind of account is. */
interface AccountNature {
  readonly normalSide: 'DEBIT' | 'CREDIT'
  /** The database refuses to let the others fall below zero. */
  readonly mayBeNegative: boolean
}

/**
 * Every kind of account. The market's own have one account each; the others one per order, shop, buyer, courier or withdrawal. Those that may be
 * negative keep no balance of their own, so that journals never wait for each other there.
 */
export const chart = {
  PROVIDER_CLEARING: { normalSide: 'DEBIT', mayBeNegative: true },
  COURIER_RECEIVABLE: { normalSide: 'DEBIT', mayBeNegative: true },
  ESCROW: { normalSide: 'CREDIT', mayBeNegative: false },
  SELLER_BALANCE: { normalSide: 'CREDIT', mayBeNegative: false },
  SELLER_RECEIVABLE: { normalSide: 'DEBIT', mayBeNegative: false },
  COURIER_PAYABLE: { normalSide: 'CREDIT', mayBeNegative: false },
  COURIER_DEBT: { normalSide: 'DEBIT', mayBeNegative: false },
  COURIER_COSTS: { normalSide: 'DEBIT', mayBeNegative: true },
  BANK: { normalSide: 'DEBIT', mayBeNegative: true },
  BUYER_WALLET: { normalSide: 'CREDIT', mayBeNegative: false },
  REFUND_PAYABLE: { normalSide: 'CREDIT', mayBeNegative: false },
  PAYOUT: { normalSide: 'CREDIT', mayBeNegative: false },
  COMMISSION: { normalSide: 'CREDIT', mayBeNegative: true },
  PAYMENT_FEE: { normalSide: 'CREDIT', mayBeNegative: true },
  VAT_PAYABLE: { normalSide: 'CREDIT', mayBeNegative: true },
  INCOME_TAX_PAYABLE: { normalSide: 'CREDIT', mayBeNegative: true },
  PROVIDER_DISPUTES: { normalSide: 'DEBIT', mayBeNegative: true },
} as const satisfies Record<string, AccountNature>

/** A kind of account. */
export type AccountKind = keyof typeof chart

/** One account of the ledger. */
export interface AccountRef {
  readonly kind: AccountKind
  /** The order, shop, buyer, courier or withdrawal whose account it is; null for the market's own. */
  readonly ownerId: string | null
}

/** The account's id, made from what it is, so that everyone means the same account. */
export const accountId = ({ kind, ownerId }: AccountRef): string => (ownerId === null ? kind : `${kind}:${ownerId}`)

const ofMarket = (kind: AccountKind): AccountRef => ({ kind, ownerId: null })

/** The provider's account of the market's money. */
export const providerClearing = ofMarket('PROVIDER_CLEARING')
/** Cash that couriers shall collect at doors and have not collected yet. */
export const courierReceivable = ofMarket('COURIER_RECEIVABLE')
/** What ways of parcels cost the market, less what buyers and sellers paid for them. */
export const courierCosts = ofMarket('COURIER_COSTS')
/** The market's own account at its bank, which couriers pay to. */
export const bank = ofMarket('BANK')
/** What one courier is owed. */
export const courierPayable = (courierId: string): AccountRef => ({ kind: 'COURIER_PAYABLE', ownerId: courierId })
/** What one courier owes: cash that it has collected, and parcels that it has lost. */
export const courierDebt = (courierId: string): AccountRef => ({ kind: 'COURIER_DEBT', ownerId: courierId })
/** What the provider took back without our asking. */
export const providerDisputes = ofMarket('PROVIDER_DISPUTES')
/** What the market earns on sales. */
export const commission = ofMarket('COMMISSION')
/** What sellers bear of the costs of payments. */
export const paymentFee = ofMarket('PAYMENT_FEE')
/** PPN on what the market charges, owed to the state. */
export const vatPayable = ofMarket('VAT_PAYABLE')
/** PPh 22 withheld from sellers, owed to the state. */
export const incomeTaxPayable = ofMarket('INCOME_TAX_PAYABLE')
/** Money held for an order. */
export const escrowOf = (orderId: string): AccountRef => ({ kind: 'ESCROW', ownerId: orderId })
/** Money of an order that the provider was asked to give back. */
export const refundPayable = (orderId: string): AccountRef => ({ kind: 'REFUND_PAYABLE', ownerId: orderId })
/** What a shop has earned. */
export const sellerBalance = (shopId: string): AccountRef => ({ kind: 'SELLER_BALANCE', ownerId: shopId })
/** What a shop owes the market, because it had been paid for what its buyers got back. */
export const sellerReceivable = (shopId: string): AccountRef => ({ kind: 'SELLER_RECEIVABLE', ownerId: shopId })
/** What a buyer has in the market. */
export const buyerWallet = (buyerId: string): AccountRef => ({ kind: 'BUYER_WALLET', ownerId: buyerId })
/** Money of a withdrawal on its way to a bank. */
export const payoutOf = (withdrawalId: string): AccountRef => ({ kind: 'PAYOUT', ownerId: withdrawalId })
