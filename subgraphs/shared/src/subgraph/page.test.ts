import { expect, it } from 'vitest'
import { afterId, afterTime, connection, encodeCursor, parsePage } from './page.ts'

it('shows 20 entries unless told otherwise', () => {
  expect(parsePage({})).toEqual({ first: 20, after: undefined })
  expect(parsePage({ first: 100, after: encodeCursor([5, 'prd_x']) })).toEqual({ first: 100, after: [5, 'prd_x'] })
})

it.each([0, -1, 101, 1.5])('refuses %s entries with a typed error', (first) => {
  expect(() => parsePage({ first })).toThrow('first: expected a whole number from 1 to 100')
})

it.each(['x', '', encodeCursor([1]), Buffer.from('[{}, 1]').toString('base64url'), encodeCursor(['\0', 1])])(
  'refuses the cursor %j',
  (after) => {
    expect(() => parsePage({ after })).toThrow('after: expected a cursor that this list gave')
  },
)

it('says whether there is more from one extra row', () => {
  const page = parsePage({ first: 2 })
  const rows = ['a', 'b', 'c']
  expect(connection(rows, page, (row) => [row, row]).pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  expect(connection(rows.slice(0, 2), page, (row) => [row, row]).pageInfo.hasNextPage).toBe(false)
  expect(connection([], page, () => []).pageInfo.endCursor).toBeNull()
})

it('goes on from an id only where the cursor has one', () => {
  const pageOf = (after?: string) => parsePage({ after }, 1)
  expect(afterId(pageOf())).toBeUndefined()
  expect(afterId(pageOf(encodeCursor(['shp_x'])))).toBe('shp_x')
  for (const value of [5, true, null])
    expect(() => afterId(pageOf(encodeCursor([value])))).toThrow('a cursor that this list gave')
})

it('goes on from a time only where the cursor has one', () => {
  const time = '2026-11-18T05:00:00.000Z'
  expect(afterTime(parsePage({}))).toBeUndefined()
  expect(afterTime(parsePage({ after: encodeCursor([time, 'ord_x']) }))).toEqual({ time: new Date(time), id: 'ord_x' })
  for (const values of [
    ['yesterday', 'ord_x'],
    ['2', 'ord_x'],
    ['2024-02-30T00:00:00Z', 'ord_x'],
    ['0000-12-31T00:00:00Z', 'ord_x'],
    [5, 'ord_x'],
    [null, 'ord_x'],
    [time, 5],
  ])
    expect(() => afterTime(parsePage({ after: encodeCursor(values) }))).toThrow('after: expected a cursor that this list gave')
})
