import type { GraphQLFormattedError } from 'graphql'
import type { Flight } from '../cache/entity-cache.ts'
import type { RootPolicy } from '../cache/root-policy.ts'
import type { Awaitable, Lookup } from '../cache/store.ts'
import { mergeAnswer, type Arrival } from './arrival.ts'
import { isObject, type CachedReads, type Execution, type JsonObject, type SendFetch, type SubgraphAnswer } from './execution.ts'
import { notePart, notePersonal } from './making.ts'

/** A fetch from a root whose answers may be kept. */
export interface KeptRoot {
  readonly policy: RootPolicy
  readonly arrival: Arrival
  ask(execution: Execution, send: SendFetch): Promise<SubgraphAnswer>
  fail(execution: Execution, error: unknown): void
}

interface Looked {
  readonly reads: CachedReads
  readonly key: string
  readonly lookup: Lookup
}

/** Takes the answer from the cache, waits for whoever asks the same already, or asks and tells the cache. */
export function fetchRootThroughCache(execution: Execution, fetch: KeptRoot, reads: CachedReads): Promise<void> | undefined {
  const key = fetch.policy.keyStart(execution, reads.locale)
  const found = reads.cache.read([key])
  if (found instanceof Promise)
    return found.then((lookup) => (lookup ? goOn(execution, fetch, { reads, key, lookup }) : askAsViewer(execution, fetch)))
  return found ? goOn(execution, fetch, { reads, key, lookup: found }) : askAsViewer(execution, fetch)
}

function goOn(execution: Execution, fetch: KeptRoot, looked: Looked): Promise<void> | undefined {
  const { reads, key, lookup } = looked
  const { counts } = reads.cache
  const text = lookup.values[0]
  if (text !== undefined) {
    counts.rootHits += 1
    counts.fetchesSaved += 1
    return board(execution, fetch, { looked, data: JSON.parse(text) as JsonObject })
  }
  counts.rootMisses += 1
  const flight = reads.cache.flightOf(key)
  if (!flight) return askAsGuest(execution, fetch, looked)
  counts.joined += 1
  counts.fetchesSaved += 1
  // It may have begun before this run did.
  notePersonal(execution)
  return flight.landed.then(() => {
    if (flight.failure) return fetch.fail(execution, flight.failure)
    const brought = flight.texts.get(key)
    return brought === undefined
      ? askAsViewer(execution, fetch)
      : board(execution, fetch, { looked, data: JSON.parse(brought) as JsonObject })
  })
}

/** Takes what was asked for by a guest. What is absent for a guest may be there for the viewer. */
function board(
  execution: Execution,
  fetch: KeptRoot,
  { looked: { reads, lookup }, data }: { readonly looked: Looked; readonly data: JsonObject },
): Promise<void> | undefined {
  const { policy, arrival } = fetch
  if (policy.isAbsent(data)) {
    notePersonal(execution)
    if (!reads.asGuest) return askAsViewer(execution, fetch)
  }
  if (execution.making) notePart(execution.making, policy.tagsOf(data), Math.min(policy.maxAgeMs, lookup.restMs))
  mergeAnswer(execution, arrival, { data })
  return undefined
}

/** Asks as nobody in particular: so nothing that is not for everyone can come back, whatever the schema says. */
async function askAsGuest(execution: Execution, fetch: KeptRoot, looked: Looked): Promise<void> {
  const flight = looked.reads.cache.begin([looked.key])
  const answer = await fly(execution, fetch, { looked, flight })
  if (!answer) return fetch.fail(execution, flight.failure)
  if (isWhole(answer)) return board(execution, fetch, { looked, data: answer.data })
  notePersonal(execution)
  return looked.reads.asGuest ? mergeAnswer(execution, fetch.arrival, answer) : askAsViewer(execution, fetch)
}

interface Flying {
  readonly looked: Looked
  readonly flight: Flight
}

/** Brings the answer to the cache and to who waits for it; undefined when there is none. */
async function fly(execution: Execution, fetch: KeptRoot, flying: Flying): Promise<SubgraphAnswer | undefined> {
  const { looked, flight } = flying
  const { cache, sendAsGuest } = looked.reads
  cache.counts.fetchesSent += 1
  let written: Awaitable<void> = undefined
  try {
    const answer = await fetch.ask(execution, sendAsGuest)
    if (isWhole(answer)) written = keep(fetch.policy, flying, answer.data)
    else cache.counts.notKept += 1
    return answer
  } catch (error) {
    flight.failure = error as GraphQLFormattedError
    return undefined
  } finally {
    cache.end(flight, [looked.key], written)
  }
}

/** Before it is merged: what is merged belongs to the run. */
function keep(policy: RootPolicy, { looked: { reads, key, lookup }, flight }: Flying, data: JsonObject): Awaitable<void> {
  const text = JSON.stringify(data)
  flight.texts.set(key, text)
  const tags = policy.tagsOf(data)
  if (tags) return reads.cache.write([{ key, tags, text, maxAgeMs: policy.maxAgeMs }], lookup.mark)
  reads.cache.counts.notKept += 1
}

/** An answer with errors is nobody else's: whoever wants it asks for themselves and gets them told. */
const isWhole = (answer: SubgraphAnswer): answer is SubgraphAnswer & { readonly data: JsonObject } =>
  isObject(answer.data) && (!answer.errors || answer.errors.length === 0)

function askAsViewer(execution: Execution, fetch: KeptRoot): Promise<void> {
  notePersonal(execution)
  return fetch.ask(execution, execution.send).then(
    (answer) => mergeAnswer(execution, fetch.arrival, answer),
    (error: unknown) => fetch.fail(execution, error),
  )
}
