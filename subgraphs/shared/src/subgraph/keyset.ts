import { cursorOfThisList } from '../expectations.ts'
import { connection, cursorTime, type Connection, type CursorValue, type Page } from './page.ts'
import { BadInput } from '../problems.ts'
import type { Reads } from '../postgres/seam.ts'

/** A column that a list is sorted by: its SQL, and what its values are. */
export interface SortColumn {
  readonly sql: string
  readonly kind: 'time' | 'whole' | 'text'
}

/** An order of a list: all columns in one direction, the unique one last. */
export interface Order {
  readonly columns: readonly SortColumn[]
  readonly descending: boolean
  /** What tells it from the other orders of its list, where there are some: a cursor of one is none of the others. */
  readonly name?: string
}

/** A row together with its sort values. */
export type Placed<T> = T & { readonly cursor: readonly CursorValue[] }

/** A page of rows that know their place. */
export const paged = <T>(rows: readonly Placed<T>[], page: Page): Connection<Placed<T>> =>
  connection(rows, page, ({ cursor }) => cursor)

/** Collects the values of a statement while its text is written. */
export class Values {
  readonly list: unknown[] = []
  /** Adds a value and gives its parameter as it stands in the text. */
  add(value: unknown, type: string): string {
    this.list.push(value)
    return `$${this.list.length}::${type}`
  }
}

const types = { time: 'timestamptz', whole: 'bigint', text: 'text' } as const

/** The expression that gives a row's cursor. */
export const cursorSql = ({ columns, name }: Order): string =>
  `jsonb_build_array(${[...marksOf(name).map((mark) => `'${mark}'`), ...columns.map(({ sql }) => sql)].join(', ')}) AS cursor`

/** How many values a cursor of an order has. */
export const cursorLength = ({ columns, name }: Order): number => marksOf(name).length + columns.length

/** What stands in a cursor before the values of its row. */
const marksOf = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name])

/**
 * The condition that a row comes after the page's cursor; true without one. It compares the columns as they are, so that an index is entered
 * where the page begins, however deep in the list that is.
 */
export function afterSql({ columns, descending, name }: Order, after: Page['after'], values: Values): string {
  if (!after) return 'true'
  const marks = marksOf(name)
  if (marks.some((mark, index) => after[index] !== mark)) throw new BadInput('after', cursorOfThisList)
  const bounds = columns.map(({ kind }, index) => values.add(checked(after[marks.length + index], kind), types[kind]))
  return `(${columns.map(({ sql }) => sql).join(', ')}) ${descending ? '<' : '>'} (${bounds.join(', ')})`
}

/** The ORDER BY of a list. */
export const orderSql = ({ columns, descending }: Order): string =>
  columns.map(({ sql }) => `${sql} ${descending ? 'DESC' : 'ASC'}`).join(', ')

/** What a list is made of. */
export interface List {
  readonly columns: string
  readonly from: string
  readonly where: string
  readonly order: Order
  readonly page: Page
}

/** The SELECT of one page of a list, and one row more; `values` holds those of its condition. */
export const pageSql = ({ columns, from, where, order, page }: List, values: Values): string =>
  `SELECT ${columns}, ${cursorSql(order)} FROM ${from} WHERE ${where} AND ${afterSql(order, page.after, values)}
    ORDER BY ${orderSql(order)} LIMIT ${values.add(page.first + 1, 'bigint')}`

/** One page (and one row more) of a list whose condition has no values. */
export function listOf<T>(db: Reads, list: List): Promise<Placed<T>[]> {
  const values = new Values()
  return db.$queryRawUnsafe(pageSql(list, values), ...values.list)
}

/** One page (and one row more) of each owner's rows, in one statement; the list's condition knows each of them as `owner.id`. */
export function listOfEach<T>(db: Reads, ownerIds: readonly string[], list: List): Promise<Placed<T>[]> {
  const values = new Values()
  const owners = values.add(ownerIds, 'text[]')
  const sql = `SELECT row.* FROM unnest(${owners}) AS owner (id) CROSS JOIN LATERAL (${pageSql(list, values)}) AS row`
  return db.$queryRawUnsafe(sql, ...values.list)
}

const readers = {
  time: cursorTime,
  whole: (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : undefined),
  text: (value: unknown) => (typeof value === 'string' ? value : undefined),
} as const

/** A cursor is the client's text: whatever does not fit its column is refused before the database sees it. */
function checked(value: CursorValue | undefined, kind: SortColumn['kind']): Date | number | string {
  const fit = readers[kind](value)
  if (fit === undefined) throw new BadInput('after', cursorOfThisList)
  return fit
}
