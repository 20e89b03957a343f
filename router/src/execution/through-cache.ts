import type { GraphQLFormattedError } from 'graphql'
import type { Flight } from '../cache/entity-cache.ts'
import type { FetchPolicy } from '../cache/fetch-policy.ts'
import type { Awaitable, Lookup, Mark, NewEntry } from '../cache/store.ts'
import type { Arrival } from './arrival.ts'
import { fail, take, type Asked } from './entity-answers.ts'
import { askEntities } from './ask-entities.ts'
import type { EntityQuestion } from './entity-question.ts'
import { isObject, type CachedReads, type Execution, type SubgraphAnswer } from './execution.ts'
import { noteEntities, notePersonal } from './making.ts'

/** A fetch of entities whose answers may be kept. */
export interface KeptFetch {
  readonly question: EntityQuestion
  readonly arrival: Arrival
  readonly policy: FetchPolicy
}

interface Wanted {
  readonly asked: Asked
  readonly reads: CachedReads
}

/** What is known of the entities, by their position. Values belong to this run: each was parsed for it alone. */
interface Progress extends Wanted {
  readonly keys: readonly string[]
  readonly lookup: Lookup
  readonly entities: unknown[]
  /** Positions that are still to be asked for by the viewer. */
  left: number[]
}

/** Takes what is known from the cache, waits for what others ask already, asks for the rest, and tells the cache. */
export function fetchThroughCache(execution: Execution, fetch: KeptFetch, wanted: Wanted): Promise<void> | undefined {
  const { asked, reads } = wanted
  const start = fetch.policy.keyStart(execution, reads.locale)
  const keys: string[] = []
  for (const representation of asked.representations) keys.push(start + representation)
  const found = reads.cache.read(keys)
  return found instanceof Promise
    ? found.then((lookup) => goOn(execution, fetch, { ...wanted, keys, lookup }))
    : goOn(execution, fetch, { ...wanted, keys, lookup: found })
}

interface Found extends Wanted {
  readonly keys: readonly string[]
  readonly lookup: Lookup | undefined
}

function goOn(execution: Execution, fetch: KeptFetch, { asked, reads, keys, lookup }: Found): Promise<void> | undefined {
  if (!lookup) return askAsViewer(execution, fetch, asked)
  const { counts } = reads.cache
  const entities: unknown[] = []
  const missing: number[] = []
  for (let index = 0; index < keys.length; index++) {
    const text = lookup.values[index]
    entities.push(text === undefined ? undefined : JSON.parse(text))
    if (text === undefined) missing.push(index)
  }
  counts.hits += keys.length - missing.length
  counts.misses += missing.length
  if (missing.length > 0) return askFor(execution, fetch, { asked, reads, keys, entities, left: missing, lookup })
  counts.fetchesSaved += 1
  if (execution.making) noteEntities(execution.making, fetch.policy, { asked, entities, restMs: lookup.restMs })
  take(execution, fetch.arrival, { asked, answer: { data: { _entities: entities } } })
  return undefined
}

async function askFor(execution: Execution, fetch: KeptFetch, progress: Progress): Promise<void> {
  const { reads, keys } = progress
  const own: number[] = []
  const joined = new Map<Flight, number[]>()
  for (const index of progress.left) {
    const flight = reads.cache.flightOf(keys[index]!)
    const known = flight && joined.get(flight)
    if (known) known.push(index)
    else if (flight) joined.set(flight, [index])
    else own.push(index)
  }
  progress.left = []
  reads.cache.counts.joined += keys.length - own.length - countKnown(progress)
  const asking = own.length > 0 ? askAsGuest(execution, fetch, { progress, own }) : undefined
  if (!asking) reads.cache.counts.fetchesSaved += 1
  // They may have begun before this run did.
  if (joined.size > 0) notePersonal(execution)
  for (const [flight, positions] of joined) {
    await flight.landed
    board(execution, progress, { flight, positions })
  }
  await asking
  const { asked, entities, left, lookup } = progress
  const { making } = execution
  if (making && left.length === 0) noteEntities(making, fetch.policy, { asked, entities, restMs: lookup.restMs })
  const rest = left.length === 0 ? undefined : askAsViewer(execution, fetch, part(asked, left))
  const known = left.length === 0 ? asked : part(asked, without(entities, left))
  const values = left.length === 0 ? entities : without(entities, left).map((index) => entities[index])
  take(execution, fetch.arrival, { asked: known, answer: { data: { _entities: values } } })
  await rest
}

const countKnown = ({ entities }: Progress): number =>
  entities.reduce<number>((sum, one) => (one === undefined ? sum : sum + 1), 0)

/** Positions that are not in `left`. */
const without = (entities: readonly unknown[], left: readonly number[]): number[] =>
  entities.map((_, index) => index).filter((index) => !left.includes(index))

const part = ({ representations, targets }: Asked, positions: readonly number[]): Asked => ({
  representations: positions.map((index) => representations[index]!),
  targets: positions.map((index) => targets[index]!),
})

/** Takes what another one's question has brought. */
function board(
  execution: Execution,
  { asked, entities, keys, left }: Progress,
  { flight, positions }: { readonly flight: Flight; readonly positions: readonly number[] },
): void {
  if (flight.failure) {
    fail(execution, part(asked, positions), flight.failure)
    for (const index of positions) entities[index] = failed
    return
  }
  for (const index of positions) {
    const text = flight.texts.get(keys[index]!)
    if (text === undefined) left.push(index)
    else entities[index] = JSON.parse(text)
  }
}

/** Neither an entity nor absent: an error was told. */
const failed = {}

interface Asking {
  readonly progress: Progress
  readonly own: readonly number[]
}

/** Asks as nobody in particular: so nothing that is not for everyone can come back, whatever the schema says. */
async function askAsGuest(execution: Execution, fetch: KeptFetch, { progress, own }: Asking): Promise<void> {
  const { asked, reads, keys, entities, left, lookup } = progress
  const asks = part(asked, own)
  const flown = own.map((index) => keys[index]!)
  const flight = reads.cache.begin(flown)
  const { subgraph, query, write } = fetch.question
  const body = write(execution, asks.representations)
  reads.cache.counts.fetchesSent += 1
  let written: Awaitable<void> = undefined
  try {
    const answer = await reads.sendAsGuest({ subgraph, kind: 'query', query, body })
    const found = entitiesOf(answer)
    if (found) written = keep(fetch, { reads, asks, flown, flight, mark: lookup.mark }, found)
    else reads.cache.counts.notKept += own.length
    for (let at = 0; at < own.length; at++) {
      const entity = found?.[at]
      // What is absent for a guest may be there for the viewer.
      if (isObject(entity) || (found && reads.asGuest)) entities[own[at]!] = entity
      else left.push(own[at]!)
    }
  } catch (error) {
    flight.failure = error as GraphQLFormattedError
    fail(execution, asks, flight.failure)
    for (const index of own) entities[index] = failed
  } finally {
    reads.cache.end(flight, flown, written)
  }
}

/** Undefined for an answer with errors: whoever wants it asks for themselves and gets them told. */
function entitiesOf({ data, errors }: SubgraphAnswer): readonly unknown[] | undefined {
  if (errors && errors.length > 0) return undefined
  const entities = data?.['_entities']
  return Array.isArray(entities) ? (entities as unknown[]) : undefined
}

interface Keeping {
  readonly reads: CachedReads
  readonly asks: Asked
  readonly flown: readonly string[]
  readonly flight: Flight
  readonly mark: Mark
}

/** Before anything is merged: what is merged belongs to the run. */
function keep({ policy }: KeptFetch, { reads, asks, flown, flight, mark }: Keeping, found: readonly unknown[]): Awaitable<void> {
  const entries: NewEntry[] = []
  for (let at = 0; at < flown.length; at++) {
    const entity = found[at]
    if (!isObject(entity)) continue
    const text = JSON.stringify(entity)
    flight.texts.set(flown[at]!, text)
    const tags = policy.tagsOf(asks.representations[at]!, entity)
    if (tags) entries.push({ key: flown[at]!, tags, text, maxAgeMs: policy.maxAgeMs })
    else reads.cache.counts.notKept += 1
  }
  return reads.cache.write(entries, mark)
}

function askAsViewer(execution: Execution, fetch: KeptFetch, asked: Asked): Promise<void> {
  const { arrival, question } = fetch
  notePersonal(execution)
  return askEntities(execution, question, asked.representations).then(
    (answer) => take(execution, arrival, { asked, answer }),
    (error: unknown) => fail(execution, asked, error as GraphQLFormattedError),
  )
}
