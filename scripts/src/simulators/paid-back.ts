/** Money that a payment provider paid back, as its own books have it. */
export interface PaidBack {
  /** The merchant's name of the payment. */
  readonly paymentId: string
  /** The merchant's name of the refund. */
  readonly refundKey: string
  readonly amount: number
}
