import { nothingWhere, timeAfter } from '@pasar/shared/expectations'
import { idParser } from '@pasar/shared/ids'
import { connection, parsePage, type Connection } from '@pasar/shared/subgraph/page'
import { BadInput } from '@pasar/shared/problems'
import { actsFor } from '@pasar/shared/identity/viewer'
import { isBuyer, maySeeForReason, seenInList, visibleCheckout, visibleOrder, type ReasonedLook } from './access.ts'
import type { OrdersContext } from './context.ts'
import type { Checkout, CheckoutState } from './domain/checkout.ts'
import { orderStates, type Order, type OrderLine } from './domain/order.ts'
import { parseOrderSearch } from './domain/order-search.ts'
import type { OrderFilter } from './generated/resolvers.ts'
import type { Loaders } from './loaders.ts'
import { findUnfinished } from './store/erased-buyers.ts'
import type { OrderRefund } from './store/refunds.ts'
import { pageOfCheckouts } from './store/checkouts.ts'
import {
  cursorLengthOf,
  cursorOf,
  pageOfOrders,
  type ListOwner,
  type OrderSelection,
  type OrderSort,
  type QueueState,
} from './store/order-lists.ts'

const parseOrderId = idParser('order')
const parseCheckoutId = idParser('checkout')
const parseShopId = idParser('shop')
const parseRefundId = idParser('refund')
const parseAccountId = idParser('account')

interface Reasoned {
  readonly reason?: string | null
}

interface ById extends Reasoned {
  readonly id: string
}

/** One order; null where the viewer may not see it. Staff say why. */
export const findOrder = async (context: OrdersContext, { id, reason = null }: ById): Promise<Order | null> =>
  visibleOrder(context, await context.loaders.order.load(parseOrderId(id)), reason)

/** One checkout; null where the viewer may not see it. Staff say why. */
export const findCheckout = async (context: OrdersContext, { id, reason = null }: ById): Promise<Checkout | null> =>
  visibleCheckout(context, await context.loaders.checkout.load(parseCheckoutId(id)), reason)

/** An order that another part of the graph refers to. */
export const referredOrder = async (context: OrdersContext, { id }: { readonly id: string }) =>
  visibleOrder(context, await context.loaders.order.load(parseOrderId(id)))

/** A checkout that another part of the graph refers to. */
export const referredCheckout = async (context: OrdersContext, { id }: { readonly id: string }) =>
  visibleCheckout(context, await context.loaders.checkout.load(parseCheckoutId(id)))

/** How a list of orders is asked for. */
export interface OrderListArguments extends Reasoned {
  readonly filter?: OrderFilter | null
  readonly search?: string | null
  readonly first?: number | null
  readonly after?: string | null
}

/** What an account has bought; null for everyone else. */
export const ordersOfUser = (context: OrdersContext, buyerId: string, args: OrderListArguments) =>
  list(context, { args, own: isBuyer(context.viewer, { buyerId }), owner: { buyerId } })

/** How a shop's list of orders is asked for. */
export interface ShopOrderListArguments extends OrderListArguments {
  readonly sort?: OrderSort | null
  readonly dueBefore?: Date | null
}

/** What a shop has sold; null for everyone but its accounts. */
export const ordersOfShop = (context: OrdersContext, shopId: string, args: ShopOrderListArguments) =>
  list(context, { args, own: actsFor(context.viewer, shopId), owner: { shopId } })

/** How many of an account's orders are in which state; null for everyone else. */
export const countsOfUser = (context: OrdersContext, buyerId: string, { reason = null }: Reasoned) =>
  counts(context, { subjectId: buyerId, own: isBuyer(context.viewer, { buyerId }), reason }, context.loaders.countsOfBuyer)

/** How many of a shop's orders are in which state; null for everyone but its accounts. */
export const countsOfShop = (context: OrdersContext, shopId: string, { reason = null }: Reasoned) =>
  counts(context, { subjectId: shopId, own: actsFor(context.viewer, shopId), reason }, context.loaders.countsOfShop)

/** How a list of checkouts is asked for. */
export interface CheckoutListArguments extends Omit<OrderListArguments, 'filter'> {
  readonly states?: readonly CheckoutState[] | null
}

/** What an account has checked out; null for everyone else. */
export async function checkoutsOfUser(
  context: OrdersContext,
  buyerId: string,
  { states = null, reason = null, ...paging }: CheckoutListArguments,
): Promise<Connection<Checkout> | null> {
  const page = parsePage(paging)
  const own = isBuyer(context.viewer, { buyerId })
  if (!(await maySeeForReason(context, { subjectId: buyerId, action: 'checkouts.list', own, reason }))) return null
  const rows = await pageOfCheckouts(context.db, { buyerId, states }, page)
  await Promise.all(rows.slice(0, page.first).map((checkout) => visibleCheckout(context, checkout, reason)))
  return connection(rows, page, ({ createdAt, id }) => [createdAt.toISOString(), id])
}

/** Orders in states that staff have to do with. */
async function queueOf(context: OrdersContext, args: OrderListArguments, state: QueueState): Promise<Connection<Order>> {
  const found = await list(context, { args, own: false, owner: { queue: state } })
  return found ?? connection<Order>([], parsePage(args), ({ id }) => [id])
}

/** Orders about whose return staff have to decide. */
export const ordersInMediation = (context: OrdersContext, args: OrderListArguments) => queueOf(context, args, 'MEDIATION')

/** Orders whose return no courier has taken in time. */
export const returnsWithoutCourier = (context: OrdersContext, args: OrderListArguments) =>
  queueOf(context, args, 'RETURN_UNBOOKED')

/** What of an account's purchases is not over yet. */
export const unfinishedOf = ({ db }: OrdersContext, accountId: string) =>
  findUnfinished(db, parseAccountId(accountId, 'accountId'))

/** A refund that another part of the graph refers to. */
export async function referredRefund(context: OrdersContext, { id }: { readonly id: string }): Promise<OrderRefund | null> {
  const refund = await context.loaders.refund.load(parseRefundId(id))
  const order = refund && (await visibleOrder(context, await context.loaders.order.load(refund.orderId)))
  return order ? refund : null
}

/** How many units of a line were neither cancelled nor sent back. */
export async function quantityLeft({ loaders }: OrdersContext, { id, orderId, quantity }: OrderLine): Promise<number> {
  const order = await loaders.order.load(orderId)
  if (!order || order.refundedItems === 0n) return quantity
  const gone = await loaders.refundsOfLine.load(id)
  return quantity - gone.reduce((total, one) => total + one.quantity, 0)
}

/** What staff's queues are called in the audit log, by the state of their orders. */
const queueNames = { MEDIATION: 'mediation', RETURN_UNBOOKED: 'returns-without-courier' } as const satisfies Record<
  QueueState,
  string
>

interface List {
  readonly args: ShopOrderListArguments
  readonly own: boolean
  readonly owner: ListOwner
}

async function list(context: OrdersContext, { args, own, owner }: List): Promise<Connection<Order> | null> {
  const sort = args.sort ?? 'NEWEST'
  const page = parsePage(args, cursorLengthOf(sort))
  const selection = selectionOf(args, owner)
  const subjectId = 'buyerId' in owner ? owner.buyerId : 'shopId' in owner ? owner.shopId : queueNames[owner.queue]
  const look: ReasonedLook = { subjectId, action: 'orders.list', own, reason: args.reason ?? null }
  if (!(await maySeeForReason(context, look))) return null
  const rows = selection ? await pageOfOrders(context.db, selection, page) : []
  if (!own) await seenInList(context, rows.slice(0, page.first), args.reason ?? null)
  return connection(rows, page, (order) => cursorOf(sort, order))
}

/** Which rows a list means; undefined where it can mean none. */
function selectionOf(args: ShopOrderListArguments, owner: ListOwner): OrderSelection | undefined {
  const filter = args.filter ?? {}
  const search = args.search == null ? undefined : parseOrderSearch(args.search)
  const sort = args.sort ?? 'NEWEST'
  refuseTimes(sort, filter, args.dueBefore)
  const shop = filter.shopId == null ? undefined : parseShopId(filter.shopId, 'filter.shopId')
  if (shop && 'shopId' in owner && owner.shopId !== shop) return undefined
  return { ...filter, owner, sort, search, dueBefore: args.dueBefore }
}

/** Each sort has an index for times of its own, and none for the other's. */
function refuseTimes(sort: OrderSort, { from, to }: OrderFilter, dueBefore: ShopOrderListArguments['dueBefore']): void {
  if (sort === 'DUE' && (from ?? to)) throw new BadInput(from ? 'filter.from' : 'filter.to', nothingWhere('sort', sort))
  if (sort !== 'DUE' && dueBefore) throw new BadInput('dueBefore', nothingWhere('sort', sort))
  if (from && to && from >= to) throw new BadInput('filter.to', timeAfter('filter.from'))
}

/** All states with their counts: a state that nothing is in has none. */
async function counts(context: OrdersContext, look: Omit<ReasonedLook, 'action'>, loader: Loaders['countsOfShop']) {
  if (!(await maySeeForReason(context, { ...look, action: 'orders.count' }))) return null
  const found = new Map((await loader.load(look.subjectId)).map(({ state, count }) => [state, count]))
  return orderStates.map((state) => ({ state, count: found.get(state) ?? 0 }))
}
