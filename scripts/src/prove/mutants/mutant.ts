/** A change that breaks one promise, and the test that must go red for it. */
export interface Mutant {
  readonly name: string
  readonly file: string
  /** Text that is there exactly once, and what it is replaced by. */
  readonly from: string
  readonly to: string
  /** A test file, and a pattern of the names of its tests. */
  readonly test: readonly [file: string, name: string]
}
