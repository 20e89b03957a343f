import type { Id } from '@pasar/shared/ids'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { DeadlineKind } from '../domain/deadlines.ts'
import type { OrderEvent, OrderLine, OrderParty, OrderState, RejectReason } from '../domain/order.ts'
import type { Db, Tx } from './database.ts'

/** Something that happened to an order. */
export interface HistoryEntry {
  readonly orderId: Id<'order'>
  readonly version: number
  readonly event: OrderEvent
  readonly state: OrderState
  readonly code: number
  readonly party: OrderParty
  readonly actorId: string | null
  /** Why the seller did not send it, or some of it. */
  readonly reason: RejectReason | null
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

const lineColumns = `id, order_id AS "orderId", variant_id AS "variantId", product_id AS "productId", category_id AS "categoryId", title,
  variant_name AS "variantName", sku, image_url AS "imageUrl", quantity, unit_price AS "unitPrice", discount, piece`

const linesOfOrders = `SELECT ${lineColumns} FROM order_line WHERE order_id = ${anyOf('$1::text[]')} ORDER BY id`

export const findLines = (db: Tx, orderIds: readonly string[]): Promise<OrderLine[]> =>
  db.$queryRawUnsafe<OrderLine[]>(linesOfOrders, orderIds)

const linesById = `SELECT ${lineColumns} FROM order_line WHERE id = ${anyOf('$1::text[]')} ORDER BY id`

export const findLinesById = (db: Tx, ids: readonly string[]): Promise<OrderLine[]> =>
  db.$queryRawUnsafe<OrderLine[]>(linesById, ids)

const of = (orderIds: readonly string[]) => ({ orderId: { in: [...orderIds] } })

export const findHistory = async (db: Db, orderIds: readonly string[]): Promise<HistoryEntry[]> =>
  (await db.orderHistory.findMany({ where: of(orderIds), orderBy: { version: 'asc' } })) as HistoryEntry[]

const withdrawn = `SELECT 1 FROM order_history WHERE order_id = $1 AND event = $2 AND party = $3
  AND NOT EXISTS (SELECT 1 FROM order_history WHERE order_id = $1 AND event = $4) LIMIT 1`

/** Whether the buyer of a return that was agreed to keeps the goods after all: it was withdrawn, and they did not come to the shop. */
export async function isReturnWithdrawn(tx: Tx, orderId: string): Promise<boolean> {
  const [party, ...events]: readonly [OrderParty, OrderEvent, OrderEvent] = ['BUYER', 'RETURN_CANCELLING', 'RETURN_ARRIVED']
  return (await tx.$queryRawUnsafe<unknown[]>(withdrawn, orderId, events[0], party, events[1])).length > 0
}

export const findDeadlines = async (db: Db, orderIds: readonly string[]): Promise<Deadline[]> =>
  (await db.deadline.findMany({ where: of(orderIds), orderBy: [{ dueAt: 'asc' }, { kind: 'asc' }] })) as Deadline[]

/** A deadline that has passed. */
export interface MissedDeadline {
  readonly orderId: string
  readonly kind: DeadlineKind
  readonly checkoutId: string
}

const missed = `SELECT order_id AS "orderId", kind, checkout_id AS "checkoutId" FROM deadline JOIN shop_order ON shop_order.id = order_id
  WHERE done_at IS NULL AND due_at < $1 AND order_id <> ALL($2::text[]) ORDER BY due_at, order_id LIMIT 1`

/** The deadline that has passed longest ago and that nobody has carried out, of all orders but some. */
export const findMissedDeadline = async (db: Tx, now: Date, but: readonly string[]): Promise<MissedDeadline | undefined> =>
  (await db.$queryRawUnsafe<MissedDeadline[]>(missed, now, but))[0]

const settle = `UPDATE deadline SET done_at = $3::timestamptz, kept = $4
  WHERE order_id = $1 AND kind = $2 AND done_at IS NULL AND due_at < $3::timestamptz`

/** Settles a deadline that has passed; false where it was settled, or begun anew, since somebody saw that. */
export const settleMissed = async (
  tx: Tx,
  { orderId, kind, kept }: Pick<MissedDeadline, 'orderId' | 'kind'> & { readonly kept: boolean },
  now: Date,
) => (await tx.$executeRawUnsafe(settle, orderId, kind, now, kept)) === 1
