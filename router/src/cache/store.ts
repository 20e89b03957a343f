/** A moment of a store: what was read before an invalidation is told by it from what was read after. */
export interface Mark {
  /** Invalidations before it. */
  readonly seq: number
  /** Changes when everything is dropped; empty before that was done for the first time, and nothing is kept then. */
  readonly epoch: string
  /** By the store's own clock, in milliseconds. */
  readonly at: number
}

/** Values of keys, in their order, and the moment at which they were looked up. */
export interface Lookup {
  readonly values: readonly (string | undefined)[]
  readonly mark: Mark
  /** Milliseconds for which all that was found may still be kept; infinite where nothing was. */
  readonly restMs: number
}

/** Something to be kept. */
export interface NewEntry {
  readonly key: string
  /** Names of the entities whose values it holds: invalidating any of them drops it. */
  readonly tags: readonly string[]
  readonly text: string
  readonly maxAgeMs: number
}

/** What a store holds, as far as it knows. */
export interface StoreSize {
  readonly entries: number
  readonly bytes: number
}

/** At once, or later. */
export type Awaitable<T> = T | Promise<T>

/**
 * Keeps texts for a while. What was invalidated after `mark` is not kept any more: a slow read cannot bring an old value back. All
 * calls take effect in the order in which they are made.
 */
export interface CacheStore {
  read(keys: readonly string[]): Awaitable<Lookup>
  /** Keeps the entries of which nothing was invalidated since the mark; says how many. */
  write(entries: readonly NewEntry[], mark: Mark): Awaitable<number>
  /** Drops every entry with one of the tags; says how many. */
  invalidate(tags: readonly string[]): Awaitable<number>
  /** Drops everything, also what is being read. */
  clear(): Awaitable<void>
  size(): Awaitable<StoreSize>
  /** All keys and texts, for proofs of what is not in it. */
  dump(): Awaitable<readonly string[]>
  stop(): Promise<void>
}

/** How long an invalidation is remembered: longer than any read may take. What began before that is not kept. */
export const readMsMax = 30_000
