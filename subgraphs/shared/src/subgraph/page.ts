import { cursorOfThisList, wholeNumber } from '../expectations.ts'
import { limits } from '../limits.ts'
import { BadInput } from '../problems.ts'

/** Forward paging arguments as a client sends them. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** Paging arguments that were checked: at most `first` rows after the row whose sort values are `after`. */
export interface Page {
  readonly first: number
  readonly after: readonly CursorValue[] | undefined
}

/** What a cursor is made of: the sort values of its row, the unique id last. */
export type CursorValue = string | number | boolean | null

/** One page in Relay's shape. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** Checks paging arguments: `first` defaults to 20 and is at most 100; anything else throws BadInput. */
export function parsePage({ first, after }: PageArguments, cursorLength = 2): Page {
  const count = first ?? limits.pageSizeDefault
  if (!Number.isInteger(count) || count < 1 || count > limits.pageSizeMax)
    throw new BadInput('first', wholeNumber(1, limits.pageSizeMax))
  return { first: count, after: after == null ? undefined : parseCursor(after, { field: 'after', length: cursorLength }) }
}

/** An opaque cursor of a row's sort values. */
export const encodeCursor = (values: readonly CursorValue[]): string => Buffer.from(JSON.stringify(values)).toString('base64url')

/** The sort values in a cursor; throws BadInput naming the field for anything that is none. */
export function parseCursor(
  cursor: string,
  { field, length }: { readonly field: string; readonly length: number },
): readonly CursorValue[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(values) && values.length === length && values.every(isCursorValue)) return values
  } catch {
    throw new BadInput(field, cursorOfThisList)
  }
  throw new BadInput(field, cursorOfThisList)
}

/** Where a list by id goes on; throws BadInput for a cursor of another list. */
export function afterId({ after }: Page): string | undefined {
  const id = after?.[0]
  if (id !== undefined && typeof id !== 'string') throw new BadInput('after', cursorOfThisList)
  return id
}

/** Where a list by time, then id, goes on; throws BadInput for a cursor of another list. */
export function afterTime({ after }: Page): { readonly time: Date; readonly id: string } | undefined {
  if (!after) return undefined
  const [text, id] = after
  const time = cursorTime(text)
  if (!time || typeof id !== 'string') throw new BadInput('after', cursorOfThisList)
  return { time, id }
}

/** The time in a cursor; undefined for what is none, as JavaScript's 2 (February of 2001) and 30th of February (the 1st of March). */
export function cursorTime(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined
  const [time, day] = [new Date(value), new Date(value.slice(0, 10))]
  const year = time.getUTCFullYear()
  return year > 0 && year < 10_000 && day.getUTCDate() === Number(value.slice(8, 10)) ? time : undefined
}

/** PostgreSQL keeps no text with a NUL in it, nor looks for one. */
const isCursorValue = (value: unknown): value is CursorValue =>
  value === null || ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && !value.includes('\0'))

/** A page from `first + 1` rows: the extra row only says that there is more. */
export function connection<T>(rows: readonly T[], page: Page, cursorOf: (row: T) => readonly CursorValue[]): Connection<T> {
  const edges = rows.slice(0, page.first).map((node) => ({ cursor: encodeCursor(cursorOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
