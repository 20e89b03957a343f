import type { Bus } from './bus.ts'
import type { Clock } from '../clock.ts'
import type { Domain } from '../domains.ts'
import { limits } from '../limits.ts'
import { eventOfRow, type EventRow } from './outbox.ts'
import type { Point } from '../points.ts'
import { executeLast, type SqlSeam } from '../postgres/seam.ts'
import type { Transaction } from '../postgres/transaction.ts'
import type { Worker } from '../process/worker.ts'

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

const columns = 'id, aggregate_id, seq, type, payload, keys, occurred_at, position'

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
    SELECT id AS event_id, (SELECT coalesce(max(position), 0) FROM outbox_event) + row_number() OVER (ORDER BY id) AS next
    FROM outbox_event WHERE position IS NULL AND (SELECT locked FROM alone) ORDER BY id LIMIT $1),
  given AS (
    UPDATE outbox_event SET position = placed.next FROM placed WHERE id = event_id AND position IS NULL
    RETURNING ${columns})
  SELECT waiting, given.* FROM (SELECT EXISTS (SELECT 1 FROM outbox_event WHERE published_at IS NULL) AS waiting) AS look
  LEFT JOIN given ON true ORDER BY given.position`

type LookRow = { readonly waiting: boolean } & (EventRow | { readonly id: null })

const taken = '23505'

const bigintMax = 2n ** 63n - 1n

/**
 * The oldest events that wait, beside the newest one that is published, if that was since $2; without an id where none waits. They are published
 * in their order: what is published is looked for before the first that waits, not from behind all that do. Only one relay of a domain
 * publishes at a time, over all replicas; its lock goes with the transaction. Rows are held too: what another relay has published since this
 * statement began does not wait any more.
 */
const take = `WITH alone AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('pasar relay')) AS locked),
  event AS MATERIALIZED (
    SELECT ${columns} FROM outbox_event
    WHERE published_at IS NULL AND position IS NOT NULL AND (SELECT locked FROM alone) ORDER BY position LIMIT $1 FOR NO KEY UPDATE),
  last AS (
    SELECT position, published_at FROM outbox_event
    WHERE published_at IS NOT NULL AND position < coalesce((SELECT min(position) FROM event), ${bigintMax}) ORDER BY position DESC LIMIT 1)
  SELECT locked, (SELECT position FROM last WHERE published_at > $2) AS newest, event.*
  FROM alone LEFT JOIN event ON true ORDER BY event.position`

type TakenRow = { readonly locked: boolean; readonly newest: bigint | null } & (EventRow | { readonly id: null })

const markPublished = `UPDATE outbox_event SET published_at = $2 WHERE id = ANY($1::bigint[])`

const publishedBetween = `SELECT ${columns} FROM outbox_event
  WHERE position > $1 AND position <= $2 AND published_at > $3 ORDER BY position LIMIT $4`

/** While nothing happens the bus is asked at this distance whether it has lost anything. */
const checkEveryRuns = Math.ceil(limits.busCheckMs / limits.relayPollMs)

/** Gives positions to all that is committed, announces it, and says whether anything waits to be published. */
function openPlacing({ domain, db, bus }: Pick<RelayOptions, 'domain' | 'db' | 'bus'>): () => Promise<boolean> {
  /** Another relay may be placing at this very moment: then it is its turn. */
  const look = () =>
    db
      .$queryRawUnsafe<LookRow[]>(placeAndLook, limits.relayBatchMax)
      .catch((error: unknown): LookRow[] | Promise<never> =>
        (error as { code?: unknown }).code === taken ? [{ waiting: true, id: null }] : Promise.reject(error),
      )
  return async () => {
    for (;;) {
      const rows = await look()
      const placed = rows.filter((row) => row.id !== null).map((row) => eventOfRow(domain, row))
      if (placed.length > 0) await bus.announce(domain, placed)
      if (placed.length < limits.relayBatchMax) return rows[0]!.waiting
    }
  }
}

/** Publishes what commands have put into the outbox: places new events, announces them to live streams, hands them to the bus. */
export function openRelay({ domain, db, transaction, bus, clock, point }: RelayOptions) {
  let runs = 0
  let publishing = false
  const place = openPlacing({ domain, db, bus })
  const publish = async (rows: readonly EventRow[]) => {
    const events = rows.map((row) => eventOfRow(domain, row))
    const reach = async (boundary: 'publishing' | 'published') => {
      for (const type of point ? new Set(events.map((event) => event.type)) : []) await point!(`${type}.${boundary}`, domain)
    }
    await reach('publishing')
    await bus.publish(domain, events)
    await reach('published')
  }
  /**
   * What the bus has lost of what its streams would keep (Redis emptied, or restored from an older copy), from the oldest on: it is published
   * again, and what the bus then holds says how far that has come. Inboxes make it harmless.
   */
  const readLost = async (tx: SqlSeam, newest: number, since: Date) => {
    const held = await bus.heldUpTo(domain, newest)
    if (held >= newest) return []
    return tx.$queryRawUnsafe<EventRow[]>(publishedBetween, held, newest, since, limits.relayBatchMax)
  }
  const publishBatch = async (tx: SqlSeam) => {
    const since = new Date(clock.now().getTime() - limits.streamsKeptDays * 86_400_000)
    const rows = await tx.$queryRawUnsafe<TakenRow[]>(take, limits.relayBatchMax, since)
    const { locked, newest } = rows[0]!
    const lost = locked && newest !== null ? await readLost(tx, Number(newest), since) : []
    // Before anything new: a newer event in the stream would hide the gap.
    const batch = lost.length > 0 ? lost : rows.filter((row) => row.id !== null)
    if (batch.length === 0) return { events: 0, more: false }
    await publish(batch)
    if (batch === lost) return { events: lost.length, more: true }
    const ids = batch.map((row) => row.id)
    await executeLast(tx, markPublished, ids, clock.now())
    return { events: batch.length, more: batch.length === limits.relayBatchMax }
  }
  /** Publishes everything that waits, and again what the bus has lost; says how many events. */
  const run = async (): Promise<number> => {
    const waiting = await place()
    const isCheck = runs % checkEveryRuns === 0
    runs += 1
    if (!waiting && !isCheck) return 0
    publishing = true
    let published = 0
    let more = true
    try {
      while (more) {
        const batch = await transaction(publishBatch)
        published += batch.events
        more = batch.more
      }
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
