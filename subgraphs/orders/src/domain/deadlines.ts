import type { OrderState } from './order.ts'
import type { TransitionName } from './transitions.ts'

const hour = 3_600_000

/** What the passing of a deadline does: the first transition that the order may make then, or something of its own. */
type Passing = 'endCheckout' | readonly TransitionName[]

interface DeadlineRule {
  readonly withinMs: number
  readonly runsIn: readonly OrderState[]
  /** Whether the seller is the one to keep it. */
  readonly sellers?: true
  readonly passed: Passing
  /** What it does instead where the buyer keeps the goods of a return after all. */
  readonly passedKept?: readonly TransitionName[]
}

/**
 * Until when what must have happened: the time from the first of the states in which a deadline runs, and what its passing does. PAY, which is
 * due sooner where the payment's method ends sooner, ends the whole checkout, the others move the order.
 */
export const deadlineRules = {
  PAY: { withinMs: 24 * hour, runsIn: ['AWAITING_PAYMENT'], passed: 'endCheckout' },
  ACCEPT: { withinMs: 48 * hour, runsIn: ['PAID'], sellers: true, passed: ['lapse'] },
  // A request to cancel does not stop the clock: a seller gains nothing by it.
  SHIP: { withinMs: 72 * hour, runsIn: ['ACCEPTED', 'READY_TO_SHIP', 'CANCEL_REQUESTED'], sellers: true, passed: ['lateToShip'] },
  ANSWER_CANCEL: { withinMs: 24 * hour, runsIn: ['CANCEL_REQUESTED'], sellers: true, passed: ['grantCancel'] },
  COMPLETE: { withinMs: 72 * hour, runsIn: ['DELIVERED'], passed: ['complete'] },
  ANSWER_RETURN: { withinMs: 48 * hour, runsIn: ['RETURN_REQUESTED'], sellers: true, passed: ['approveReturn', 'approveRefund'] },
  SEND_BACK: { withinMs: 120 * hour, runsIn: ['RETURN_APPROVED'], passed: ['missBooking', 'missSending'] },
  // The courier is asked again and again meanwhile; after this, staff decide as in any other dispute.
  FIND_COURIER: { withinMs: 168 * hour, runsIn: ['RETURN_UNBOOKED'], passed: ['stopSearch'] },
  INSPECT: { withinMs: 48 * hour, runsIn: ['RETURN_ARRIVED'], sellers: true, passed: ['acceptReturn'] },
  ESCALATE: { withinMs: 48 * hour, runsIn: ['RETURN_REFUSED'], passed: ['dropReturn'] },
  // Money does not wait for staff for ever: the buyer, who has asked for help, gets what was claimed; one who has withdrawn it has the goods.
  MEDIATE: { withinMs: 168 * hour, runsIn: ['MEDIATION'], passed: ['refundBuyer'], passedKept: ['releaseToSeller'] },
} as const satisfies Record<string, DeadlineRule>

export type DeadlineKind = keyof typeof deadlineRules

const rules: Readonly<Record<DeadlineKind, DeadlineRule>> = deadlineRules

export const deadlineKinds = Object.keys(deadlineRules) as readonly DeadlineKind[]

/** What the passing of a deadline does. */
export const passingOf = (kind: DeadlineKind): Passing => rules[kind].passed

/** What it does where the buyer keeps the goods of a return after all; undefined where that makes no difference. */
export const passingKept = (kind: DeadlineKind): readonly TransitionName[] | undefined => rules[kind].passedKept

/** The deadlines that begin when an order comes from one state into another. */
export const deadlinesBegun = (from: OrderState, to: OrderState): readonly DeadlineKind[] =>
  deadlineKinds.filter((kind) => rules[kind].runsIn.includes(to) && !rules[kind].runsIn.includes(from))

/** The deadlines that run in a state. */
export const deadlinesRunning = (state: OrderState): readonly DeadlineKind[] =>
  deadlineKinds.filter((kind) => rules[kind].runsIn.includes(state))

/** What of that the seller has to keep. */
export const sellersDeadlines = (state: OrderState): readonly DeadlineKind[] =>
  deadlinesRunning(state).filter((kind) => rules[kind].sellers)

/** The deadlines that do not run in a state: whatever of them was open is settled. */
export const deadlinesSettled = (state: OrderState): readonly DeadlineKind[] =>
  deadlineKinds.filter((kind) => !rules[kind].runsIn.includes(state))

/** When a deadline that begins now is due. */
export const dueAt = (kind: DeadlineKind, now: Date): Date => new Date(now.getTime() + rules[kind].withinMs)

/** Stock stays reserved this much longer than a checkout may be paid, so that a payment at the last moment still finds its goods. */
export const reservedLongerMs = hour / 4
