import { stepNames, type SagaPlace, type StepName } from './saga-flow.ts'

/** What became of one visit to a step: the trail of a saga is only ever added to. */
export interface TrailEntry {
  readonly step: StepName
  readonly kind: 'done' | 'refused' | 'undone'
  readonly attempts: number
  /** ISO 8601. */
  readonly at: string
}

/** A step as staff see it. */
export interface StepView {
  readonly name: StepName
  readonly state: 'OPEN' | 'CURRENT' | 'DONE' | 'REFUSED' | 'UNDONE'
  readonly attempts: number
  readonly doneAt: Date | null
  readonly undoneAt: Date | null
}

const states = { done: 'DONE', refused: 'REFUSED', undone: 'UNDONE' } as const

/** All steps of a saga, from its trail and from where it stands. */
export const stepViews = (saga: SagaPlace & { readonly attempts: number; readonly trail: readonly TrailEntry[] }): StepView[] =>
  stepNames.map((name) => {
    const visits = saga.trail.filter(({ step }) => step === name)
    const newest = visits.at(-1)
    const isCurrent = saga.step === name
    const lastAt = (kind: TrailEntry['kind']) => {
      const visit = visits.findLast((one) => one.kind === kind)
      return visit ? new Date(visit.at) : null
    }
    return {
      name,
      state: isCurrent ? 'CURRENT' : newest ? states[newest.kind] : 'OPEN',
      attempts: visits.reduce((sum, { attempts }) => sum + attempts, isCurrent ? saga.attempts : 0),
      doneAt: lastAt('done'),
      undoneAt: lastAt('undone'),
    }
  })
