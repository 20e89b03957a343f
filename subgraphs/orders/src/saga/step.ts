import type { Clock } from '@pasar/shared/clock'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import type { Checkout, CheckoutProblem } from '../domain/checkout.ts'
import type { StepName } from '../domain/saga-flow.ts'
import type { Tx } from '../store/database.ts'
import type { Beside, Saga } from '../store/sagas.ts'
import type { SagaContext } from './context.ts'
import type { Participants } from './participants.ts'

/** What a step works with. */
export interface Work {
  readonly checkout: Checkout
  readonly saga: Saga
  readonly participants: Participants
  readonly clock: Clock
  readonly db: Tx
  readonly transaction: Transaction<Tx>
}

/**
 * Work in orders' own database, in the transaction that writes the saga's row: both or neither. It comes behind what is written beside that
 * row, and may find that it cannot be done (Refused).
 */
export type OwnWrite = (tx: Tx) => Promise<void>

/** What a step wanted to write cannot be: nothing of its transaction is, and the step counts as refused. */
export class Refused extends Error {
  readonly problem: CheckoutProblem
  constructor(problem: CheckoutProblem) {
    super(problem.code)
    this.problem = problem
  }
}

/** What came of doing or undoing a step. */
export type Outcome =
  /** Go on to the next step (or, when undoing, to the one before). */
  | { readonly kind: 'done'; readonly learned?: Partial<SagaContext>; readonly beside?: Beside; readonly write?: OwnWrite }
  /** It cannot be done: undo everything from this step on. */
  | { readonly kind: 'refused'; readonly problem?: CheckoutProblem }
  /** Nothing to do before an event comes. */
  | { readonly kind: 'wait' }
  /** Go back to a step. */
  | { readonly kind: 'again'; readonly step: StepName; readonly learned: Partial<SagaContext> }
  /** Nothing more to do. */
  | { readonly kind: 'end'; readonly write: OwnWrite }
  /** Undoing came too late, the money is here: go forward from this step. */
  | { readonly kind: 'captured'; readonly step: StepName; readonly write: OwnWrite }

/** One step of the saga: how it is done, and how it is undone from every state (also when it was never done, or its reply was lost). */
export interface Step {
  readonly name: StepName
  readonly run: (work: Work) => Promise<Outcome>
  readonly undo?: (work: Work) => Promise<Outcome>
  /**
   * Whether doing or undoing it changes something at a participant: then all that came before is written down first, so that whoever takes
   * the saga over knows what may have to be undone. What changes nothing there is written down together with what came before it.
   */
  readonly changesOthers?: (context: SagaContext) => boolean
}

/** What an earlier step has learnt; its absence is a fault of the program. */
export function learned<K extends keyof SagaContext>({ saga }: Work, key: K): NonNullable<SagaContext[K]> {
  const value = saga.context[key]
  if (value == null) throw new Error(`the saga of ${saga.checkoutId} reached ${saga.step} without ${key}`)
  return value
}
