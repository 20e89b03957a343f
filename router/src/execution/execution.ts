import type { Locale } from '@pasar/shared/locale'
import type { GraphQLFormattedError } from 'graphql'
import type { EntityCache } from '../cache/entity-cache.ts'
import type { EntityQuestion } from './entity-question.ts'

/** An object of a subgraph's answer. */
export type JsonObject = Record<string, unknown>

/** A subgraph's answer to one fetch; it belongs to whoever asked and may be changed. */
export interface SubgraphAnswer {
  readonly data?: JsonObject | null | undefined
  readonly errors?: readonly GraphQLFormattedError[] | undefined
}

/** An operation on its way to a subgraph. */
export interface SubgraphFetch {
  readonly subgraph: string
  readonly kind: 'query' | 'mutation'
  /** Text of the operation. */
  readonly query: string
  /** JSON text of `{ query, operationName, variables }`. */
  readonly body: string
}

/** Sends a fetch for one client operation. Rejects with the error to tell when there is no answer. */
export type SendFetch = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>

/** Sends what a run asks a subgraph at one moment as one request. */
export interface Batches {
  ask(question: EntityQuestion, representations: readonly string[]): Promise<SubgraphAnswer>
}

/** What was fetched before for everyone, as one request reads it. */
export interface CachedReads {
  readonly cache: EntityCache
  readonly locale: Locale
  /** Asks subgraphs as nobody in particular, in the request's language. */
  readonly sendAsGuest: SendFetch
  /** Whether the request is nobody's in particular itself. */
  readonly asGuest: boolean
  /** Whether whoever asks may own something, and so see more of it than a guest. */
  readonly mayOwn: boolean
}

/** What is known of an answer that may be kept as a whole. */
export interface Making {
  /** All that it depends on. */
  readonly tags: Set<string>
  /** Milliseconds for which the first of its parts to end may still be kept. */
  restMs: number
  /** Whether something in it was asked for by the viewer, or is absent for a guest. */
  isPersonal: boolean
}

/** One run of one plan: what it was given, and what is known so far. */
export interface Execution {
  /** As the client sent them: subgraphs apply the defaults. */
  readonly variables: Readonly<Record<string, unknown>>
  /** With defaults, for conditions. */
  readonly coerced: Readonly<Record<string, unknown>>
  readonly send: SendFetch
  /** Questions that go out together; undefined where the plan has no two that could. */
  readonly batches: Batches | undefined
  /** What was fetched before for everyone; absent where every value must be read anew. */
  readonly cache?: CachedReads | undefined
  /** Absent where the answer will not be kept. */
  readonly making?: Making | undefined
  /** Everything fetched so far, merged under response names. */
  readonly data: JsonObject
  readonly errors: GraphQLFormattedError[]
  /** Objects that stand at more than one place, because the same entity was met there with the same fields. */
  readonly shared: Set<object>
  /** Entities that their subgraph said, without an error, do not exist. */
  readonly absent: Set<object>
}

/** Part of a plan, ready to run; undefined when it was done at once. */
export type Step = (execution: Execution) => Promise<void> | undefined

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
