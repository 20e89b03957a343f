import { expect, it } from 'vitest'
import { connection, encodeCursor, parsePage } from './page.ts'

it('shows 20 entries unless told otherwise', () => {
  expect(parsePage({})).toEqual({ first: 20, after: undefined })
  expect(parsePage({ first: 100, after: encodeCursor([5, 'prd_x']) })).toEqual({ first: 100, after: [5, 'prd_x'] })
})

it.each([0, -1, 101, 1.5])('refuses %s entries with a typed error', (first) => {
  expect(() => parsePage({ first })).toThrow('first: expected a whole number from 1 to 100')
})

it.each(['x', '', encodeCursor([1]), Buffer.from('[{}, 1]').toString('base64url')])('refuses the cursor %j', (after) => {
  expect(() => parsePage({ after })).toThrow('after: expected a cursor that this list gave')
})

it('says whether there is more from one extra row', () => {
  const page = parsePage({ first: 2 })
  const rows = ['a', 'b', 'c']
  expect(connection(rows, page, (row) => [row, row]).pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  expect(connection(rows.slice(0, 2), page, (row) => [row, row]).pageInfo.hasNextPage).toBe(false)
  expect(connection([], page, () => []).pageInfo.endCursor).toBeNull()
})
