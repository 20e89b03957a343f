import type { JournalKind, Purpose } from './journals.ts'

/** What moved on a shop's balance; ADJUSTMENT: something that has no name of its own yet. */
type ShopEntryKind =
  | 'SETTLEMENT'
  | 'REFUND'
  | 'RETURN_SHIPPING'
  | 'LOST_PARCEL'
  | 'WITHDRAWAL'
  | 'WITHDRAWAL_FAILED'
  | 'WITHDRAWAL_REVERSED'
  | 'ADJUSTMENT'

/** What moved on a buyer's balance. */
type WalletEntryKind = 'PURCHASE' | 'REFUND' | 'ADJUSTMENT'

/** One movement, as the ledger calls it. */
export interface Moved {
  readonly journal: JournalKind
  readonly purpose: Purpose
}

type Named<K> = Readonly<Partial<Record<`${JournalKind} ${Purpose}`, K>>>

const shopKinds: Named<ShopEntryKind> = {
  'RELEASE SELLER_SHARE': 'SETTLEMENT',
  'CLAWBACK CLAWBACK': 'REFUND',
  'COURIER_DUE RETURN_SHIPPING': 'RETURN_SHIPPING',
  'COURIER_DUE PARCEL_LOST': 'LOST_PARCEL',
  'WITHDRAWAL WITHDRAWAL': 'WITHDRAWAL',
  'PAYOUT_FAILED WITHDRAWAL': 'WITHDRAWAL_FAILED',
  'PAYOUT_REVERSED WITHDRAWAL': 'WITHDRAWAL_REVERSED',
}

const walletKinds: Named<WalletEntryKind> = {
  'CAPTURE CAPTURED': 'PURCHASE',
  'REFUND REFUND': 'REFUND',
  'REFUND_REROUTED REFUND': 'REFUND',
}

/** What a movement is to a shop. */
export const shopEntryKind = ({ journal, purpose }: Moved): ShopEntryKind => shopKinds[`${journal} ${purpose}`] ?? 'ADJUSTMENT'

/** What a movement is to a buyer. */
export const walletEntryKind = ({ journal, purpose }: Moved): WalletEntryKind =>
  walletKinds[`${journal} ${purpose}`] ?? 'ADJUSTMENT'
