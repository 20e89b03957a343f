import { steps } from './steps.ts'

/** The boundaries of a step: before its call, after the reply, and inside and after the transaction that writes the saga's row. */
const boundaries = ['call', 'reply', 'committing', 'committed'] as const

/** A named boundary, such as `reserveStock.reply` or `undo reserveStock.call`. */
export type PointName = `${'' | 'undo '}${string}.${(typeof boundaries)[number]}`

/** Every boundary of the saga, made from its steps. Its participants have boundaries of their own; see shared/points.ts. */
export const pointNames: readonly PointName[] = steps.flatMap(({ name, undo }) => [
  ...boundaries.map((boundary) => `${name}.${boundary}` as const),
  ...(undo ? boundaries.map((boundary) => `undo ${name}.${boundary}` as const) : []),
])
