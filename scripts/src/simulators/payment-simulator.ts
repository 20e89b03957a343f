import type { Stop } from '@pasar/shared/bus'
import type { Clock } from '@pasar/shared/clock'
import type { Route } from '@pasar/shared/http'
import type { Log } from '@pasar/shared/log'

/** How a simulated payment provider is set up, but for its keys. */
export interface PaymentSimulatorOptions {
  /** Where it remembers its payments. */
  readonly folder: string
  /** Where it tells of changes: the address of `POST /notifications/midtrans`, or of `/notifications/xendit`. */
  readonly notificationUrl: string
  readonly clock: Clock
  readonly log: Log
  /** Whether time passes by itself; tests let it pass with `run`. */
  readonly background: boolean
}

/** A simulated payment provider, to be served by a process. */
export interface PaymentSimulator {
  readonly routes: readonly Route[]
  /** Expires, settles, gives back and notifies what is due now; says how many notifications it sent. */
  run(): Promise<number>
  /** When it has something to tell again. */
  nextAt(): string | undefined
  /** Refunds that it has paid, of all that it remembers. */
  paidBack(): readonly PaidBack[]
  /** Withdrawals that are at their banks, of all that it remembers. */
  paidOut(): readonly PaidOut[]
  stop: Stop
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
