import type { OrderEndReason } from '@pasar/schema/events'
import { codeOf, type Order, type OrderEvent, type OrderParty, type OrderState, type RejectReason } from './order.ts'

/** What a person may do with an order, as the API names it. */
export type OrderMove = 'CANCEL_CHECKOUT' | 'ACCEPT' | 'REJECT' | 'CANCEL' | 'CONFIRM_RECEIPT'

/** Conditions that a state alone does not tell. */
const conditions = {
  unpaid: (order: Facts) => order.paidAt === null,
  shipLate: (order: Facts) => order.shipLate,
} as const

type Facts = Pick<Order, 'state' | 'paidAt' | 'shipLate'>

interface Transition {
  readonly from: readonly OrderState[]
  readonly to: OrderState
  readonly event: OrderEvent
  readonly by: readonly OrderParty[]
  readonly when?: keyof typeof conditions
  /** What people call it; a transition without a name is the market's own. */
  readonly move?: OrderMove
  /** Money changes its owner: the order counts as paid from here on. */
  readonly pays?: true
}

/** Every move an order may make. Anything not listed here cannot happen. */
export const transitions = {
  pay: { from: ['AWAITING_PAYMENT'], to: 'PAID', event: 'PAID', by: ['SYSTEM'], pays: true },
  /** Paid after it had ended, and its goods could be reserved again. */
  payLate: { from: ['CANCELLED'], to: 'PAID', event: 'PAID', by: ['SYSTEM'], when: 'unpaid', pays: true },
  /** Paid after it had ended (or while its reservation ran out), and its goods are gone: cancelled once more, now with money to refund. */
  refundLate: {
    from: ['AWAITING_PAYMENT', 'CANCELLED'],
    to: 'CANCELLED',
    event: 'CANCELLED',
    by: ['SYSTEM'],
    when: 'unpaid',
    pays: true,
  },
  abandon: { from: ['AWAITING_PAYMENT'], to: 'CANCELLED', event: 'CANCELLED', by: ['BUYER', 'SYSTEM'], move: 'CANCEL_CHECKOUT' },
  accept: { from: ['PAID'], to: 'ACCEPTED', event: 'ACCEPTED', by: ['SELLER'], move: 'ACCEPT' },
  reject: { from: ['PAID'], to: 'CANCELLED', event: 'CANCELLED', by: ['SELLER'], move: 'REJECT' },
  lapse: { from: ['PAID'], to: 'CANCELLED', event: 'CANCELLED', by: ['SYSTEM'] },
  cancel: { from: ['PAID'], to: 'CANCELLED', event: 'CANCELLED', by: ['BUYER'], move: 'CANCEL' },
  cancelUnshipped: {
    from: ['ACCEPTED', 'READY_TO_SHIP'],
    to: 'CANCELLED',
    event: 'CANCELLED',
    by: ['BUYER'],
    when: 'shipLate',
    move: 'CANCEL',
  },
  cancelAsStaff: {
    from: ['PAID', 'ACCEPTED', 'READY_TO_SHIP'],
    to: 'CANCELLED',
    event: 'CANCELLED',
    by: ['STAFF'],
    move: 'CANCEL',
  },
  book: { from: ['ACCEPTED'], to: 'READY_TO_SHIP', event: 'READY_TO_SHIP', by: ['SYSTEM'] },
  // A courier's messages may overtake each other: what comes late then finds a state that it does not start from.
  ship: { from: ['ACCEPTED', 'READY_TO_SHIP'], to: 'SHIPPED', event: 'SHIPPED', by: ['SYSTEM'] },
  deliver: { from: ['ACCEPTED', 'READY_TO_SHIP', 'SHIPPED'], to: 'DELIVERED', event: 'DELIVERED', by: ['SYSTEM'] },
  confirm: { from: ['DELIVERED'], to: 'COMPLETED', event: 'COMPLETED', by: ['BUYER'], move: 'CONFIRM_RECEIPT' },
  complete: { from: ['DELIVERED'], to: 'COMPLETED', event: 'COMPLETED', by: ['SYSTEM'] },
} as const satisfies Record<string, Transition>

export type TransitionName = keyof typeof transitions

const table: Readonly<Record<TransitionName, Transition>> = transitions

export const transitionNames = Object.keys(transitions) as readonly TransitionName[]

/** Whether an order may make a transition now. */
export function mayMove(order: Facts, name: TransitionName): boolean {
  const { from, when } = table[name]
  return from.includes(order.state) && (when === undefined || conditions[when](order))
}

/** What the parties may do with an order now. */
export const allowedMoves = (order: Facts, parties: readonly OrderParty[]): readonly OrderMove[] => [
  ...new Set(transitionNames.filter((name) => may(order, name, parties)).flatMap((name) => table[name].move ?? [])),
]

const may = (order: Facts, name: TransitionName, parties: readonly OrderParty[]) =>
  mayMove(order, name) && table[name].by.some((party) => parties.includes(party))

/** The transition behind a person's move, and as whom it is made; undefined where the move is not allowed. */
export function transitionFor(
  order: Facts,
  move: OrderMove,
  parties: readonly OrderParty[],
): { readonly name: TransitionName; readonly party: OrderParty } | undefined {
  const name = transitionNames.find((name) => table[name].move === move && may(order, name, parties))
  const party = name && table[name].by.find((party) => parties.includes(party))
  return name && party ? { name, party } : undefined
}

/** What a transition needs to know beyond the order. */
export interface MoveFacts {
  readonly now: Date
  readonly endReason?: OrderEndReason
  readonly rejectReason?: RejectReason
  /** Under which checkout id stock was taken for it; kept as it is when absent. */
  readonly reservedAs?: string | null
}

/** The order after a transition that it may make. */
export function moved(order: Order, name: TransitionName, facts: MoveFacts): Order {
  const { to, pays } = table[name]
  const endReason = to === 'CANCELLED' ? (facts.endReason ?? null) : null
  const rejectReason = facts.rejectReason ?? null
  return {
    ...order,
    state: to,
    endReason,
    rejectReason,
    code: codeOf(to, endReason, rejectReason),
    paidAt: pays ? facts.now : order.paidAt,
    reservedAs: facts.reservedAs === undefined ? order.reservedAs : facts.reservedAs,
    version: order.version + 1,
  }
}

/** What a transition is called in the order's history. */
export const eventOf = (name: TransitionName): OrderEvent => table[name].event
