import type { Clock } from '@pasar/shared/clock'
import { errorDetails, type Log } from '@pasar/shared/log'
import { problem, Unavailable } from '@pasar/shared/problems'
import type { Transaction } from '@pasar/shared/transaction'
import { toWire } from '@pasar/shared/wire'
import type { Checkout } from '../domain/checkout.ts'
import { after, backOffMs, endsOnWish, isImpatient, type SagaPlace, type StepName } from '../domain/saga-flow.ts'
import type { Db, Tx } from '../store/client.ts'
import { writeSaga, type Saga, type SagaWrite } from '../store/sagas.ts'
import type { Participants } from './participants.ts'
import type { Point } from './points.ts'
import { endCheckout } from './settle-orders.ts'
import type { Outcome, Step, Work } from './step.ts'
import { steps } from './steps.ts'

/** What the saga runs on. */
export interface SagaDeps {
  readonly db: Db
  readonly transaction: Transaction<Tx>
  readonly clock: Clock
  readonly log: Log
  readonly participants: Participants
  readonly point: Point
}

/** A saga before its end. */
type OpenSaga = Saga & { readonly step: StepName }

export const isOpen = (saga: Saga): saga is OpenSaga => saga.step !== 'ended'

const done: Outcome = { kind: 'done' }

/** Does (or undoes) the saga's present step and writes down what came of it; undefined when another runner has taken the saga over. */
export async function advance(deps: SagaDeps, checkout: Checkout, saga: OpenSaga): Promise<Saga | undefined> {
  const step = steps.find(({ name }) => name === saga.step)!
  const at = `${saga.compensating ? 'undo ' : ''}${saga.step}` as const
  // An undo that does not exist has no boundaries either.
  const point: Point = saga.compensating && !step.undo ? async () => undefined : deps.point
  await point(`${at}.call`, saga.checkoutId)
  const outcome = await attempt(deps, step, { checkout, saga, participants: deps.participants, clock: deps.clock, db: deps.db })
  await point(`${at}.reply`, saga.checkoutId)
  const written = await write(deps, { checkout, saga, outcome })
  await point(`${at}.saved`, saga.checkoutId)
  return written
}

/** An outcome, or nothing where a participant did not answer. */
async function attempt(deps: SagaDeps, step: Step, work: Work): Promise<Outcome | undefined> {
  const { saga, clock } = work
  try {
    if (saga.compensating) return (await step.undo?.(work)) ?? done
    if (saga.ending !== null && saga.payment !== 'CAPTURED' && endsOnWish(step.name)) return { kind: 'refused' }
    return await step.run(work)
  } catch (error) {
    const details = { ...errorDetails(error), checkoutId: saga.checkoutId, step: step.name, attempt: saga.attempts + 1 }
    if (error instanceof Unavailable) deps.log.warn(details, 'a participant of a checkout does not answer')
    else deps.log.error(details, 'a step of a checkout failed')
    const outOfPatience = !saga.compensating && isImpatient(step.name) && clock.now() >= saga.patientUntil
    return outOfPatience ? { kind: 'refused', problem: problem('CheckoutGivenUp', {}) } : undefined
  }
}

/** A saga with what came of its step. */
interface Written {
  readonly checkout: Checkout
  readonly saga: OpenSaga
  readonly outcome: Outcome | undefined
}

const write = ({ transaction, clock }: SagaDeps, { checkout, saga, outcome }: Written) =>
  transaction(async (tx) => {
    const written = await writeSaga(tx, saga, rowAfter(saga, outcome, clock))
    if (!written) return undefined
    if (outcome && 'write' in outcome) await outcome.write?.(tx)
    if (written.compensating && !isOpen(written)) await endCheckout(tx, clock, { checkout, saga: written })
    return written
  })

/** The saga's row after an outcome. */
function rowAfter(saga: OpenSaga, outcome: Outcome | undefined, clock: Clock): SagaWrite {
  const now = clock.now()
  const { step, compensating, context } = saga
  const go = (place: SagaPlace, rest: Partial<SagaWrite> = {}): SagaWrite => {
    const open = place.step !== 'ended'
    return { ...place, attempts: 0, context, at: open ? now : null, keep: open, now, ...rest }
  }
  if (!outcome) {
    const at = new Date(now.getTime() + backOffMs(saga.attempts, Math.random()))
    return go({ step, compensating }, { attempts: saga.attempts + 1, at, keep: false })
  }
  if (outcome.kind === 'refused') {
    const refusal = outcome.problem && { problem: toWire(outcome.problem) }
    return go({ step, compensating: true }, { context: { ...context, ...refusal } })
  }
  if (outcome.kind === 'wait') return go({ step, compensating }, { at: null, keep: false })
  if (outcome.kind === 'again') return go({ step: outcome.step, compensating }, { context: { ...context, ...outcome.learned } })
  if (outcome.kind === 'end') return go({ step: 'ended', compensating: false })
  if (outcome.kind === 'captured') {
    const { problem: _, ...rest } = context
    return go({ step: outcome.step, compensating: false }, { context: rest, payment: 'CAPTURED', ending: null })
  }
  return go(after({ step, compensating }), { context: { ...context, ...outcome.learned } })
}
