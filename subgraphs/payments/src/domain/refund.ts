import type { Minor } from '@pasar/shared/money'
import { refundDestination, type PaymentMethod, type RefundDestination } from './methods.ts'

/** Which account the money of a refund leaves the escrow for. */
export type RefundAgainst = 'PROVIDER' | 'WALLET' | 'DISPUTES'

/** What the way of a refund depends on. */
export interface RefundFacts {
  readonly method: PaymentMethod
  readonly amount: Minor
  readonly reversedAmount: Minor
  readonly capturedAt: Date
}

/**
 * Which way a refund goes. Where the provider has given so much back already that this amount is among it, the buyer has the money: the
 * refund only settles the dispute.
 */
export function refundRoute(
  facts: RefundFacts,
  amount: Minor,
  now: Date,
): { readonly destination: RefundDestination; readonly against: RefundAgainst } {
  if (facts.reversedAmount + amount > facts.amount) return { destination: 'ORIGINAL_METHOD', against: 'DISPUTES' }
  const destination = refundDestination(facts.method, facts.capturedAt, now)
  return { destination, against: destination === 'ORIGINAL_METHOD' ? 'PROVIDER' : 'WALLET' }
}
