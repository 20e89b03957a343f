import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import type { DeadlineKind } from '../domain/deadlines.ts'
import type { OrderEvent, OrderLine, OrderParty, OrderState } from '../domain/order.ts'
import type { Tx } from './client.ts'

/** Something that happened to an order. */
export interface HistoryEntry {
  readonly orderId: Id<'order'>
  readonly version: number
  readonly event: OrderEvent
  readonly state: OrderState
  readonly code: number
  readonly party: OrderParty
  readonly actorId: string | null
  readonly note: string | null
  readonly at: Date
}

/** Until when something must have happened to an order. */
export interface Deadline {
  readonly orderId: Id<'order'>
  readonly kind: DeadlineKind
  readonly dueAt: Date
  readonly doneAt: Date | null
  readonly kept: boolean | null
}

const of = (orderIds: readonly string[]) => ({ orderId: { in: [...orderIds] } })

const readLines = async (db: Tx, where: ReturnType<typeof of> | { readonly id: { in: string[] } }): Promise<OrderLine[]> =>
  (await db.orderLine.findMany({ where, orderBy: { id: 'asc' } })).map((row) => ({
    ...row,
    id: row.id as Id<'orderLine'>,
    orderId: row.orderId as Id<'order'>,
    unitPrice: row.unitPrice as Minor,
  }))

export const findLines = (db: Tx, orderIds: readonly string[]): Promise<OrderLine[]> => readLines(db, of(orderIds))

export const findLinesById = (db: Tx, ids: readonly string[]): Promise<OrderLine[]> => readLines(db, { id: { in: [...ids] } })

export const addLines = (tx: Tx, lines: readonly OrderLine[]) => tx.orderLine.createMany({ data: [...lines] })

export const findHistory = async (db: Tx, orderIds: readonly string[]): Promise<HistoryEntry[]> =>
  (await db.orderHistory.findMany({ where: of(orderIds), orderBy: { version: 'asc' } })) as HistoryEntry[]

export const addHistory = (tx: Tx, entries: readonly HistoryEntry[]) => tx.orderHistory.createMany({ data: [...entries] })

export const findDeadlines = async (db: Tx, orderIds: readonly string[]): Promise<Deadline[]> =>
  (await db.deadline.findMany({ where: of(orderIds), orderBy: [{ dueAt: 'asc' }, { kind: 'asc' }] })) as Deadline[]

const begin = `INSERT INTO deadline (order_id, kind, due_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) ON CONFLICT (order_id, kind)
  DO UPDATE SET due_at = excluded.due_at, done_at = NULL, kept = NULL`

/** Begins deadlines; one that ran before begins anew. */
export const addDeadlines = (tx: Tx, deadlines: readonly Pick<Deadline, 'orderId' | 'kind' | 'dueAt'>[]) =>
  tx.$executeRawUnsafe(
    begin,
    deadlines.map(({ orderId }) => orderId),
    deadlines.map(({ kind }) => kind),
    deadlines.map(({ dueAt }) => dueAt),
  )

/** Settles the named deadlines of an order that still run; they were kept if they are not due yet. Says how many. */
export const settleDeadlines = (
  tx: Tx,
  orderId: string,
  { kinds, now }: { readonly kinds: readonly DeadlineKind[]; readonly now: Date },
) =>
  tx.$executeRawUnsafe(
    `UPDATE deadline SET done_at = $3::timestamptz, kept = due_at >= $3::timestamptz
      WHERE order_id = $1 AND kind = ANY($2::text[]) AND done_at IS NULL`,
    orderId,
    kinds,
    now,
  )

/** The deadline that has passed longest ago and that nobody has carried out. */
export const findMissedDeadline = async (db: Tx, now: Date) =>
  (await db.deadline.findFirst({
    where: { doneAt: null, dueAt: { lt: now } },
    orderBy: [{ dueAt: 'asc' }, { orderId: 'asc' }],
    select: { orderId: true, kind: true, order: { select: { checkoutId: true } } },
  })) as { readonly orderId: string; readonly kind: DeadlineKind; readonly order: { readonly checkoutId: string } } | null
