import type { GraphQLFormattedError, OperationTypeNode } from 'graphql'
import type { Execution, JsonObject } from './execution.ts'

/** Writes a value as JSON text; undefined when it is null where none may be, so that the null rises to what contains it. */
export type Write = (value: unknown, writing: Writing, parent?: JsonObject) => string | undefined

/** What writing one result remembers. */
export class Writing {
  /** Where the writer is, in the client's names. */
  readonly path: (string | number)[] = []
  /** Texts of shared objects, with the writer that wrote each. */
  readonly written = new Map<object, { readonly by: Write; readonly text: string }>()
  /** Errors found while writing. */
  readonly errors: GraphQLFormattedError[] = []
  /** Where a reference led to nothing and may do so. */
  readonly absences: (readonly (string | number)[])[] = []
  readonly shared: ReadonlySet<object>
  /** Entities that do not exist: null without an error where they may be null. */
  readonly absent: ReadonlySet<unknown>
  readonly kind: `${OperationTypeNode}`
  readonly #told: readonly GraphQLFormattedError[]

  /** `told` are the errors of subgraphs under the client's names. */
  constructor(
    kind: `${OperationTypeNode}`,
    { shared, absent }: Pick<Execution, 'shared' | 'absent'>,
    told: readonly GraphQLFormattedError[],
  ) {
    this.kind = kind
    this.shared = shared
    this.absent = absent
    this.#told = told
  }

  /** Notes that a subgraph sent something that the schema does not allow. */
  refuse(expected: string): undefined {
    return this.#note(`A subgraph did not send ${expected}`)
  }

  /** Notes a null where none may be, unless an error or an absent entity explains it. */
  missing(field: string, parent: JsonObject | undefined): undefined {
    return parent && this.absent.has(parent) ? undefined : this.#note(`Cannot return null for non-nullable field ${field}.`)
  }

  #note(message: string): undefined {
    if (!isTold(this.#told, this.path)) this.errors.push({ message, path: [...this.path] })
    return undefined
  }
}

/** An error at, above or below a place explains a null there. */
const isTold = (errors: readonly GraphQLFormattedError[], path: readonly (string | number)[]): boolean =>
  errors.some((error) => !error.path || error.path.every((part, index) => index >= path.length || part === path[index]))
