import { encodeCursor } from '@pasar/shared/subgraph/page'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startUsers, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

describe('a list', () => {
  it.each([
    ['auditLog', ['2', 'aud_x']],
    ['auditLog', ['-000001-01-01T00:00:00Z', 'aud_x']],
    ['auditLog', ['+275760-09-13T00:00:00Z', 'aud_x']],
    ['auditLog', ['2026-11-21T00:00:00Z', 5]],
    ['users', [5]],
    ['shops', [true]],
  ])('goes on behind no cursor that it never gave: %s after %j', async (list, values) => {
    const query = `query ($after: String) { ${list}(after: $after) { edges { cursor } } }`
    const as = await market.staff('admin')
    const refusal = await market.refusalOf({ query, variables: { after: encodeCursor(values) }, as })
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  })

  it('of an address book does not either', async () => {
    const { viewer } = await market.register()
    const query = 'query ($after: String) { me { addresses(after: $after) { edges { cursor } } } }'
    const refusal = await market.refusalOf({ query, variables: { after: encodeCursor([5]) }, as: viewer })
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  })
})
