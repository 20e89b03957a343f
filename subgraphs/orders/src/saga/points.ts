import { steps } from './steps.ts'

/** The boundaries of one call: before it, after its reply, after the saga's row is written. */
const boundaries = ['call', 'reply', 'saved'] as const

/** A named boundary, such as `reserveStock.reply` or `undo reserveStock.call`. */
export type PointName = `${'' | 'undo '}${string}.${(typeof boundaries)[number]}`

/** Called at every boundary; does nothing in production. Tests crash, pause or change the world in it. */
export type Point = (name: PointName, checkoutId: string) => Promise<void>

export const noPoint: Point = async () => undefined

/** Every boundary of the saga, made from its steps. */
export const pointNames: readonly PointName[] = steps.flatMap(({ name, undo }) => [
  ...boundaries.map((boundary) => `${name}.${boundary}` as const),
  ...(undo ? boundaries.map((boundary) => `undo ${name}.${boundary}` as const) : []),
])
