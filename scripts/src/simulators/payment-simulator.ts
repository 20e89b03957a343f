import type { Simulator } from './simulator.ts'

/** A simulated payment provider. */
export interface PaymentSimulator extends Simulator {
  /** Refunds that it has paid, of all that it remembers. */
  paidBack(): readonly PaidBack[]
  /** Withdrawals that are at their banks, of all that it remembers. */
  paidOut(): readonly PaidOut[]
}

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
  /** What the provider was asked for, literally: to whom it goes. */
  readonly asked: string
}
