import type { OrderEndReason } from '@pasar/schema/events/orders'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { codeOf, type Order, type OrderEvent, type OrderParty, type OrderState, type RejectReason } from './order.ts'
import { conditions, type Facts, type OrderMove, type Transition } from './transition.ts'
import { transitions, type TransitionName } from './transitions.ts'

const table: Readonly<Record<TransitionName, Transition>> = transitions

export const transitionNames = Object.keys(transitions) as readonly TransitionName[]

/** The row of a transition. */
export const rowOf = (name: TransitionName): Transition => table[name]

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

/** The first of some transitions that an order may make now. */
export const firstAllowed = (order: Facts, names: readonly TransitionName[]): TransitionName | undefined =>
  names.find((name) => mayMove(order, name))

/** What a transition needs to know beyond the order. */
export interface MoveFacts {
  readonly now: Date
  readonly endReason?: OrderEndReason
  readonly rejectReason?: RejectReason
  /** Under which checkout id stock was taken for it; kept as it is when absent. */
  readonly reservedAs?: string | null
  /** Where it leaves from; kept as it is when absent. */
  readonly origin?: Order['origin']
  /** What is decided to go back with it. */
  readonly refund?: { readonly itemsAmount: Minor; readonly shippingAmount: Minor } | undefined
  readonly returnSolution?: Order['returnSolution']
}

/** The order after a transition that it may make. */
export function moved(order: Order, name: TransitionName, facts: MoveFacts): Order {
  const { pays, books, booksReturn, shipsLate, event } = table[name]
  const refundedItems = minorUnits(order.refundedItems + (facts.refund?.itemsAmount ?? 0n))
  const refundedShipping = minorUnits(order.refundedShipping + (facts.refund?.shippingAmount ?? 0n))
  const to = stateAfter({ ...order, refundedItems, refundedShipping }, name)
  const endReason = endReasonAfter(order, name, { to, given: facts.endReason })
  const rejectReason = to === order.state ? order.rejectReason : (facts.rejectReason ?? null)
  return {
    ...order,
    state: to,
    endReason,
    rejectReason,
    code: codeOf(to, endReason, rejectReason),
    refundedItems,
    refundedShipping,
    shipLate: order.shipLate || shipsLate === true,
    booked: order.booked || books === true,
    cancelAsked: order.cancelAsked || event === 'CANCEL_REQUESTED',
    returnBooked: order.returnBooked || booksReturn === true,
    returnSolution: facts.returnSolution ?? order.returnSolution,
    paidAt: pays ? facts.now : order.paidAt,
    reservedAs: facts.reservedAs === undefined ? order.reservedAs : facts.reservedAs,
    origin: facts.origin ?? order.origin,
    version: order.version + 1,
  }
}

/** Whether nothing is left of an order's money. */
const isEmpty = ({ itemsTotal, discount, shippingCost, refundedItems, refundedShipping }: Order) =>
  itemsTotal - discount === refundedItems && shippingCost === refundedShipping

/** An order of which all goes back ends without a sale. */
function stateAfter(order: Order, name: TransitionName): OrderState {
  const { to, refunds } = table[name]
  if (refunds && isEmpty(order)) return 'CANCELLED'
  return to === 'SAME' ? order.state : to
}

const endings: readonly OrderState[] = ['CANCELLED', 'CANCELLING']

function endReasonAfter(
  order: Order,
  name: TransitionName,
  { to, given }: { readonly to: OrderState; readonly given: OrderEndReason | undefined },
): OrderEndReason | null {
  if (!endings.includes(to)) return null
  if (to === order.state && table[name].to === 'SAME') return order.endReason
  return given ?? table[name].ends ?? order.endReason
}

/** What a transition is called in the order's history. */
export const eventOf = (name: TransitionName, { state }: Order): OrderEvent =>
  table[name].refunds && state === 'CANCELLED' ? 'CANCELLED' : table[name].event
