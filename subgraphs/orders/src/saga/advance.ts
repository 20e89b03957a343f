import type { Clock } from '@pasar/shared/clock'
import { errorDetails, type Log } from '@pasar/shared/log'
import { during, reach, type Point, type Work as PointWork } from '@pasar/shared/points'
import { problem, Unavailable } from '@pasar/shared/problems'
import { alone, type Transaction } from '@pasar/shared/postgres/transaction'
import { toWire } from '@pasar/shared/wire'
import type { Checkout, CheckoutProblem } from '../domain/checkout.ts'
import { after, backOffMs, endsOnWish, isImpatient, type SagaPlace, type StepName } from '../domain/saga-flow.ts'
import type { TrailEntry } from '../domain/saga-trail.ts'
import type { Db, Tx } from '../store/database.ts'
import { writeSaga, type Beside, type Saga, type SagaWrite } from '../store/sagas.ts'
import type { Participants } from './participants.ts'
import { endCheckout } from './settle-orders.ts'
import { Refused, type Outcome, type OwnWrite, type Step, type Work } from './step.ts'
import { isUndoable, nextChangesOthers, stepNamed } from './steps.ts'

/** What the saga runs on. */
export interface SagaDeps {
  readonly db: Db
  readonly transaction: Transaction<Tx>
  /** Called after each commit outside of `transaction` that has an event. */
  readonly afterCommit: () => void
  readonly clock: Clock
  readonly log: Log
  readonly participants: Participants
  readonly point?: Point | undefined
}

/** A saga before its end. */
type OpenSaga = Saga & { readonly step: StepName }

export const isOpen = (saga: Saga): saga is OpenSaga => saga.step !== 'ended'

const done: Outcome = { kind: 'done' }

/**
 * Does (or undoes) the saga's present step, and those after it that change nothing at participants, and writes down what came of them;
 * undefined when another runner has taken the saga over.
 */
export async function advance(deps: SagaDeps, checkout: Checkout, saga: OpenSaga): Promise<Saga | undefined> {
  const writes: OwnWrite[] = []
  let lastWork: PointWork | undefined
  let trail: readonly TrailEntry[] = []
  let beside: Beside | undefined
  for (let at: OpenSaga = saga; ;) {
    const { outcome, work } = await visit(deps, checkout, at)
    lastWork = work ?? lastWork
    if ('write' in outcome && outcome.write) writes.push(outcome.write)
    // The next step changes others: between two writings no other one has any.
    if (outcome.kind === 'done' && outcome.beside) beside = outcome.beside
    const row = rowAfter(at, outcome, deps.clock)
    const next = { ...at, step: row.step, compensating: row.compensating, attempts: row.attempts, context: row.context }
    if (row.keep && isOpen(next) && !nextChangesOthers(next, next.context)) {
      trail = [...trail, ...row.trail]
      at = next
    } else {
      const [last, before] = [at, trail]
      const told = (one: SagaWrite): SagaWrite => ({ ...one, trail: [...before, ...one.trail] })
      const refused = (problem: CheckoutProblem): Written => {
        return { checkout, saga, row: told(rowAfter(last, { kind: 'refused', problem }, deps.clock)), writes: [] }
      }
      return during(lastWork, () => writeOrRefuse(deps, { checkout, saga, row: { ...told(row), beside }, writes }, refused))
    }
  }
}

/** One step that is done or undone, between its boundaries; an undo that does not exist has none. */
async function visit(deps: SagaDeps, checkout: Checkout, saga: OpenSaga) {
  const step = stepNamed(saga.step)
  const name = `${saga.compensating ? 'undo ' : ''}${saga.step}`
  const { point, participants, clock, db, transaction } = deps
  const work = point && (step.undo || !saga.compensating) ? { name, about: saga.checkoutId, point } : undefined
  return during(work, async () => {
    await reach('call')
    const outcome = await attempt(deps, step, { checkout, saga, participants, clock, db, transaction })
    await reach('reply')
    return { outcome, work }
  })
}

/** Nothing came of it: a participant did not answer, or something went wrong. It is tried again. */
interface Failed {
  readonly kind: 'failed'
  readonly reason: string
}

async function attempt(deps: SagaDeps, step: Step, work: Work): Promise<Outcome | Failed> {
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
    if (outOfPatience) return { kind: 'refused', problem: problem('CheckoutGivenUp', {}) }
    return { kind: 'failed', reason: `${step.name}: ${(error as Error).message.slice(0, reasonCharactersMax)}` }
  }
}

/** A saga as it was written last, with what came of its steps since. */
interface Written {
  readonly checkout: Checkout
  readonly saga: Saga
  readonly row: SagaWrite
  readonly writes: readonly OwnWrite[]
}

const reasonCharactersMax = 300

/** Writes down what came of the steps, or that the last one cannot be done after all. */
async function writeOrRefuse(deps: SagaDeps, done: Written, refused: (problem: CheckoutProblem) => Written) {
  try {
    return await write(deps, done)
  } catch (error) {
    if (error instanceof Refused) return write(deps, refused(error.problem))
    throw error
  }
}

async function write(
  { db, transaction, afterCommit, clock }: SagaDeps,
  { checkout, saga, row, writes }: Written,
): Promise<Saga | undefined> {
  // Mostly one statement writes it all.
  if (writes.length === 0 && !(row.compensating && row.step === 'ended')) {
    const written = await alone({ db, transaction }, (tx) => writeSaga(tx, saga, row))
    if (written && row.beside) afterCommit()
    return written
  }
  return transaction(async (tx) => {
    const written = await writeSaga(tx, saga, row)
    if (!written) return undefined
    for (const one of writes) await one(tx)
    if (written.compensating && !isOpen(written)) await endCheckout(tx, clock, { checkout, saga: written })
    return written
  })
}

/** The saga's row after an outcome. */
function rowAfter(saga: OpenSaga, outcome: Outcome | Failed, clock: Clock): SagaWrite {
  const now = clock.now()
  const { step, compensating, context } = saga
  const go = (place: SagaPlace, rest: Partial<SagaWrite> = {}): SagaWrite => {
    const open = place.step !== 'ended'
    return {
      ...place,
      attempts: 0,
      context,
      at: open ? now : null,
      keep: open,
      now,
      trail: trailOf(saga, outcome.kind, now),
      ...rest,
    }
  }
  if (outcome.kind === 'failed') {
    const at = new Date(now.getTime() + backOffMs(saga.attempts, Math.random()))
    return go({ step, compensating }, { attempts: saga.attempts + 1, at, keep: false, lastError: outcome.reason })
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

/** What staff read of a visit to a step that came to something. */
function trailOf({ step, compensating, attempts }: OpenSaga, kind: (Outcome | Failed)['kind'], now: Date): TrailEntry[] {
  if (kind === 'failed' || kind === 'wait' || kind === 'captured' || (compensating && !isUndoable(step))) return []
  const became = compensating ? 'undone' : kind === 'done' || kind === 'end' ? 'done' : 'refused'
  return [{ step, kind: became, attempts: attempts + 1, at: now.toISOString() }]
}
