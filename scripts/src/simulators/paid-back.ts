/** Money that a payment provider paid back, as its own books have it. */
export interface PaidBack {
  /** The merchant's name of the payment. */
  readonly paymentId: string
  /** The merchant's name of the refund. */
  readonly refundKey: string
  readonly amount: number
}

/** Money that a bank has by a payment provider, as the provider's own books have it. */
export interface PaidOut {
  /** The merchant's name of the withdrawal. */
  readonly withdrawalId: string
  readonly amount: number
}
