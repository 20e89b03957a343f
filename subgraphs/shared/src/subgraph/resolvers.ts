import type { Clearable } from './loader.ts'
import type { commonResolvers } from './scalars.ts'

/** What a field of another subgraph's entity is resolved from. */
export interface Reference {
  readonly id: string
}

/** What a command answers with: ids of what is read when it is selected, and without what the schema says itself. */
export type Answered<T, Ids extends string, Said extends string = never> = Omit<T, Ids | Said> & {
  readonly [F in Ids as `${F}Id`]: string
}

/**
 * A mutation's resolver. It forgets what was read before, so that a result is read afresh also where one request holds several mutations; and
 * it does so before the command, which may say itself what it has just written.
 */
export const command =
  <C, I, R>(run: (context: C, input: I) => R) =>
  (_: unknown, { input }: { readonly input: I }, context: C & { readonly loaders: Clearable }): R => {
    context.loaders.clearAll()
    return run(context, input)
  }

/** A subscription's field: each frame of its stream is what its fields are resolved from. */
export const streamed = <C, A, F>(follow: (context: C, args: A) => Promise<AsyncIterable<F>>) => ({
  subscribe: (_: unknown, args: A, context: C) => follow(context, args),
  resolve: (frame: F) => frame,
})

/** What a source has under a name; null where only others of its kind have it. */
type Held<S, K> = S extends unknown ? (K extends keyof S ? S[K] : null) : never

type NameIn<S> = S extends unknown ? keyof S : never

/** Whether a source has a field as the schema wants it, or the schema says it itself, as it does the sentence of a problem. */
type Holds<S, K, F> = [K, S] extends ['message', { readonly code: string }]
  ? true
  : K extends NameIn<S>
    ? F extends (parent: never, ...rest: never[]) => infer R
      ? [Held<S, K>] extends [R]
        ? true
        : false
      : false
    : false

/** Whether the router's word for a thing already is what its fields are resolved from. */
type IsSource<S, F> = F extends (reference: infer R, ...rest: never[]) => unknown ? ([R] extends [S] ? true : false) : true

/** The resolvers that a type cannot do without. */
type Needed<F, S> = {
  [K in keyof F]-?: K extends '__resolveReference'
    ? IsSource<S, NonNullable<F[K]>> extends true
      ? never
      : K
    : K extends `__${string}`
      ? never
      : Holds<S, K, NonNullable<F[K]>> extends true
        ? never
        : K
}[keyof F]

/** How a thing is found that the router refers to. */
type Finds<F, S> = F extends (reference: infer R, context: infer C, ...rest: never[]) => unknown
  ? (reference: R, context: C) => Promise<S | null> | S | null
  : never

/**
 * The resolvers of a subgraph with none forgotten: `R` are the generated types of its resolvers, `S` what stands behind each of its types.
 * What a source does not have as the schema wants it has to be resolved.
 */
export type Complete<R, S> = R & {
  [
    T in Exclude<keyof R & keyof S, keyof typeof commonResolvers> as [Needed<NonNullable<R[T]>, S[T]>] extends [never] ? never : T
  ]-?: {
    [K in Needed<NonNullable<R[T]>, S[T]>]: K extends '__resolveReference'
      ? Finds<NonNullable<NonNullable<R[T]>[K]>, S[T]>
      : NonNullable<NonNullable<R[T]>[K]>
  }
}
