import { cursorOfThisList } from '@pasar/shared/expectations'
import { afterTime, cursorTime, type CursorValue, type Page } from '@pasar/shared/page'
import { BadInput } from '@pasar/shared/problems'
import { rowsOf } from '@pasar/shared/statement'
import { orderStates, type Order, type OrderState } from '../domain/order.ts'
import type { Tx } from './client.ts'
import { columns } from './orders.ts'

/** In which order a list shows orders: by when they were placed, or by when their seller has to do something. */
export type OrderSort = 'NEWEST' | 'DUE'

/** States whose orders staff have to do with. */
export type QueueState = 'MEDIATION' | 'RETURN_UNBOOKED'

/** Whose orders a list shows. */
export type ListOwner = { readonly buyerId: string } | { readonly shopId: string } | { readonly queue: QueueState }

/** Which orders a list shows. */
export interface OrderSelection {
  readonly owner: ListOwner
  readonly sort: OrderSort
  readonly shopId?: string
  readonly states?: readonly OrderState[]
  readonly from?: Date
  readonly to?: Date
  readonly dueBefore?: Date
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
function conditionsOf({ owner, shopId, from, to, dueBefore }: OrderSelection, add: Add): string[] {
  return [
    'buyerId' in owner ? `buyer_id = ${add(owner.buyerId, 'text')}` : '',
    'shopId' in owner ? `shop_id = ${add(owner.shopId, 'text')}` : '',
    'queue' in owner ? `state = '${owner.queue}'` : '',
    shopId ? `shop_id = ${add(shopId, 'text')}` : '',
    from ? `placed_at >= ${add(from, 'timestamptz')}` : '',
    to ? `placed_at < ${add(to, 'timestamptz')}` : '',
    dueBefore ? `${dueAt} < ${add(dueBefore, 'timestamptz')}` : '',
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

/** One page of orders, and one more row, in one statement. */
export async function pageOfOrders(db: Tx, selection: OrderSelection, page: Page): Promise<ListedOrder[]> {
  const values: unknown[] = []
  const add: Add = (value, type) => `$${values.push(value)}::${type}`
  const { key, direction, beyond } = sorts[selection.sort]
  const place = placeAfter(selection.sort, page)
  const after = place ? [`(${key}, id) ${beyond} (${add(place.time, 'timestamptz')}, ${add(place.id, 'text')})`] : []
  const ids = firstOf(selection, add, { and: after, atMost: add(page.first + 1, 'bigint') })
  const sql = `SELECT ${columns}, seller_due_at AS "sellerDueAt" FROM shop_order WHERE id = ANY(ARRAY(SELECT id FROM (${ids}) AS page))
    ORDER BY ${key} ${direction}, id ${direction}`
  return db.$queryRawUnsafe<ListedOrder[]>(sql, ...values)
}
