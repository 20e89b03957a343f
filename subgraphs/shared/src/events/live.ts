import type { PasarEvent } from '@pasar/schema/events'
import type { Bus, Stop } from './bus.ts'
import type { Domain } from '../domains.ts'
import { end, iteratorOf } from '../flow/iterators.ts'
import { limits } from '../limits.ts'
import { eventOfRow, type EventRow } from './outbox.ts'
import { BadInput } from '../problems.ts'
import type { SqlSeam } from '../postgres/seam.ts'

/** Where a live stream reads from. */
export interface LiveSource {
  readonly domain: Domain
  readonly db: SqlSeam
  readonly bus: Bus
}

/** What to follow: events that carry `key`, from after a position (default: from now on). */
export interface LiveOptions {
  readonly key: string
  readonly after?: number | undefined
  /** Keep only these events; the stream's positions go on. */
  readonly accept?: (event: PasarEvent) => boolean
}

const read = `SELECT id, aggregate_id, seq, type, payload, keys, occurred_at, position FROM outbox_event
  WHERE position > $1 AND keys @> ARRAY[$2]::text[] ORDER BY position LIMIT $3`
const newest = `SELECT coalesce(max(position), 0) AS position FROM outbox_event`

/** An opaque live cursor. */
export const liveCursor = (event: Pick<PasarEvent, 'position'>): string => Buffer.from(`p${event.position}`).toString('base64url')

const newestPosition = async ({ db }: LiveSource): Promise<number> =>
  Number((await db.$queryRawUnsafe<{ position: bigint }[]>(newest))[0]!.position)

/** Where a stream stands that begins now. */
export const presentCursor = async (source: LiveSource): Promise<string> => liveCursor({ position: await newestPosition(source) })

const notOurs = () =>
  new BadInput('after', {
    id: 'kursor yang diberikan langganan ini, atau START',
    en: 'a cursor that this subscription gave, or START',
  })

/** Instead of a cursor: everything from the first event that is still kept. Whoever begins so cannot begin too late. */
const start = 'START'

/** The position in a live cursor; throws BadInput for anything that is not one. */
export function parseLiveCursor(cursor: string | null | undefined): number | undefined {
  if (cursor == null) return undefined
  if (cursor === start) return 0
  const match = /^p(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (!match) throw notOurs()
  return Number(match[1])
}

/** What is followed: entries whose positions are in the order in which they can be read, so that none comes before one that was read. */
export interface LiveLog<T extends { readonly position: number }> {
  newest(): Promise<number>
  /** The first entries behind a position, at most `liveBatchMax`. */
  read(after: number): Promise<readonly T[]>
  /** Calls `wake` where there may be more. */
  listen(wake: () => void): Promise<Stop>
}

/** From after which position on, and which entries; the log's positions go on. */
export interface Following<T> {
  readonly after?: number | undefined
  readonly accept?: (entry: T) => boolean
}

/** The events of one key, as `follow` gives them, read from the domain's own log: announcements only say when to look. */
export const followEvents = (
  source: LiveSource,
  { key, ...following }: LiveOptions,
): Promise<AsyncIterableIterator<PasarEvent>> =>
  follow<PasarEvent>(
    {
      newest: () => newestPosition(source),
      read: async (after) => {
        const rows = await source.db.$queryRawUnsafe<EventRow[]>(read, after, key, limits.liveBatchMax)
        return rows.map((row) => eventOfRow(source.domain, row))
      },
      listen: (wake) => source.bus.listen(source.domain, key, wake),
    },
    following,
  )

/** Entries of a log, in order, without gap or duplicate. The iterator's `return` ends it at once, also while it waits. */
export async function follow<T extends { readonly position: number }>(
  log: LiveLog<T>,
  { after, accept = () => true }: Following<T>,
): Promise<AsyncIterableIterator<T>> {
  let wake: () => void = () => undefined
  let news = true
  let stopped = false
  const signal = () => {
    news = true
    wake()
  }
  const now = await log.newest()
  // A cursor from another life of this market (its data was removed or put back) would wait for ever.
  if (after !== undefined && after > now) throw notOurs()
  let position = after ?? now
  // Nobody waits for a bus that is away: what happens until it listens is looked for then, and by the poll.
  const listening = log.listen(signal)
  listening.then(signal, () => undefined)
  // A lost announcement must not hold an event back for long.
  const poll = setInterval(signal, limits.livePollMs)
  poll.unref()
  let ready: T[] = []
  const fetchMore = async () => {
    news = false
    const entries = await log.read(position)
    if (entries.length === limits.liveBatchMax) news = true
    position = entries.at(-1)?.position ?? position
    ready = entries.filter(accept)
  }
  const stop = async () => {
    if (stopped) return
    stopped = true
    clearInterval(poll)
    wake()
    listening.then(
      (stopListening) => stopListening(),
      () => undefined,
    )
  }
  // Whoever reads does not end an iterator that has failed: it lets go of what it holds by itself.
  const stopAndThrow = async (error: unknown): Promise<never> => {
    await stop()
    throw error
  }
  const next = async (): Promise<IteratorResult<T>> => {
    while (!stopped) {
      const entry = ready.shift()
      if (entry) return { value: entry, done: false }
      if (news) await fetchMore().catch(stopAndThrow)
      else await new Promise<void>((resolve) => (wake = resolve))
    }
    return end
  }
  return iteratorOf(next, stop)
}
