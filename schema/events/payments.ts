/** Payload of each event that payments sends, by its type. */
export interface PaymentsEvents {
  readonly PaymentPending: { readonly paymentId: string; readonly checkoutId: string; readonly buyerId: string }
  readonly PaymentCaptured: {
    readonly paymentId: string
    readonly checkoutId: string
    readonly buyerId: string
    readonly amount: number
  }
  readonly PaymentFailed: {
    readonly paymentId: string
    readonly checkoutId: string
    readonly buyerId: string
    readonly reason: 'EXPIRED' | 'DENIED' | 'CANCELLED'
  }
  /** A payment's state has changed, and none of the others says so; nobody but who follows it needs to know. */
  readonly PaymentMoved: { readonly paymentId: string; readonly checkoutId: string; readonly buyerId: string }
  readonly EscrowReleased: { readonly orderId: string; readonly shopId: string; readonly amount: number }
  /** The buyer has the money of one refund. */
  readonly RefundCompleted: {
    readonly refundId: string
    readonly orderId: string
    readonly buyerId: string
    readonly amount: number
    readonly destination: 'ORIGINAL_METHOD' | 'WALLET_BALANCE'
  }
  /** A shop's money arrived at its bank, or is on the shop's balance again. */
  readonly WithdrawalEnded: {
    readonly withdrawalId: string
    readonly shopId: string
    readonly amount: number
    readonly state: 'PAID' | 'FAILED' | 'REVERSED'
  }
}
