import type { Domain } from '@pasar/shared/domains'

/** The invariants of a market, as docs/reliability.md numbers them. */
export const invariants = {
  I1: 'money: every journal and the whole ledger sum to 0, balances are their postings, nothing that may not is negative',
  I2: 'stock: what is held is reserved, what is on hand is what movements left, nothing is sold twice',
  I3: 'orders, payments, reservations, carts and parcels tell the same story',
  I4: 'each step and each key has one effect',
  I5: 'nothing hangs: no saga, event or deadline waits that need not',
  I6: 'events are numbered without gap, states change along legal paths',
  I7: 'nothing that was acknowledged is missing',
  I8: 'no more goes back than came, no voucher is used more often than it may be',
} as const

/** Name of an invariant. */
export type Invariant = keyof typeof invariants

/** One place where an invariant does not hold. */
export interface Broken {
  readonly invariant: Invariant
  readonly what: string
}

/** A question to one database whose every row (one column, `what`) is a place where the invariant does not hold. */
export interface Check {
  readonly invariant: Invariant
  readonly domain: Domain
  /** `anytime` also in the middle of things; `healed` a minute after everybody was back; `settled` when nothing is due any more. */
  readonly when: 'anytime' | 'healed' | 'settled'
  readonly sql: string
}
