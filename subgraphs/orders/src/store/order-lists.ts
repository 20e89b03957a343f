import { cursorOfThisList } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import { afterTime, cursorTime, type CursorValue, type Page } from '@pasar/shared/subgraph/page'
import { BadInput } from '@pasar/shared/problems'
import { rowsOf } from '@pasar/shared/postgres/statement'
import { orderStates, type Order, type OrderState } from '../domain/order.ts'
import type { OrderSearch } from '../domain/order-search.ts'
import type { Tx } from './database.ts'
import { columns } from './orders.ts'

/** In which order a list shows orders: by when they were placed, or by when their seller has to do something. */
export type OrderSort = 'NEWEST' | 'DUE'

/** States whose orders staff have to do with. */
export type QueueState = 'MEDIATION' | 'RETURN_UNBOOKED'

/** Whose orders a list shows. */
export type ListOwner = { readonly buyerId: string } | { readonly shopId: string } | { readonly queue: QueueState }

type Said<T> = T | null | undefined

/** Which orders a list shows; what is not said leaves none out. */
export interface OrderSelection {
  readonly owner: ListOwner
  readonly sort: OrderSort
  readonly shopId?: Said<string>
  readonly states?: Said<readonly OrderState[]>
  readonly from?: Said<Date>
  readonly to?: Said<Date>
  readonly dueBefore?: Said<Date>
  readonly search?: OrderSearch | undefined
}

/** An order as a list has it. */
export type ListedOrder = Order & { readonly sellerDueAt: Date | null }

/** Word for word that of its index: what waits for nothing of the seller comes last. */
const dueAt = `coalesce(seller_due_at, 'infinity')`

const sorts = {
  NEWEST: { key: 'placed_at', direction: 'DESC', beyond: '<', cursorLength: 2 },
  DUE: { key: dueAt, direction: 'ASC', beyond: '>', cursorLength: 3 },
} as const

/** How many values a cursor of this order has: those of one are none of the other. */
export const cursorLengthOf = (sort: OrderSort): number => sorts[sort].cursorLength

/** Where an order stands in a list. */
export const cursorOf = (sort: OrderSort, { placedAt, sellerDueAt, id }: ListedOrder): readonly CursorValue[] =>
  sort === 'DUE' ? [sort, sellerDueAt?.toISOString() ?? null, id] : [placedAt.toISOString(), id]

interface Place {
  readonly time: Date | 'infinity'
  readonly id: string
}

/** Where a list goes on; throws BadInput for a cursor of another one. */
function placeAfter(sort: OrderSort, page: Page): Place | undefined {
  if (sort === 'NEWEST' || !page.after) return afterTime(page)
  const [mark, due, id] = page.after
  const time = due === null ? 'infinity' : cursorTime(due)
  if (mark !== sort || !time || typeof id !== 'string') throw new BadInput('after', cursorOfThisList)
  return { time, id }
}

/** Adds a value to a statement and gives its parameter as it stands in the text. */
type Add = (value: unknown, type: string) => string

/** The conditions of a list that do not depend on the state. A queue's are those of its partial index. */
function conditionsOf({ owner, shopId, from, to, dueBefore, search }: OrderSelection, add: Add): string[] {
  return [
    'buyerId' in owner ? `buyer_id = ${add(owner.buyerId, 'text')}` : '',
    'shopId' in owner ? `shop_id = ${add(owner.shopId, 'text')}` : '',
    'queue' in owner ? `state = '${owner.queue}'` : '',
    shopId && !('shopId' in owner) ? `shop_id = ${add(shopId, 'text')}` : '',
    from ? `placed_at >= ${add(from, 'timestamptz')}` : '',
    to ? `placed_at < ${add(to, 'timestamptz')}` : '',
    dueBefore ? `${dueAt} < ${add(dueBefore, 'timestamptz')}` : '',
    search && 'orderId' in search ? `id = ${add(search.orderId, 'text')}` : '',
  ].filter((condition) => condition !== '')
}

interface Reach {
  /** What else must hold of each order. */
  readonly and: readonly string[]
  readonly atMost: string
}

/**
 * The first orders of a list, by `id` and the time `at` that it is sorted by. A shop's are looked for state by state, each in the order of an
 * index: what is rare is not looked for among everything that the shop has sold.
 */
function firstOf(selection: OrderSelection, add: Add, { and, atMost }: Reach): string {
  const { owner, states, sort } = selection
  const { key, direction } = sorts[sort]
  const conditions = [...conditionsOf(selection, add), ...and]
  const last = (time: string) => `ORDER BY ${time} ${direction}, id ${direction} LIMIT ${atMost}`
  const wanted = states ?? (sort === 'DUE' ? orderStates : undefined)
  const wantedSql = wanted && add([...new Set(wanted)], 'text[]')
  if (wantedSql && 'shopId' in owner)
    return `SELECT id, at FROM ${rowsOf(wantedSql)} AS wanted (state) CROSS JOIN LATERAL (
      SELECT id, ${key} AS at FROM shop_order WHERE ${[...conditions, 'state = wanted.state'].join(' AND ')} ${last(key)}) AS found ${last('at')}`
  const all = wantedSql ? [...conditions, `state = ANY(${wantedSql})`] : conditions
  return `SELECT id, ${key} AS at FROM shop_order WHERE ${all.join(' AND ')} ${last(key)}`
}

/**
 * The ids of one page, and one more. Words are looked for in the first orders of the whole list only, one after the other until the page is
 * full: so much work it is at most, wherever the page begins.
 */
function idsOfPage(selection: OrderSelection, add: Add, page: Page): string {
  const { search, sort } = selection
  const { key, direction, beyond } = sorts[sort]
  const place = placeAfter(sort, page)
  const after = (time: string) =>
    place ? [`(${time}, id) ${beyond} (${add(place.time, 'timestamptz')}, ${add(place.id, 'text')})`] : []
  const atMost = add(page.first + 1, 'bigint')
  if (!search || 'orderId' in search) return firstOf(selection, add, { and: after(key), atMost })
  const window = firstOf(selection, add, { and: [], atMost: add(limits.listWindowMax, 'bigint') })
  return `SELECT id FROM (${window}) AS looked CROSS JOIN LATERAL (
      SELECT FROM order_line WHERE order_id = looked.id
        AND lower(title || ' ' || variant_name || ' ' || sku) LIKE ALL (ARRAY(SELECT lower(unnest(${add(search.patterns, 'text[]')})))) LIMIT 1) AS hit
    WHERE ${['true', ...after('at')].join(' AND ')} ORDER BY at ${direction}, id ${direction} LIMIT ${atMost}`
}

/** One page of orders, and one more row, in one statement. */
export async function pageOfOrders(db: Tx, selection: OrderSelection, page: Page): Promise<ListedOrder[]> {
  const values: unknown[] = []
  const ids = idsOfPage(selection, (value, type) => `$${values.push(value)}::${type}`, page)
  const { key, direction } = sorts[selection.sort]
  const sql = `SELECT ${columns}, seller_due_at AS "sellerDueAt" FROM shop_order WHERE id = ANY(ARRAY(SELECT id FROM (${ids}) AS page))
    ORDER BY ${key} ${direction}, id ${direction}`
  return db.$queryRawUnsafe<ListedOrder[]>(sql, ...values)
}
