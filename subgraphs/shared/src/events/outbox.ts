import type { EventPayloads, EventType, PasarEvent } from '@pasar/schema/events'
import type { Clock } from '../clock.ts'
import type { Domain } from '../domains.ts'
import type { SqlSeam } from '../postgres/seam.ts'

/** An event that a command puts down together with its change. */
export type NewEvent = {
  [T in EventType]: {
    readonly type: T
    /** The row whose life this event belongs to; events of one aggregate are numbered without gap. */
    readonly aggregateId: string
    /** Ids whose live streams show this event (an order, its shop, …). The aggregate itself is always one of them. */
    readonly keys?: readonly string[]
    readonly payload: EventPayloads[T]
  }
}[EventType]

/** Row of the log table. */
export interface EventRow {
  readonly id: bigint
  readonly aggregate_id: string
  readonly seq: bigint
  readonly type: EventType
  readonly payload: unknown
  readonly keys: readonly string[]
  readonly occurred_at: Date
  readonly position: bigint
}

const insert = `WITH sequence AS (
    INSERT INTO aggregate_sequence (aggregate_id, seq) VALUES ($1, 1)
    ON CONFLICT (aggregate_id) DO UPDATE SET seq = aggregate_sequence.seq + 1 RETURNING seq)
  INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
  SELECT $1, seq, $2::text, $3::jsonb, $4::text[], $5::timestamptz FROM sequence`

/** Writes an event in the caller's transaction; the relay publishes it after the commit. */
export async function enqueue(tx: SqlSeam, clock: Clock, event: NewEvent): Promise<void> {
  const { aggregateId, type, payload } = event
  const keys = [...new Set([aggregateId, ...(event.keys ?? [])])]
  await tx.$executeRawUnsafe(insert, aggregateId, type, JSON.stringify(payload), keys, clock.now())
}

/** Inserts events that are given as rows with an `entry` and its `place`; `now` is when they occurred. */
const insertingFrom = (given: string, now: string) => `input AS (
    SELECT entry, place, entry->>'aggregateId' AS aggregate_id,
      row_number() OVER (PARTITION BY entry->>'aggregateId' ORDER BY place) AS nth,
      count(*) OVER (PARTITION BY entry->>'aggregateId') AS total
    FROM ${given}),
  sequence AS (
    INSERT INTO aggregate_sequence (aggregate_id, seq) SELECT aggregate_id, count(*) FROM input GROUP BY aggregate_id ORDER BY aggregate_id
    ON CONFLICT (aggregate_id) DO UPDATE SET seq = aggregate_sequence.seq + excluded.seq RETURNING aggregate_id, seq),
  told AS (
    INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
    SELECT aggregate_id, seq - total + nth, entry->>'type', entry->'payload', ARRAY(SELECT jsonb_array_elements_text(entry->'keys')),
      ${now}::timestamptz
    FROM input JOIN sequence USING (aggregate_id) ORDER BY place)`

/** Inserts the events of the JSON and the time that the values from `$at` on are; `where` says whether. */
const inserting = (at: number, where = '') =>
  insertingFrom(`jsonb_array_elements($${at}::jsonb) WITH ORDINALITY AS given (entry, place)${where}`, `$${at + 1}`)

/** An event of a row, as SQL: whose life it belongs to, whose streams show it beside that, and each field of what it says. */
export interface RowEvent<T extends EventType> {
  readonly aggregateId: string
  readonly keys: readonly string[]
  readonly payload: Readonly<Record<keyof EventPayloads[T], string>>
}

/** As SQL, the `entry` of an event of a row. Amounts are JSON's numbers, as everywhere in events. */
export function entryOf<T extends EventType>(type: T, { aggregateId, keys, payload }: RowEvent<T>): string {
  const fields = Object.entries<string>(payload).map(([name, sql]) => `'${name}', ${sql}`)
  return `jsonb_build_object('aggregateId', ${aggregateId}, 'type', '${type}', 'keys', jsonb_build_array(${[aggregateId, ...keys].join(', ')}),
    'payload', jsonb_build_object(${fields.join(', ')}))`
}

/** Parts of a statement's WITH that tell the events which another part of it has as rows with `entry` and `place`; `now` is when they occurred. */
export const tellingRows = (part: string, now: string): string => insertingFrom(part, now)

/**
 * Parts of a statement's WITH that tell events of the change that another part of it, which returns rows, makes: where that has changed
 * nothing, nothing is told. The statement's values end with those of `eventValues`, the first of which is `$at`.
 */
export const tellingOf = (change: string, at: number): string => inserting(at, ` WHERE EXISTS (SELECT FROM ${change})`)

/** Events as values of a statement. */
export const eventValues = (clock: Clock, events: readonly NewEvent[]): readonly unknown[] => {
  const entries = events.map((event) => ({ ...event, keys: [...new Set([event.aggregateId, ...(event.keys ?? [])])] }))
  return [JSON.stringify(entries), clock.now()]
}

const insertAll = `WITH ${inserting(1)} SELECT`

/** Writes any number of events in one statement; sequence rows are taken in the order of their ids, so that two writers never block each other. */
export async function enqueueAll(tx: SqlSeam, clock: Clock, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await tx.$executeRawUnsafe(insertAll, ...eventValues(clock, events))
}

/** The event in a row of a domain's log table. */
export const eventOfRow = (domain: Domain, row: EventRow): PasarEvent =>
  ({
    id: `${domain}:${row.id}`,
    aggregateId: row.aggregate_id,
    seq: Number(row.seq),
    position: Number(row.position),
    type: row.type,
    keys: row.keys,
    occurredAt: row.occurred_at.toISOString(),
    payload: row.payload,
  }) as PasarEvent
