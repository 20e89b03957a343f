import type { GraphQLFormattedError } from 'graphql'
import type { Awaitable, CacheStore, Lookup, Mark, NewEntry, StoreSize } from './store.ts'

/** What the cache has done since it was opened. */
export interface CacheStats {
  /** Entities that were known. */
  readonly hits: number
  /** Entities that had to be asked for. */
  readonly misses: number
  /** Whole answers of fetches from a root that were known, and those that had to be asked for. */
  readonly rootHits: number
  readonly rootMisses: number
  /** Operations whose answer was known as it is sent, and those that might have been. */
  readonly answerHits: number
  readonly answerMisses: number
  /** Misses that waited for somebody else's question instead of asking. */
  readonly joined: number
  /** Fetches that were not sent, because everything was known or asked already. */
  readonly fetchesSaved: number
  readonly fetchesSent: number
  readonly written: number
  /** Answers that were not kept: invalidated while they were read, too large, with errors, or without an id. */
  readonly notKept: number
  /** Events that dropped something or might have. */
  readonly invalidations: number
  readonly dropped: number
  /** Fetches that went past the cache while events could not be heard, or the store did not answer. */
  readonly bypassed: number
  readonly entries: number
  readonly bytes: number
}

type Counts = { -readonly [N in Exclude<keyof CacheStats, 'entries' | 'bytes'>]: number }

/** Entities that one fetch asks for; others who want the same wait for it. */
export class Flight {
  readonly texts = new Map<string, string>()
  /** Why there is no answer at all. */
  failure: GraphQLFormattedError | undefined
  readonly landed: Promise<void>
  /** Invalidations before it began: later readers must not join. */
  readonly generation: number
  land: () => void = nothing

  constructor(generation: number) {
    this.generation = generation
    this.landed = new Promise((resolve) => (this.land = resolve))
  }
}

const nothing = (): void => undefined

/** How soon a store that did not answer is tried again. */
const againMs = 500

const reopen = (cache: EntityCache): void => cache.reopen()

/** Public entities that were fetched before, in a store that events keep true. Nothing is read or kept while no events come. */
export class EntityCache {
  readonly #store: CacheStore
  readonly #flights = new Map<string, Flight>()
  readonly counts: Counts = {
    hits: 0,
    misses: 0,
    rootHits: 0,
    rootMisses: 0,
    answerHits: 0,
    answerMisses: 0,
    joined: 0,
    fetchesSaved: 0,
    fetchesSent: 0,
    written: 0,
    notKept: 0,
    invalidations: 0,
    dropped: 0,
    bypassed: 0,
  }
  #open = false
  #generation = 0
  #closings = 0
  #again: NodeJS.Timeout | undefined

  /** Whether events tell what changes; else entries live by their time alone, and need no id. */
  readonly isTold: boolean

  constructor(store: CacheStore, isTold = true) {
    this.#store = store
    this.isTold = isTold
  }

  /** Grows with everything that makes known values old: who reads after it must not share with who read before. */
  get generation(): number {
    return this.#generation
  }

  /** Looks up what is kept; undefined while the cache must not be used. */
  read(keys: readonly string[]): Awaitable<Lookup | undefined> {
    if (!this.#open) return this.#bypass()
    const found = this.#store.read(keys)
    if (!(found instanceof Promise)) return found
    return found.then(
      (lookup) => this.#looked(lookup),
      () => this.#bypass(),
    )
  }

  /** Whoever asks for this entity already, if its answer will be new enough. */
  flightOf(key: string): Flight | undefined {
    const flight = this.#flights.get(key)
    return flight?.generation === this.#generation ? flight : undefined
  }

  begin(keys: readonly string[]): Flight {
    const flight = new Flight(this.#generation)
    for (const key of keys) this.#flights.set(key, flight)
    return flight
  }

  /**
   * Lets go of who waits for a flight, and of its keys as soon as the store has what it brought: who looked them up before that and
   * hears only now that they are missing still finds the flight.
   */
  end(flight: Flight, keys: readonly string[], written: Awaitable<void>): void {
    flight.land()
    if (written instanceof Promise) void written.then(() => this.#forget(flight, keys))
    else this.#forget(flight, keys)
  }

  /** Keeps what was read at the mark, as far as nothing of it has been invalidated since. */
  write(entries: readonly NewEntry[], mark: Mark): Awaitable<void> {
    if (!this.#open || entries.length === 0) return
    const written = this.#store.write(entries, mark)
    if (written instanceof Promise) return written.then((count) => this.#wrote(count, entries.length), nothing)
    this.#wrote(written, entries.length)
  }

  /** Drops everything that holds one of the entities. */
  invalidate(tags: readonly string[]): void {
    this.#generation += 1
    this.counts.invalidations += 1
    const dropped = this.#store.invalidate(tags)
    if (dropped instanceof Promise)
      void dropped.then(
        (count) => (this.counts.dropped += count),
        // What could not be dropped must not be read.
        () => this.reopen(),
      )
    else this.counts.dropped += dropped
  }

  /** Events may be missed from here on: nothing is read or kept any more. */
  close(): void {
    this.#open = false
    this.#generation += 1
    this.#closings += 1
    clearTimeout(this.#again)
  }

  /** Events are heard from here on: begins with nothing. A store that cannot be cleared is not used until it can. */
  reopen(): void {
    this.close()
    const closings = this.#closings
    const cleared = this.#clear()
    if (cleared instanceof Promise) void cleared.then((done) => this.#cleared(done, closings))
    else this.#cleared(true, closings)
  }

  /** Begins with nothing again, if it is open. */
  forget(): void {
    if (this.#open) this.reopen()
  }

  async stats(): Promise<CacheStats> {
    return { ...this.counts, ...(await this.#size()) }
  }

  /** All keys and texts, for proofs of what is not in it. */
  async dump(): Promise<readonly string[]> {
    return this.#store.dump()
  }

  async stop(): Promise<void> {
    this.close()
    await this.#store.stop()
  }

  /** Whoever asks for figures wants all others just then when a store does not answer: of what it holds nothing can be used. */
  async #size(): Promise<StoreSize> {
    try {
      return await this.#store.size()
    } catch {
      return { entries: 0, bytes: 0 }
    }
  }

  #forget(flight: Flight, keys: readonly string[]): void {
    for (const key of keys) if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }

  #clear(): Awaitable<boolean> {
    const cleared = this.#store.clear()
    return cleared instanceof Promise
      ? cleared.then(
          () => true,
          () => false,
        )
      : true
  }

  #cleared(done: boolean, closings: number): void {
    if (closings !== this.#closings) return
    if (done) this.#open = true
    else this.#again = setTimeout(reopen, againMs, this).unref()
  }

  /** A store that somebody emptied has lost when it began, and would keep nothing any more. */
  #looked(lookup: Lookup): Lookup | undefined {
    if (lookup.mark.epoch !== '') return lookup
    this.forget()
    return this.#bypass()
  }

  #bypass(): undefined {
    this.counts.bypassed += 1
    return undefined
  }

  #wrote(written: number, of: number): void {
    this.counts.written += written
    this.counts.notKept += of - written
  }
}
