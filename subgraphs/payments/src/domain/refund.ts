import { minorUnits, type Minor } from '@pasar/shared/money'
import { refundDestination, type PaymentMethod, type RefundDestination } from './methods.ts'

/** Which account the money of a refund leaves the escrow for. */
export type RefundAgainst = 'PROVIDER' | 'WALLET' | 'DISPUTES' | 'COURIER'

/** How much of a payment its buyer has again. */
export interface PaidBack {
  readonly amount: Minor
  /** Or will have: by disputes, and by refunds without what of them settles these. */
  readonly goneBack: Minor
}

/** What the way of a refund depends on. */
export interface RefundFacts extends PaidBack {
  readonly method: PaymentMethod
  readonly capturedAt: Date
  /** Whether the courier has the cash of an order that is paid at the door. */
  readonly collected: boolean
}

/** Which way a refund goes. */
export interface RefundRoute {
  readonly destination: RefundDestination
  readonly against: RefundAgainst
  /** How much of it the provider had given back before: that part settles a dispute. */
  readonly disputed: Minor
}

const none = 0n as Minor

/** A refund, and how much of it settles a dispute. */
interface RefundParts {
  readonly amount: Minor
  readonly disputed: Minor
}

/** What of a refund the buyer does not have yet. */
export const stillToPay = ({ amount, disputed }: RefundParts): Minor => minorUnits(amount - disputed)

/** What of a refund would give the buyer more back than was paid: so much of it the provider has given back already. */
function disputedPart(paid: PaidBack, amount: Minor): Minor {
  const tooMuch = paid.goneBack + amount - paid.amount
  if (tooMuch <= 0n) return none
  return tooMuch < amount ? (tooMuch as Minor) : amount
}

/**
 * Which way a refund goes. What the provider has given back already only settles the dispute about it, the rest goes to the buyer. What
 * nobody has paid yet is simply no longer to be collected.
 */
export function refundRoute(facts: RefundFacts, amount: Minor, now: Date): RefundRoute {
  if (facts.method === 'COD' && !facts.collected) return { destination: 'ORIGINAL_METHOD', against: 'COURIER', disputed: none }
  const asItCame = refundDestination(facts.method, facts.capturedAt, now) === 'ORIGINAL_METHOD'
  const disputed = disputedPart(facts, amount)
  return asItCame && disputed < amount
    ? { destination: 'ORIGINAL_METHOD', against: 'PROVIDER', disputed }
    : withoutProvider(facts, { amount, disputed })
}

/**
 * Which way a refund goes that the provider will not carry out: onto the buyer's balance, but for what the buyer has already. What of it has
 * settled a dispute stays so: where the bank has decided for the market since, the buyer was given that again.
 */
export function withoutProvider(facts: PaidBack, { amount, disputed: settled }: RefundParts): RefundRoute {
  const due = disputedPart(facts, amount)
  const disputed = due > settled ? due : settled
  return disputed === amount
    ? { destination: 'ORIGINAL_METHOD', against: 'DISPUTES', disputed }
    : { destination: 'WALLET_BALANCE', against: 'WALLET', disputed }
}
