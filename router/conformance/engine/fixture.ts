/** A record: what some entity or value is, whoever of the subgraphs serves which part of it. */
export type Row = Readonly<Record<string, unknown>>

/**
 * Says what a field is from what its subgraph may look at: the record, or, for a field with `@requires`, the representation that the
 * router sent.
 */
export type Compute = (of: never, args: never, world: World) => unknown

/** Records and what mutations change; the router and the oracle have a world each. */
export interface World {
  /** All records of a type; of an abstract type those of its members, in the order of the fixture. */
  rows(type: string): readonly Row[]
  /** The record to which all fields fit. */
  find(type: string, like: Row): Row | undefined
  readonly state: Record<string, number | string[]>
}

/** Where an answer may differ from the merged schema's, and why. */
export interface Exception {
  readonly because: string
  readonly data?: unknown
  /** Paths of the errors; null stands for an error without a path. */
  readonly errors?: readonly (readonly (string | number)[] | null)[]
}

/** One operation. */
export interface Case {
  readonly title: string
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
  /** How many requests the subgraphs get together. */
  readonly fetches?: number
  /** How many entities each subgraph is asked for; those that are not named are not counted. */
  readonly entities?: Readonly<Record<string, number>>
  readonly except?: Exception
}

/** A small supergraph, its records and what is asked of it. */
export interface Fixture {
  readonly name: string
  /** SDL by the subgraph's name; `@link` is put in front. */
  readonly subgraphs: Readonly<Record<string, string>>
  /** Records by type. `$absent` and `$broken` list subgraphs that do not know the record, or fail when they are asked for it. */
  readonly records?: Readonly<Record<string, readonly Row[]>>
  /** Fields that are more than a look into the record, as `Type.field`, or `subgraph:Type.field` where only that subgraph says so. */
  readonly compute?: Readonly<Record<string, Compute>>
  readonly state?: Readonly<Record<string, number | readonly string[]>>
  /** Subgraphs that answer whatever the record holds, also what is not of the field's type. */
  readonly unchecked?: readonly string[]
  readonly cases: readonly Case[]
}

/** Fixtures that show one thing. */
export interface Family {
  readonly family: string
  readonly fixtures: readonly Fixture[]
}

/** Stands for another record. */
export interface Ref {
  readonly $ref: string
  readonly like: Row
}

/** The record of a type with this id, or to which these fields fit. */
export const ref = (type: string, id: string | Row): Ref => ({ $ref: type, like: typeof id === 'string' ? { id } : id })

/** References by id. */
export const refs = (type: string, ...ids: readonly string[]): Ref[] => ids.map((id) => ref(type, id))

/** Whether a value stands for a record. */
export const isRef = (value: unknown): value is Ref => isRow(value) && typeof value['$ref'] === 'string'

/** A field that cannot be told. */
export const fails = (message: string) => ({ $fails: message })

/** Whether a value stands for a failure. */
export const isFailure = (value: unknown): value is { readonly $fails: string } =>
  isRow(value) && typeof value['$fails'] === 'string'

/** Whether a value is an object with fields. */
export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)
