import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { afterId, type Page } from '@pasar/shared/subgraph/page'
import { dueKinds, type DueKind, type DueState } from '../domain/courier-due.ts'
import { stateOfDue } from '../domain/courier-statement.ts'
import type { Db, Tx } from './database.ts'

/** Something that a courier owes the market, or the market owes a courier. */
export interface CourierDue {
  readonly id: Id<'courierDue'>
  readonly courierId: string
  readonly kind: DueKind
  readonly owedBy: 'COURIER' | 'MARKET'
  readonly orderId: string | null
  readonly trackingNumber: string
  readonly amount: Minor
  readonly settled: Minor
  readonly state: DueState
  readonly arisenAt: Date
  readonly endedAt: Date | null
}

const columns = `id, courier_id AS "courierId", kind, owed_by AS "owedBy", order_id AS "orderId", tracking_number AS "trackingNumber", amount, settled, state,
  arisen_at AS "arisenAt", ended_at AS "endedAt"`

/** A due that arises. */
export type NewCourierDue = Pick<
  CourierDue,
  'id' | 'courierId' | 'kind' | 'orderId' | 'trackingNumber' | 'amount' | 'arisenAt'
> & {
  /** What it arises by; the same makes it once. */
  readonly source: string
}

const add = `INSERT INTO courier_due (id, source, courier_id, kind, owed_by, order_id, tracking_number, amount, state, arisen_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'OPEN', $9) ON CONFLICT (source) DO NOTHING`

/** Puts a due down; false when it was there already. */
export async function insertDue(tx: Tx, due: NewCourierDue): Promise<boolean> {
  const { id, source, courierId, kind, orderId, trackingNumber, amount, arisenAt } = due
  const owedBy = dueKinds[kind].owedBy
  return (await tx.$executeRawUnsafe(add, id, source, courierId, kind, owedBy, orderId, trackingNumber, amount, arisenAt)) === 1
}

const lockOpen = `SELECT ${columns} FROM courier_due
  WHERE courier_id = $1 AND tracking_number = ANY($2::text[]) AND state IN ('OPEN', 'PARTLY_SETTLED') ORDER BY id FOR NO KEY UPDATE`

/** What is open with a courier about some parcels, held until the transaction ends. */
export const lockOpenDues = (tx: Tx, courierId: string, trackingNumbers: readonly string[]) =>
  tx.$queryRawUnsafe<CourierDue[]>(lockOpen, courierId, trackingNumbers)

const lockOne = `SELECT ${columns} FROM courier_due WHERE id = $1 FOR NO KEY UPDATE`

/** One due, held until the transaction ends. */
export const lockDue = async (tx: Tx, id: string): Promise<CourierDue | undefined> =>
  (await tx.$queryRawUnsafe<CourierDue[]>(lockOne, id))[0]

const settle = `UPDATE courier_due SET settled = $2, state = $3, ended_at = $4 WHERE id = $1`

/** Settles some more of a due. */
export function settleDue(tx: Tx, due: CourierDue, { amount, now }: { readonly amount: Minor; readonly now: Date }) {
  const settled = (due.settled + amount) as Minor
  const state = stateOfDue({ amount: due.amount, settled })
  return tx.$executeRawUnsafe(settle, due.id, settled, state, state === 'SETTLED' ? now : null)
}

/** Ends a due of which nobody awaits the rest. */
export const endDue = (tx: Tx, id: string, now: Date) =>
  tx.$executeRawUnsafe(`UPDATE courier_due SET state = 'WRITTEN_OFF', ended_at = $2 WHERE id = $1`, id, now)

/** Which dues to list. */
export interface DueFilter {
  readonly courierId?: string | null | undefined
  readonly kind?: DueKind | null | undefined
  readonly state?: DueState | null | undefined
}

const page = `SELECT ${columns} FROM courier_due WHERE ($1::text IS NULL OR courier_id = $1) AND ($2::text IS NULL OR kind = $2)
    AND CASE WHEN $3::text IS NULL THEN state IN ('OPEN', 'PARTLY_SETTLED') ELSE state = $3 END AND ($4::text IS NULL OR id > $4)
  ORDER BY id LIMIT $5`

/** One due more than the page holds, oldest first; open ones where no state is asked for. */
export const findDuePage = (db: Db, { courierId, kind, state }: DueFilter, asked: Page) =>
  db.$queryRawUnsafe<CourierDue[]>(page, courierId ?? null, kind ?? null, state ?? null, afterId(asked) ?? null, asked.first + 1)
