import { argon2id, hash } from 'argon2'
import { jwtVerify } from 'jose'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { password, startUsers, viewerOf, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

const sql = async (text: string, ...values: readonly string[]) => {
  const client = new Client({ connectionString: market.databaseUrl })
  await client.connect()
  try {
    return await client.query<{ line: string }>(text, [...values])
  } finally {
    await client.end()
  }
}

describe('registering', () => {
  it('makes an account, signs it in and tells the market', async () => {
    const fields = 'account { id name displayName email language roles state } tokens { access { token } refreshToken }'
    const input = { email: 'Siti.Aminah@Example.com', name: '  Siti Nur Aminah ', password, language: 'EN' }
    const result = await market.run<{ account: object; tokens: { access: { token: string } } }>('register', input, { fields })
    const viewer = viewerOf(result.tokens.access.token)
    const account = { id: viewer.accountId, name: 'Siti Nur Aminah', displayName: 'Siti A.', email: 'Siti.Aminah@Example.com' }
    expect(result.account).toEqual({ ...account, language: 'EN', roles: [], state: 'ACTIVE' })
    await market.settle()
    expect(market.published).toContainEqual(
      expect.objectContaining({ type: 'AccountRegistered', payload: { accountId: viewer.accountId } }),
    )
  })

  it('takes an e-mail address once, however it is written, also when two people try at once', async () => {
    const tries = ['kembar@example.com', 'KEMBAR@example.com', ' Kembar@Example.COM '].map((email) =>
      market.run('register', { email, name: 'Kembar', password }),
    )
    const results = (await Promise.all(tries)).map(({ __typename }) => __typename)
    expect(results.toSorted()).toEqual(['EmailTaken', 'EmailTaken', 'RegisterSuccess'])
  })

  it('takes nobody’s address by letters that only become its letters in lower case', async () => {
    const query = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }'
    const input = { email: 'e\u{212A}o@example.com', name: 'Eko', password }
    expect(await market.refusalOf({ query, variables: { input } })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'email' })
    expect((await market.register('Eko', 'eko@example.com')).email).toBe('eko@example.com')
  })

  it('refuses passwords that everyone tries first, and says so in the language of the request', async () => {
    const input = { email: 'lemah@example.com', name: 'Lemah', password: 'Password123' }
    expect(await market.run('register', input)).toMatchObject({
      __typename: 'PasswordTooCommon',
      code: 'PASSWORD_TOO_COMMON',
      message: expect.stringContaining('too common'),
    })
    const query = 'mutation ($input: RegisterInput!) { register(input: $input) { ... on Problem { message } } }'
    expect(await market.ask({ query, variables: { input }, locale: 'id' })).toMatchObject({
      message: expect.stringContaining('terlalu umum'),
    })
  })

  it.each([
    ['email', { email: 'budi' }],
    ['email', { email: 'budi@localhost' }],
    ['email', { email: `${'b'.repeat(250)}@example.com` }],
    ['email', { email: 'budi@example.com\r\nBcc: all@example.com' }],
    ['name', { name: '   ' }],
    ['name', { name: 'n'.repeat(201) }],
    ['name', { name: 'Budi\u0000' }],
    ['password', { password: 'pendek123' }],
    ['password', { password: 'p4'.repeat(65) }],
  ])('names the field %s of %j as wrong', async (field, wrong) => {
    const query = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }'
    const input = { email: 'benar@example.com', name: 'Benar', password, ...wrong }
    expect(await market.refusalOf({ query, variables: { input } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
      expected: expect.any(String),
    })
  })
})

describe('signing in', () => {
  it('gives an access token that anyone can check with the published keys', async () => {
    const { id, email } = await market.register()
    const { tokens } = await market.signIn(email.toUpperCase())
    const options = { issuer: 'pasar-users', audience: 'pasar', algorithms: ['EdDSA'], currentDate: market.clock.now() }
    const { payload, protectedHeader } = await jwtVerify(tokens.access.token, await market.keys(), options)
    expect(payload).toMatchObject({ sub: id, sid: expect.stringMatching(/^ses_/), roles: [], shops: [] })
    expect(payload.exp! - payload.iat!).toBe(600)
    expect(protectedHeader.kid).toBe((await market.users().jwks()).keys[0]!.kid)
    await expect(jwtVerify(`${tokens.access.token.slice(0, -8)}AAAAAAAA`, await market.keys(), options)).rejects.toThrow()
  })

  it('publishes public keys only, at the well-known address', async () => {
    const route = market.subgraph.routes.find(({ path }) => path === '/.well-known/jwks.json')!
    const request = {
      method: 'GET',
      url: route.path,
      path: route.path,
      parameters: {},
      headers: {},
      body: '',
    }
    const { status, body } = await route.handle(request)
    expect(status).toBe(200)
    const { keys } = JSON.parse(String(body)) as { keys: object[] }
    expect(keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), alg: 'EdDSA', use: 'sig' },
    ])
  })

  it('says exactly the same for an unknown address and for a wrong password', async () => {
    const { email } = await market.register()
    const wrong = await market.signIn(email, 'bukan kata sandinya')
    const unknown = await market.signIn('tidak.ada@example.com', 'bukan kata sandinya')
    expect(wrong).toEqual({
      __typename: 'SignInRefused',
      code: 'SIGN_IN_REFUSED',
      message: 'E-mail address or password is wrong.',
    })
    expect(unknown).toEqual(wrong)
  })

  it('hashes for an unknown address as well, so that the time tells nothing', async () => {
    const { email } = await market.register()
    const median = async (address: (n: number) => string) => {
      const times: number[] = []
      for (let n = 0; n < 9; n++) {
        const from = performance.now()
        await market.signIn(address(n), 'bukan kata sandinya')
        times.push(performance.now() - from)
        market.clock.advance(16 * 60_000)
      }
      return times.toSorted((a, b) => a - b)[4]!
    }
    const [known, unknown] = [await median(() => email), await median((n) => `entah${n}@example.com`)]
    // A missing hash makes it ten times quicker.
    expect(unknown).toBeGreaterThan(known / 3)
  })

  it.each(['known', 'unknown'])(
    'stops guessing at %s addresses after five wrong passwords, for a quarter of an hour',
    async (kind) => {
      const email = kind === 'known' ? (await market.register()).email : 'hantu@example.com'
      for (let n = 0; n < 5; n++)
        expect(await market.signIn(email, `tebakan ke-${n}`)).toMatchObject({ __typename: 'SignInRefused' })
      const limited = await market.ask<{ retryAt: string }>({
        query: 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename ... on SignInLimited { retryAt } } }',
        variables: { input: { email: email.toUpperCase(), password } },
      })
      expect(limited).toEqual({
        __typename: 'SignInLimited',
        retryAt: new Date(market.clock.now().getTime() + 15 * 60_000).toISOString(),
      })
      market.clock.advance(15 * 60_000)
      expect(await market.signIn(email)).toMatchObject({ __typename: kind === 'known' ? 'SignInSuccess' : 'SignInRefused' })
    },
  )

  it('counts guesses that are sent at once one by one', async () => {
    const { email } = await market.register()
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, n) => market.signIn(email, `tebakan ke-${n}`)))
    expect(guesses.filter(({ __typename }) => __typename === 'SignInRefused')).toHaveLength(5)
    expect(guesses.filter(({ __typename }) => __typename === 'SignInLimited')).toHaveLength(15)
  })

  it('does not count right passwords, also when many devices sign in at once', async () => {
    const { email } = await market.register()
    const results = await Promise.all(Array.from({ length: 12 }, () => market.signIn(email)))
    expect(new Set(results.map(({ __typename }) => __typename))).toEqual(new Set(['SignInSuccess']))
  })

  it('succeeds on many devices at once also where the password is hashed anew', async () => {
    const { email, id } = await market.register()
    const old = await hash(password, { type: argon2id, memoryCost: 8_192, timeCost: 2, parallelism: 1 })
    await sql('UPDATE account SET password_hash = $2 WHERE id = $1', id, old)
    const results = await Promise.all(Array.from({ length: 6 }, () => market.signIn(email)))
    expect(new Set(results.map(({ __typename }) => __typename))).toEqual(new Set(['SignInSuccess']))
    const { rows } = await sql('SELECT FROM account WHERE id = $1 AND password_hash = $2', id, old)
    expect(rows).toHaveLength(0)
  })

  it('keeps no password and no token that could be used', async () => {
    const { email, tokens } = await market.register()
    const dump = await sql(
      'SELECT row_to_json(t)::text AS line FROM account t UNION ALL SELECT row_to_json(t)::text FROM refresh_token t UNION ALL SELECT row_to_json(t)::text FROM outbox_event t',
    )
    const text = dump.rows.map(({ line }) => line).join('\n')
    expect(text).toContain(email)
    expect(text).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(text).not.toContain(password)
    expect(text).not.toContain(tokens.refreshToken)
  })
})
