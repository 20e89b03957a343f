import type { OrderEndReason, PlacePayload } from '@pasar/schema/events/orders'
import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import { afterTime, type Page } from '@pasar/shared/page'
import { deadlineRules } from '../domain/deadlines.ts'
import type { Order, OrderState, RejectReason, ReturnSolution } from '../domain/order.ts'
import type { Tx } from './client.ts'

type Row = NonNullable<Awaited<ReturnType<Tx['shopOrder']['findUnique']>>>

const toOrder = (row: Row): Order => ({
  ...row,
  id: row.id as Id<'order'>,
  checkoutId: row.checkoutId as Id<'checkout'>,
  shopId: row.shopId as Id<'shop'>,
  buyerId: row.buyerId as Id<'account'>,
  state: row.state as OrderState,
  endReason: row.endReason as OrderEndReason | null,
  rejectReason: row.rejectReason as RejectReason | null,
  itemsTotal: row.itemsTotal as Minor,
  shippingCost: row.shippingCost as Minor,
  origin: row.origin as unknown as PlacePayload,
  destination: row.destination as unknown as PlacePayload,
  returnSolution: row.returnSolution as ReturnSolution | null,
  refundedItems: row.refundedItems as Minor,
  refundedShipping: row.refundedShipping as Minor,
})

export const findOrders = async (db: Tx, ids: readonly string[]): Promise<Order[]> =>
  (await db.shopOrder.findMany({ where: { id: { in: [...ids] } } })).map(toOrder)

export const findOrdersOfCheckouts = async (db: Tx, checkoutIds: readonly string[]): Promise<Order[]> =>
  (await db.shopOrder.findMany({ where: { checkoutId: { in: [...checkoutIds] } }, orderBy: { shopId: 'asc' } })).map(toOrder)

/** An order whose row nobody else changes before the transaction is over. */
export async function lockOrder(tx: Tx, id: string): Promise<Order | undefined> {
  const locked = await tx.$queryRawUnsafe<{ id: string }[]>('SELECT id FROM shop_order WHERE id = $1 FOR UPDATE', id)
  return locked.length === 0 ? undefined : (await findOrders(tx, [id]))[0]
}

export const addOrders = (tx: Tx, orders: readonly Order[]) =>
  tx.shopOrder.createMany({
    data: orders.map((order) => ({ ...order, origin: { ...order.origin }, destination: { ...order.destination } })),
  })

/** Writes what a move changes, if the order is still in the version that was moved; false when it is not. */
export async function saveMove(tx: Tx, order: Order): Promise<boolean> {
  const { id, version, state, code, endReason, rejectReason, reservedAs, paidAt } = order
  const { booked, cancelAsked, returnSolution, returnBooked, refundedItems, refundedShipping } = order
  const after = { booked, cancelAsked, returnSolution, returnBooked, refundedItems, refundedShipping }
  const data = { version, state, code, endReason, rejectReason, reservedAs, paidAt, ...after }
  return (await tx.shopOrder.updateMany({ where: { id, version: version - 1 }, data })).count === 1
}

/** Notes that an order was not shipped in time; says whether it was still to be shipped. */
export const markShipLate = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.shopOrder.updateMany({ where: { id, state: { in: [...deadlineRules.SHIP.runsIn] } }, data: { shipLate: true } }))
    .count === 1

/** Which orders a list shows. */
export interface OrderSelection {
  readonly buyerId?: string
  readonly shopId?: string
  readonly states?: readonly OrderState[]
  readonly from?: Date
  readonly to?: Date
}

/** One page of orders, newest first, and one more row. */
export async function pageOfOrders(db: Tx, { states, from, to, ...owner }: OrderSelection, page: Page): Promise<Order[]> {
  const placed = { ...(from && { gte: from }), ...(to && { lt: to }) }
  const where = { ...owner, ...(states && { state: { in: [...states] } }), ...((from ?? to) && { placedAt: placed }) }
  const after = afterTime(page)
  const before = after && beforeCursor(after)
  const rows = await db.shopOrder.findMany({
    where: before ? { AND: [where, before] } : where,
    orderBy: [{ placedAt: 'desc' }, { id: 'desc' }],
    take: page.first + 1,
  })
  return rows.map(toOrder)
}

const beforeCursor = ({ time, id }: NonNullable<ReturnType<typeof afterTime>>) => ({
  placedAt: { lte: time },
  OR: [{ placedAt: { lt: time } }, { id: { lt: id } }],
})
