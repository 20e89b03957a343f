import type { OrderState } from './order.ts'
import type { TransitionName } from './order-moves.ts'

export type DeadlineKind = 'PAY' | 'ACCEPT' | 'SHIP' | 'COMPLETE'

const hour = 3_600_000

/**
 * Until when what must have happened: the time from the first of the states in which a deadline runs, and what its passing does. PAY ends the
 * whole checkout, SHIP gives the buyer the right to cancel, the others move the order.
 */
export const deadlineRules = {
  PAY: { withinMs: 24 * hour, runsIn: ['AWAITING_PAYMENT'], passed: 'endCheckout' },
  ACCEPT: { withinMs: 48 * hour, runsIn: ['PAID'], passed: 'lapse' },
  SHIP: { withinMs: 72 * hour, runsIn: ['ACCEPTED', 'READY_TO_SHIP'], passed: 'markLate' },
  COMPLETE: { withinMs: 72 * hour, runsIn: ['DELIVERED'], passed: 'complete' },
} as const satisfies Record<DeadlineKind, DeadlineRule>

interface DeadlineRule {
  readonly withinMs: number
  readonly runsIn: readonly OrderState[]
  readonly passed: 'endCheckout' | 'markLate' | TransitionName
}

const rules: Readonly<Record<DeadlineKind, DeadlineRule>> = deadlineRules

export const deadlineKinds = Object.keys(deadlineRules) as readonly DeadlineKind[]

/** The deadline that begins when an order comes from one state into another, if any. */
export const deadlineBegun = (from: OrderState, to: OrderState): DeadlineKind | undefined =>
  deadlineKinds.find((kind) => rules[kind].runsIn.includes(to) && !rules[kind].runsIn.includes(from))

/** The deadlines that do not run in a state: whatever of them was open is settled. */
export const deadlinesSettled = (state: OrderState): readonly DeadlineKind[] =>
  deadlineKinds.filter((kind) => !rules[kind].runsIn.includes(state))

/** When a deadline that begins now is due. */
export const dueAt = (kind: DeadlineKind, now: Date): Date => new Date(now.getTime() + rules[kind].withinMs)

/** Stock stays reserved this much longer than a checkout may be paid, so that a payment at the last moment still finds its goods. */
export const reservedLongerMs = hour / 4
