import type { Minor } from '@pasar/shared/money'
import { refundDestination, type PaymentMethod, type RefundDestination } from './methods.ts'

/** Which account the money of a refund leaves the escrow for. */
export type RefundAgainst = 'PROVIDER' | 'WALLET' | 'DISPUTES' | 'COURIER'

/** What the way of a refund depends on. */
export interface RefundFacts {
  readonly method: PaymentMethod
  readonly amount: Minor
  readonly reversedAmount: Minor
  readonly capturedAt: Date
  /** Whether the courier has the cash of an order that is paid at the door. */
  readonly collected: boolean
}

/** Which way a refund goes. */
export interface RefundRoute {
  readonly destination: RefundDestination
  readonly against: RefundAgainst
}

/**
 * Which way a refund goes. Where the provider has given so much back already that this amount is among it, the buyer has the money: the
 * refund only settles the dispute. What nobody has paid yet is simply no longer to be collected.
 */
export function refundRoute(facts: RefundFacts, amount: Minor, now: Date): RefundRoute {
  if (facts.method === 'COD' && !facts.collected) return { destination: 'ORIGINAL_METHOD', against: 'COURIER' }
  if (facts.reversedAmount + amount > facts.amount) return { destination: 'ORIGINAL_METHOD', against: 'DISPUTES' }
  const destination = refundDestination(facts.method, facts.capturedAt, now)
  return { destination, against: destination === 'ORIGINAL_METHOD' ? 'PROVIDER' : 'WALLET' }
}
