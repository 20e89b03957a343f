import type { GraphQLFormattedError } from 'graphql'

/** A result whose data is JSON text already. */
export interface WrittenResult {
  readonly data: string | null
  readonly errors: readonly GraphQLFormattedError[]
  /** Places of references that lead to nothing, which is no error. */
  readonly absences: readonly (readonly (string | number)[])[]
}
