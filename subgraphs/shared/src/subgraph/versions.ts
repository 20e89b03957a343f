import { problem, type Problem } from '../problems.ts'

/** The refusal of a change of something that has changed since: with the version that it has now. */
export type Stale<T extends string> = Problem<T, { version: number }>

/** Refuses a change of what its viewer has seen in another version; undefined where nothing was said or nothing has changed. The row is locked. */
export const ifStale = <T extends string>(
  typename: T,
  { version }: { readonly version: number },
  expected: number | null | undefined,
): Stale<T> | undefined => (expected == null || expected === version ? undefined : problem(typename, { version }))
