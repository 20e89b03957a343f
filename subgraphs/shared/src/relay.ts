import type { Bus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { Domain } from './domains.ts'
import { limits } from './limits.ts'
import { eventOfRow, type EventRow } from './outbox.ts'
import type { Point } from './points.ts'
import type { SqlSeam } from './seam.ts'
import type { Transaction } from './transaction.ts'
import type { Worker } from './worker.ts'

/** What a relay needs. */
export interface RelayOptions {
  readonly domain: Domain
  readonly db: SqlSeam
  readonly transaction: Transaction<SqlSeam>
  readonly bus: Bus
  readonly clock: Clock
  /** Called before and after each type of event is handed over; the rows are marked as published afterwards. */
  readonly point?: Point | undefined
}

/**
 * Gives positions, and says whether anything waits: what a relay asks while nothing happens, several times a second, answered by two partial
 * indexes. Positions are given here and not at the insert, so that they follow commit order; and not where they are published, so that whoever
 * is told of an event finds it, however long the publishing of those before it takes. A relay that looked before another one had placed, and
 * locked after it, either finds nothing left or would give a position twice, which the index refuses.
 */
const placeAndLook = `WITH alone AS MATERIALIZED (
    SELECT CASE WHEN EXISTS (SELECT 1 FROM outbox_event WHERE position IS NULL)
      THEN pg_try_advisory_xact_lock(hashtext('pasar relay places')) ELSE false END AS locked),
  placed AS (
    SELECT id, (SELECT coalesce(max(position), 0) FROM outbox_event) + row_number() OVER (ORDER BY id) AS next
    FROM outbox_event WHERE position IS NULL AND (SELECT locked FROM alone) ORDER BY id LIMIT $1),
  given AS (
    UPDATE outbox_event SET position = placed.next FROM placed WHERE outbox_event.id = placed.id AND outbox_event.position IS NULL
    RETURNING keys)
  SELECT EXISTS (SELECT 1 FROM outbox_event WHERE published_at IS NULL) AS waiting, (SELECT count(*) FROM given)::integer AS placed,
    ARRAY(SELECT DISTINCT unnest(keys) FROM given) AS keys`

interface Look {
  readonly waiting: boolean
  readonly placed: number
  readonly keys: readonly string[]
}

const taken = '23505'

/**
 * The oldest events that wait, beside the newest one that is published; without an id where none waits. Only one relay of a domain publishes
 * at a time, over all replicas; its lock goes with the transaction. Rows are held too: what another relay has published since this statement
 * began does not wait any more.
 */
const take = `WITH alone AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('pasar relay')) AS locked),
  event AS MATERIALIZED (
    SELECT id, aggregate_id, seq, type, payload, keys, occurred_at, position FROM outbox_event
    WHERE published_at IS NULL AND position IS NOT NULL AND (SELECT locked FROM alone) ORDER BY position LIMIT $1 FOR NO KEY UPDATE)
  SELECT locked, (SELECT max(position) FROM outbox_event WHERE published_at IS NOT NULL) AS newest, event.*
  FROM alone LEFT JOIN event ON true ORDER BY event.position`

type TakenRow = { readonly locked: boolean; readonly newest: bigint | null } & (EventRow | { readonly id: null })

const markPublished = `UPDATE outbox_event SET published_at = $2 WHERE id = ANY($1::bigint[])`

const unpublishAfter = `UPDATE outbox_event SET published_at = NULL WHERE position > $1 AND published_at IS NOT NULL AND occurred_at > $2`

/** While nothing happens the bus is asked at this distance whether it has lost anything. */
const checkEveryRuns = Math.ceil(limits.busCheckMs / limits.relayPollMs)

/** Gives positions to all that is committed, announces it, and says whether anything waits to be published. */
function openPlacing({ domain, db, bus }: Pick<RelayOptions, 'domain' | 'db' | 'bus'>): () => Promise<boolean> {
  /** Another relay may be placing at this very moment: then it is its turn. */
  const look = () =>
    db.$queryRawUnsafe<Look[]>(placeAndLook, limits.relayBatchMax).then(
      (rows) => rows[0]!,
      (error: unknown): Look | Promise<never> =>
        (error as { code?: unknown }).code === taken ? { waiting: true, placed: 0, keys: [] } : Promise.reject(error),
    )
  return async () => {
    for (;;) {
      const { waiting, placed, keys } = await look()
      if (keys.length > 0) await bus.announce(domain, keys)
      if (placed < limits.relayBatchMax) return waiting
    }
  }
}

/** Publishes what commands have put into the outbox: places new events, announces them to live streams, hands them to the bus. */
export function openRelay({ domain, db, transaction, bus, clock, point }: RelayOptions) {
  let runs = 0
  let publishing = false
  const place = openPlacing({ domain, db, bus })
  /** What the bus has lost (Redis emptied, or restored from an older copy) is published again; inboxes make it harmless. */
  const takeBackLost = async (tx: SqlSeam, published: number) => {
    const held = await bus.heldUpTo(domain, published)
    if (held >= published) return 0
    const since = new Date(clock.now().getTime() - limits.eventsKeptDays * 86_400_000)
    return tx.$executeRawUnsafe(unpublishAfter, held, since)
  }
  const takePending = async (tx: SqlSeam) => {
    const read = () => tx.$queryRawUnsafe<TakenRow[]>(take, limits.relayBatchMax)
    const rows = await read()
    const { locked, newest } = rows[0]!
    // Before anything new: a newer event in the stream would hide the gap.
    const lost = locked ? await takeBackLost(tx, Number(newest ?? 0)) : 0
    return (lost > 0 ? await read() : rows).filter((row) => row.id !== null)
  }
  const publishPending = async (tx: SqlSeam) => {
    const rows = await takePending(tx)
    if (rows.length === 0) return 0
    const events = rows.map((row) => eventOfRow(domain, row))
    const reach = async (boundary: 'publishing' | 'published') => {
      for (const type of point ? new Set(events.map((event) => event.type)) : []) await point!(`${type}.${boundary}`, domain)
    }
    await reach('publishing')
    await bus.publish(domain, events)
    await reach('published')
    const ids = rows.map((row) => row.id)
    await tx.$executeRawUnsafe(markPublished, ids, clock.now())
    return rows.length
  }
  /** Publishes everything that waits, and again what the bus has lost; says how many events. */
  const run = async (): Promise<number> => {
    const waiting = await place()
    const isCheck = runs % checkEveryRuns === 0
    runs += 1
    if (!waiting && !isCheck) return 0
    publishing = true
    let published = 0
    try {
      for (let batch: number = limits.relayBatchMax; batch === limits.relayBatchMax; published += batch)
        batch = await transaction(publishPending)
    } finally {
      publishing = false
    }
    return published
  }
  /** Places what is committed while a run hands over what was before it: live streams do not wait for consumers. */
  const placeMeanwhile = async (): Promise<number> => {
    if (publishing) await place()
    return 0
  }
  const workers: readonly Worker[] = [
    { name: `${domain} relay`, everyMs: limits.relayPollMs, onCommit: true, run },
    { name: `${domain} placing`, everyMs: limits.relayPollMs, onCommit: true, run: placeMeanwhile },
  ]
  return { run, workers }
}
