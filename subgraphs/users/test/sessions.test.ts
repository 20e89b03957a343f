import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { guest } from '@pasar/shared/identity/viewer'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { password, startUsers, viewerOf, type Tokens, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

const afterRetryTime = () => market.clock.advance((limits.refreshRetrySeconds + 1) * 1000)
const revoked = async (sessionId: string) => {
  await market.settle()
  return market.published.filter(({ type, aggregateId }) => type === 'SessionRevoked' && aggregateId === sessionId).length
}

describe('refreshing', () => {
  it('goes on with the same session, with new tokens each time', async () => {
    const { tokens, viewer } = await market.register()
    let token = tokens.refreshToken
    const seen = new Set([token])
    for (let n = 0; n < 3; n++) {
      afterRetryTime()
      const next = await market.refresh(token)
      expect(next.__typename).toBe('RefreshSessionSuccess')
      expect(viewerOf(next.tokens.access.token)).toEqual(viewer)
      token = next.tokens.refreshToken
      seen.add(token)
    }
    expect(seen.size).toBe(4)
  })

  it('ends the session when a token comes a second time, and tells its owner and the market', async () => {
    const { tokens, viewer, email } = await market.register()
    const next = await market.refresh(tokens.refreshToken)
    afterRetryTime()
    expect(await market.refresh(tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded', code: 'SESSION_ENDED' })
    expect(await market.refresh(next.tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await market.refresh(tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await revoked(viewer.sessionId)).toBe(1)
    expect(market.mailbox.to(email).map(({ subject }) => subject)).toEqual(['A Pasar session was ended'])
  })

  it('gives a lost reply again for a moment: the same token, not another one', async () => {
    const { tokens } = await market.register()
    const first = await market.refresh(tokens.refreshToken)
    market.clock.advance(5_000)
    const second = await market.refresh(tokens.refreshToken)
    expect(second.tokens.refreshToken).toBe(first.tokens.refreshToken)
  })

  it('does not give it again once it has arrived, that is, once the next token was used', async () => {
    const { tokens, viewer } = await market.register()
    const next = await market.refresh(tokens.refreshToken)
    await market.refresh(next.tokens.refreshToken)
    expect(await market.refresh(tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await revoked(viewer.sessionId)).toBe(1)
  })

  it('leaves one line of tokens when twenty tabs refresh at once', async () => {
    const { tokens } = await market.register()
    const results = await Promise.all(Array.from({ length: 20 }, () => market.refresh(tokens.refreshToken)))
    expect(new Set(results.map(({ __typename }) => __typename))).toEqual(new Set(['RefreshSessionSuccess']))
    const next = new Set(results.map(({ tokens: { refreshToken } }) => refreshToken))
    expect(next.size).toBe(1)
    expect(await market.refresh([...next][0]!)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
  })

  it('ends with a session that nobody used for a month', async () => {
    const { tokens } = await market.register()
    market.clock.advance(limits.refreshTokenDays * 86_400_000)
    expect(await market.refresh(tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
  })

  it('takes no token that was never given, and names what is none', async () => {
    expect(await market.refresh('A'.repeat(43))).toMatchObject({ __typename: 'SessionEnded' })
    const query = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { __typename } }'
    expect(await market.refusalOf({ query, variables: { input: { refreshToken: 'eyJh' } } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'refreshToken',
    })
  })
})

describe('signing out', () => {
  it('ends the session of a refresh token, once', async () => {
    const { tokens, viewer } = await market.register()
    const { refreshToken } = tokens
    const out = () => market.run('signOut', { refreshToken }, { fields: 'endedSessions' })
    expect(await out()).toEqual({ __typename: 'SignOutSuccess', endedSessions: 1 })
    expect(await out()).toEqual({ __typename: 'SignOutSuccess', endedSessions: 0 })
    expect(await market.refresh(refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await revoked(viewer.sessionId)).toBe(1)
  })

  it('ends the session of the access token, or all of the account', async () => {
    const person = await market.register()
    const others = await Promise.all([market.signIn(person.email), market.signIn(person.email)])
    expect(await market.run('signOut', {}, { as: person.viewer, fields: 'endedSessions' })).toMatchObject({ endedSessions: 1 })
    expect(await market.run('signOut', { everywhere: true }, { as: person.viewer, fields: 'endedSessions' })).toMatchObject({
      endedSessions: 2,
    })
    for (const { tokens } of others)
      expect(await market.refresh(tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
  })

  it('asks a guest for the token, and does not end the sessions of others', async () => {
    const query = 'mutation ($input: SignOutInput!) { signOut(input: $input) { __typename } }'
    expect(await market.refusalOf({ query, variables: { input: {} } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'refreshToken',
    })
    expect(await market.refusalOf({ query, variables: { input: { everywhere: true } } })).toMatchObject({
      code: 'UNAUTHENTICATED',
    })
    const [one, other] = [await market.register(), await market.register()]
    const as = { ...one.viewer, sessionId: other.viewer.sessionId }
    expect(await market.run('signOut', {}, { as, fields: 'endedSessions' })).toMatchObject({ endedSessions: 0 })
  })
})

describe('many sessions of one account', () => {
  it('are ended with as many statements as one', async () => {
    const cost = async (sessions: number) => {
      const { email, viewer } = await market.register()
      for (let n = 1; n < sessions; n++) await market.signIn(email)
      const from = market.statements.length
      expect(await market.run('signOut', { everywhere: true }, { as: viewer, fields: 'endedSessions' })).toMatchObject({
        endedSessions: sessions,
      })
      return market.statements.length - from
    }
    expect(await cost(30)).toBe(await cost(1))
  })

  it('are fifty at most: one more ends the one that was unused for the longest, and tells the market', async () => {
    const person = await market.register()
    const signIn = async () => {
      market.clock.advance(1000)
      return (await market.signIn(person.email)).tokens
    }
    const [oldest, second] = [await signIn(), await signIn()]
    for (let n = 3; n < limits.sessionsPerAccountMax; n++) await signIn()
    market.clock.advance(1000)
    const used = (await market.refresh(person.tokens.refreshToken)).tokens
    expect(await revoked(viewerOf(oldest.access.token).sessionId)).toBe(0)
    const newest = await signIn()
    expect(await revoked(viewerOf(oldest.access.token).sessionId)).toBe(1)
    expect(await market.refresh(oldest.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    for (const { refreshToken } of [used, second, newest])
      expect(await market.refresh(refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
  })
})

describe('the signing key', () => {
  it('is the one of the environment where there is one', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const key = generateKeyPairSync('ed25519').privateKey
    const other = await startUsers({ ACCESS_TOKEN_KEY: key.export({ format: 'der', type: 'pkcs8' }).toString('base64') })
    const [published] = (await other.users().jwks()).keys
    await other.stop()
    expect(published!.x).toBe(key.export({ format: 'jwk' }).x)
  })

  it('is replaced without signing anybody out: the first one signs, and those before it are still believed', async () => {
    const { newSigningKey } = await import('../src/access-tokens.ts')
    const [old, next] = [newSigningKey(), newSigningKey()]
    const signedBy = async (ACCESS_TOKEN_KEY: string) => {
      const users = await startUsers({ ACCESS_TOKEN_KEY })
      const { tokens } = await users.register()
      const { keys } = await users.users().jwks()
      await users.stop()
      return { kid: decodeProtectedHeader(tokens.access.token).kid, kids: keys.map(({ kid }) => kid) }
    }
    const before = await signedBy(old)
    expect(await signedBy(`${old}, ${next}`)).toEqual({ kid: before.kid, kids: [before.kid, expect.any(String)] })
    const during = await signedBy(`${next},${old}`)
    expect(during.kids).toEqual([during.kid, before.kid])
    expect(during.kid).not.toBe(before.kid)
    expect(await signedBy(next)).toEqual({ kid: during.kid, kids: [during.kid] })
  })

  it('outlives the process: all processes of a market sign with the one in the database', async () => {
    const { openAccessTokens } = await import('../src/access-tokens.ts')
    const { keepSigningKey } = await import('../src/store/signing-keys.ts')
    const { openDatabase } = await import('../src/store/database.ts')
    const { openPostgres } = await import('@pasar/shared/postgres/pool')
    const postgres = openPostgres({ url: market.databaseUrl })
    const db = openDatabase(postgres.adapter)
    const key = await keepSigningKey(db, () => 'another proposal', market.clock.now())
    await db.$disconnect()
    await postgres.stop()
    expect(await (await openAccessTokens(key, market.clock)).jwks()).toEqual(await market.users().jwks())
  })
})

describe('housekeeping', () => {
  it('forgets sessions and tokens a week after their end', async () => {
    const tokens: Tokens[] = [(await market.register()).tokens, (await market.register()).tokens]
    market.clock.advance((limits.refreshTokenDays + 8) * 86_400_000)
    const { tokens: fresh } = await market.register()
    await market.settle()
    const { Client } = await import('pg')
    const client = new Client({ connectionString: market.databaseUrl })
    await client.connect()
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM refresh_token')
    await client.end()
    expect(rows[0]!.count).toBe('1')
    expect(await market.refresh(tokens[0]!.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await market.refresh(fresh.refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
  })
})

it('a session id that nobody has opens no shop', async () => {
  const { viewer } = await market.register()
  const input = { slug: 'tanpa-sesi', name: 'Tanpa Sesi', regencyCode: '31.73' }
  const as = { ...viewer, sessionId: newId('session') }
  expect(await market.run('openShop', input, { as })).toMatchObject({ __typename: 'SessionEnded' })
})

describe('which sessions go on no longer', () => {
  const query = 'query ($ids: [ID!]!) { usersEndedSessions(ids: $ids) }'
  const router = { kind: 'service', name: 'router' } as const

  it('is told to the router, for those that were signed out, suspended, ended by a new password or never were', async () => {
    const people = await Promise.all([market.register(), market.register(), market.register()])
    const [open, signedOut, suspended] = people
    const never = newId('session')
    await market.run('signOut', {}, { as: signedOut.viewer })
    const admin = await market.staff('admin')
    await market.run('suspendUser', { userId: suspended.id, reason: 'menipu' }, { as: admin })
    const other = await market.signIn(open.email)
    const elsewhere = viewerOf(other.tokens.access.token)
    await market.run(
      'changePassword',
      { currentPassword: password, newPassword: 'rahasia lain yang panjang' },
      { as: open.viewer },
    )
    const ids = [open, signedOut, suspended].map(({ viewer }) => viewer.sessionId)
    const asked = await market.ask<string[]>({ query, variables: { ids: [...ids, elsewhere.sessionId, never] }, as: router })
    expect(asked).toEqual([signedOut.viewer.sessionId, suspended.viewer.sessionId, elsewhere.sessionId, never])
  })

  it('is told to nobody else', async () => {
    const { viewer } = await market.register()
    for (const as of [viewer, await market.staff('admin'), guest])
      expect(await market.refusalOf({ query, variables: { ids: [viewer.sessionId] }, as })).toMatchObject({
        code: as.kind === 'guest' ? 'UNAUTHENTICATED' : 'FORBIDDEN',
      })
    const { errors } = await market.executeAsOrders({ query, variables: { ids: [viewer.sessionId] } })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
  })
})
