import { steps } from './steps.ts'
import type { Step } from './step.ts'

/** The boundaries of a step: before its call, after the reply, and inside and after the transaction that writes the saga's row. */
const boundaries = ['call', 'reply', 'committing', 'committed'] as const

type Boundary = (typeof boundaries)[number]

/** A named boundary, such as `placeOrders.committing` or `undo reserveStock.call`. */
export type PointName = `${'' | 'undo '}${string}.${Boundary}`

/** What is written down together with the step after it has no boundaries of writing: that one's are its own. */
const boundariesOf = (next: Step | undefined): readonly Boundary[] =>
  next === undefined || next.changesOthers ? boundaries : ['call', 'reply']

/** Steps that are undone one after the other: those that have nothing to undo are no boundary. */
const undoable = steps.filter(({ undo }) => undo)

/** Every boundary of the saga, made from its steps. Its participants have boundaries of their own; see shared/points.ts. */
export const pointNames: readonly PointName[] = [
  ...steps.flatMap(({ name }, index) => boundariesOf(steps[index + 1]).map((boundary) => `${name}.${boundary}` as const)),
  ...undoable.flatMap(({ name }, index) =>
    boundariesOf(undoable[index - 1]).map((boundary) => `undo ${name}.${boundary}` as const),
  ),
]
