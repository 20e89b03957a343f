import { limits } from '@pasar/shared/limits'
import { guest } from '@pasar/shared/identity/viewer'
import { decodeJwt } from 'jose'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startUsers, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

interface Part {
  readonly sessions: readonly string[]
  readonly accounts: readonly { readonly id: string; readonly rights: number }[]
  readonly next: string | null
}

const query = 'query ($before: ID) { usersVoidTokens(before: $before) { sessions accounts { id rights } next } }'
const router = { kind: 'service', name: 'router' } as const
const part = (before: string | null = null) => market.ask<Part>({ query, variables: { before }, as: router })
const rightsIn = (token: string) => decodeJwt<{ rights: number }>(token)['rights']
const openShop = async (slug: string) => {
  const person = await market.register()
  const input = { slug, name: 'Toko Kelontong', regencyCode: '31.73' }
  const fields = 'access { token }'
  const { access } = await market.run<{ access: { token: string } }>('openShop', input, { as: person.viewer, fields })
  return { person, access }
}

it('routers are told which sessions have ended and whose rights have changed, the newest first', async () => {
  const ended = await market.register()
  await market.run('signOut', {}, { as: ended.viewer })
  const { person, access } = await openShop('toko-berubah')
  const last = await market.register()
  await market.run('signOut', {}, { as: last.viewer })
  const { sessions, accounts, next } = await part()
  expect(sessions).toEqual([last.viewer.sessionId, ended.viewer.sessionId])
  expect(accounts).toEqual([{ id: person.id, rights: rightsIn(access.token) }])
  expect(next).toBeNull()
  expect(rightsIn(person.tokens.access.token)).toBeLessThan(accounts[0]!.rights)
  const again = await market.refresh(person.tokens.refreshToken)
  expect(rightsIn(again.tokens.access.token)).toBe(accounts[0]!.rights)
})

it('and of nothing that no token outlives', async () => {
  const { person } = await openShop('toko-lama')
  market.clock.advance(limits.accessTokenMinutes * 60_000)
  expect((await part()).accounts).toContainEqual(expect.objectContaining({ id: person.id }))
  market.clock.advance((limits.voidTokensMinutes - limits.accessTokenMinutes) * 60_000)
  expect(await part()).toEqual({ sessions: [], accounts: [], next: null })
})

it('part by part, however much has happened meanwhile', async () => {
  const { viewer } = await market.register()
  await market.run('signOut', {}, { as: viewer })
  const pool = new Pool({ connectionString: market.databaseUrl, max: 1 })
  const insert = `INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
    SELECT 'usr_' || n, 1, 'AccountRegistered', '{}', '{}', $1 FROM generate_series(1, 2500) n`
  await pool.query(insert, [market.clock.now()])
  await pool.end()
  const found: string[] = []
  let parts = 0
  for (let next: string | null | undefined; next !== null; parts += 1) {
    const { sessions, next: following }: Part = await part(next)
    found.push(...sessions)
    next = following
  }
  expect({ found, parts }).toEqual({ found: [viewer.sessionId], parts: 3 })
})

it('nobody but a router is told', async () => {
  const { viewer } = await market.register()
  for (const as of [viewer, await market.staff('admin'), guest])
    expect(await market.refusalOf({ query, as })).toMatchObject({ code: as.kind === 'guest' ? 'UNAUTHENTICATED' : 'FORBIDDEN' })
  const { errors } = await market.executeAsOrders({ query })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
  expect(await market.refusalOf({ query, variables: { before: 'kemarin' }, as: router })).toMatchObject({
    code: 'BAD_USER_INPUT',
  })
})
