import { newId } from '@pasar/shared/ids'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInDuring, whileLocked } from './signing-in.ts'
import { startUsers, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
let admin: AccountViewer
let support: AccountViewer
beforeAll(async () => {
  market = await startUsers()
  admin = await market.staff('admin')
  support = await market.staff('support')
})
afterAll(() => market.stop())

const reason = 'Laporan penipuan #42'
interface Entry {
  readonly action: string
  readonly subjectId: string
  readonly reason: string | null
  readonly domain: string
  readonly actor: { readonly id: string }
}
const log = async (filter: object, args = '') => {
  const query = `query ($filter: AuditFilter) { auditLog(filter: $filter${args}) { edges { cursor node { action subjectId reason domain actor { id } } } pageInfo { hasNextPage } } }`
  return market.ask<{ edges: { cursor: string; node: Entry }[]; pageInfo: { hasNextPage: boolean } }>({
    query,
    variables: { filter },
    as: admin,
  })
}
const entries = async (filter: object) => (await log(filter)).edges.map(({ node }) => node)
const sql = async (text: string) => {
  const client = new Client({ connectionString: market.databaseUrl })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

describe('suspending an account', () => {
  it('ends its sessions, keeps it out, and lets it in again when it is reinstated', async () => {
    const person = await market.register()
    const input = { userId: person.id, reason }
    expect(await market.run('suspendUser', input, { as: admin, fields: 'account { state }' })).toMatchObject({
      account: { state: 'SUSPENDED' },
    })
    expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await market.signIn(person.email)).toMatchObject({ __typename: 'SignInSuspended' })
    expect(await market.signIn(person.email, 'bukan kata sandinya')).toMatchObject({ __typename: 'SignInRefused' })
    await market.run('suspendUser', input, { as: admin })
    await market.run('reinstateUser', { ...input, reason: 'Sudah jelas' }, { as: admin })
    expect(await market.signIn(person.email)).toMatchObject({ __typename: 'SignInSuccess' })
    expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    await market.settle()
    const told = market.published
      .filter(({ aggregateId }) => [person.id, person.viewer.sessionId].includes(aggregateId as never))
      .map(({ type }) => type)
    expect(told).toEqual(['AccountRegistered', 'SessionRevoked', 'AccountSuspended', 'AccountReinstated'])
    expect((await entries({ subjectId: person.id })).filter(({ action }) => action !== 'user.read')).toEqual([
      { action: 'user.reinstate', subjectId: person.id, reason: 'Sudah jelas', domain: 'users', actor: { id: admin.accountId } },
      { action: 'user.suspend', subjectId: person.id, reason, domain: 'users', actor: { id: admin.accountId } },
    ])
  })

  it('takes all of its shops out of the market, and only admins bring each of them back', async () => {
    const { id: userId, viewer } = await market.register()
    const open = async (slug: string) => {
      const opening = { slug, name: 'Toko Sepi', regencyCode: '31.73' }
      return (await market.run<{ shop: { id: string } }>('openShop', opening, { as: viewer, fields: 'shop { id }' })).shop.id
    }
    const [first, second, third] = [await open('toko-sepi-1'), await open('toko-sepi-2'), await open('toko-sepi-3')]
    await market.run('suspendShop', { shopId: first, reason: 'Barang palsu' }, { as: admin })
    for (let n = 0; n < 2; n++) await market.run('suspendUser', { userId, reason }, { as: admin })
    const states = async () => {
      const query =
        'query ($a: ID!, $b: ID!, $c: ID!) { a: shop(id: $a) { state } b: shop(id: $b) { state } c: shop(id: $c) { state } }'
      const { data } = await market.execute({ query, variables: { a: first, b: second, c: third } })
      return Object.values(data as Record<string, { state: string }>).map(({ state }) => state)
    }
    expect(await states()).toEqual(['SUSPENDED', 'SUSPENDED', 'SUSPENDED'])
    await market.settle()
    const suspended = market.published.filter(({ type }) => type === 'ShopSuspended').map(({ aggregateId }) => aggregateId)
    expect(suspended.filter((shopId) => [first, second, third].includes(shopId)).toSorted()).toEqual(
      [first, second, third].toSorted(),
    )
    for (const [subjectId, why] of [
      [first, 'Barang palsu'],
      [second, reason],
    ] as const)
      expect(await entries({ subjectId })).toMatchObject([
        { action: 'shop.suspend', reason: why, actor: { id: admin.accountId } },
      ])
    await market.run('reinstateUser', { userId, reason: 'Sudah jelas' }, { as: admin })
    expect(await states()).toEqual(['SUSPENDED', 'SUSPENDED', 'SUSPENDED'])
    await market.run('reinstateShop', { shopId: second, reason: 'Sudah jelas' }, { as: admin })
    expect(await states()).toEqual(['SUSPENDED', 'ACTIVE', 'SUSPENDED'])
  })

  it('leaves no shop behind that is opened at the same moment', async () => {
    const { id, viewer } = await market.register()
    const opening = { slug: 'toko-sekejap', name: 'Toko Sekejap', regencyCode: '31.73' }
    const opened: string[] = []
    await whileLocked(market, `SELECT FROM account WHERE id = '${id}' FOR UPDATE`, [
      () => market.run('suspendUser', { userId: id, reason }, { as: admin }),
      async () => void opened.push((await market.run('openShop', opening, { as: viewer })).__typename),
    ])
    expect(opened).toEqual(['SessionEnded'])
    expect(await market.ask({ query: '{ shopBySlug(slug: "toko-sekejap") { state } }' })).toBeNull()
  })

  it('leaves no session behind of a sign-in that is under way', async () => {
    const { id, email } = await market.register()
    const input = { userId: id, reason }
    const refreshToken = await signInDuring(market, email, () => market.run('suspendUser', input, { as: admin }))
    await market.run('reinstateUser', input, { as: admin })
    expect(await market.refresh(refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
  })

  it('shows what staff see of it before and after in one request, and the log says once that they looked', async () => {
    const { id, email } = await market.register()
    const query = `mutation ($input: SuspendUserInput!, $after: ReinstateUserInput!) {
      one: suspendUser(input: $input) { ... on SuspendUserSuccess { account { email state } } }
      two: reinstateUser(input: $after) { ... on ReinstateUserSuccess { account { email state } } } }`
    const input = { userId: id, reason }
    const { data } = await market.execute({ query, variables: { input, after: input }, as: admin })
    expect(data).toEqual({ one: { account: { email, state: 'SUSPENDED' } }, two: { account: { email, state: 'ACTIVE' } } })
    expect(await entries({ subjectId: id, action: 'user.read' })).toHaveLength(1)
  })

  it('needs a reason, an account, and another account than the own one', async () => {
    const query = 'mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { __typename } }'
    expect(
      await market.refusalOf({ query, variables: { input: { userId: newId('account'), reason: ' ' } }, as: admin }),
    ).toMatchObject({ field: 'reason' })
    expect(await market.refusalOf({ query, variables: { input: { userId: 'usr_1', reason } }, as: admin })).toMatchObject({
      field: 'userId',
    })
    expect(await market.run('suspendUser', { userId: newId('account'), reason }, { as: admin })).toMatchObject({
      __typename: 'UserNotFound',
    })
    expect(await market.run('suspendUser', { userId: admin.accountId, reason }, { as: admin })).toMatchObject({
      __typename: 'OwnAccount',
    })
  })
})

describe('suspending a shop', () => {
  it('tells the market, shows it, and can be taken back', async () => {
    const { viewer } = await market.register()
    const opening = { slug: 'toko-nakal', name: 'Toko Nakal', regencyCode: '31.73' }
    const { shop } = await market.run<{ shop: { id: string } }>('openShop', opening, { as: viewer, fields: 'shop { id }' })
    const input = { shopId: shop.id, reason }
    expect(await market.run('suspendShop', input, { as: admin, fields: 'shop { state version }' })).toMatchObject({
      shop: { state: 'SUSPENDED', version: 2 },
    })
    await market.run('suspendShop', input, { as: admin })
    expect(await market.ask({ query: '{ shops(search: "toko nakal") { edges { node { id } } } }' })).toEqual({ edges: [] })
    await market.run('reinstateShop', input, { as: admin })
    await market.settle()
    expect(market.published.filter(({ aggregateId }) => aggregateId === shop.id).map(({ type, seq }) => [seq, type])).toEqual([
      [1, 'ShopOpened'],
      [2, 'ShopSuspended'],
      [3, 'ShopReinstated'],
    ])
    expect((await entries({ subjectId: shop.id })).map(({ action }) => action)).toEqual(['shop.reinstate', 'shop.suspend'])
    expect(await market.run('suspendShop', { shopId: newId('shop'), reason }, { as: admin })).toMatchObject({
      __typename: 'ShopNotFound',
    })
  })
})

describe('roles', () => {
  it('are given and taken by admins, and show in the next token', async () => {
    const person = await market.register()
    const change = (name: string) =>
      market.run(name, { userId: person.id, role: 'SUPPORT', reason }, { as: admin, fields: 'account { roles }' })
    expect(await change('grantRole')).toMatchObject({ account: { roles: ['SUPPORT'] } })
    await change('grantRole')
    expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
    expect(await change('revokeRole')).toMatchObject({ account: { roles: [] } })
    expect(
      (await entries({ subjectId: person.id })).map(({ action }) => action).filter((action) => action !== 'user.read'),
    ).toEqual(['role.revoke.support', 'role.grant.support'])
  })

  it('end the sessions that still have them when they are taken', async () => {
    const person = await market.register()
    await market.run('grantRole', { userId: person.id, role: 'ADMIN', reason }, { as: admin })
    const { tokens } = await market.signIn(person.email)
    await market.run('revokeRole', { userId: person.id, role: 'ADMIN', reason }, { as: admin })
    expect(await market.refresh(tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
  })

  it('are not taken from oneself, and SELLER is not given by hand', async () => {
    expect(await market.run('revokeRole', { userId: admin.accountId, role: 'ADMIN', reason }, { as: admin })).toMatchObject({
      __typename: 'OwnAccount',
    })
    const query = 'mutation ($input: GrantRoleInput!) { grantRole(input: $input) { __typename } }'
    const input = { userId: support.accountId, role: 'SELLER', reason }
    expect(await market.refusalOf({ query, variables: { input }, as: admin })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'role',
    })
  })
})

describe('an admin who is one no longer, with the token of one', () => {
  const newAdmin = async (): Promise<Person> => {
    const { id, email } = await market.register()
    await market.run('grantRole', { userId: id, role: 'ADMIN', reason }, { as: admin })
    return market.asPerson(email, (await market.signIn(email)).tokens)
  }
  const send = async (name: string, { id, viewer }: Person, rest: object = {}) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}`
    const query = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename } }`
    const { data, errors } = await market.execute<Record<string, { __typename: string }>>({
      query,
      variables: { input: { userId: id, reason, ...rest } },
      as: viewer,
    })
    return errors?.[0]?.extensions?.['code'] ?? data?.[name]?.__typename
  }
  const rolesNow = async ({ id }: Person) => {
    const query = 'query ($id: ID!) { user(id: $id) { roles state } }'
    return market.ask<{ roles: string[]; state: string }>({ query, variables: { id }, as: admin })
  }

  it('cannot let itself in again when it was suspended', async () => {
    const fallen = await newAdmin()
    await market.run('suspendUser', { userId: fallen.id, reason }, { as: admin })
    expect(await send('reinstateUser', fallen)).toBe('FORBIDDEN')
    expect(await market.signIn(fallen.email)).toMatchObject({ __typename: 'SignInSuspended' })
  })

  it('cannot give itself the role again that was taken', async () => {
    const fallen = await newAdmin()
    await market.run('revokeRole', { userId: fallen.id, role: 'ADMIN', reason }, { as: admin })
    expect(await send('grantRole', fallen, { role: 'ADMIN' })).toBe('FORBIDDEN')
    expect(await rolesNow(fallen)).toEqual({ roles: [], state: 'ACTIVE' })
  })

  it('cannot give roles in a session that was signed out everywhere', async () => {
    const [robbed, accomplice] = [await newAdmin(), await market.register()]
    await market.run('signOut', { everywhere: true }, { as: robbed.viewer })
    expect(await send('grantRole', { ...robbed, id: accomplice.id }, { role: 'ADMIN' })).toBe('UNAUTHENTICATED')
    expect([await rolesNow(accomplice), await rolesNow(robbed)]).toMatchObject([{ roles: [] }, { roles: ['ADMIN'] }])
  })

  it.each(['suspendUser', 'reinstateUser', 'grantRole', 'revokeRole'])('cannot use %s on others', async (name) => {
    const [fallen, other] = [await newAdmin(), await newAdmin()]
    if (name === 'reinstateUser') await market.run('suspendUser', { userId: other.id, reason }, { as: admin })
    const before = await rolesNow(other)
    await market.run('suspendUser', { userId: fallen.id, reason }, { as: admin })
    const role = name.endsWith('Role') && { role: name === 'grantRole' ? 'SUPPORT' : 'ADMIN' }
    expect(await send(name, fallen, { userId: other.id, ...role })).toBe('FORBIDDEN')
    expect(await rolesNow(other)).toEqual(before)
  })

  it.each(['suspendShop', 'reinstateShop'])('cannot use %s', async (name) => {
    const [fallen, { viewer }] = [await newAdmin(), await market.register()]
    const opening = { slug: `toko-${name.toLowerCase()}`, name: 'Toko', regencyCode: '31.73' }
    const { shop } = await market.run<{ shop: { id: string } }>('openShop', opening, { as: viewer, fields: 'shop { id }' })
    if (name === 'reinstateShop') await market.run('suspendShop', { shopId: shop.id, reason }, { as: admin })
    await market.run('revokeRole', { userId: fallen.id, role: 'ADMIN', reason }, { as: admin })
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`
    const variables = { input: { shopId: shop.id, reason } }
    expect(await market.refusalOf({ query, variables, as: fallen.viewer })).toMatchObject({ code: 'FORBIDDEN' })
    expect(await market.ask({ query: `{ shop(id: "${shop.id}") { state } }` })).toEqual({
      state: name === 'suspendShop' ? 'ACTIVE' : 'SUSPENDED',
    })
  })

  it.each([
    ['revokeRole', { role: 'ADMIN' }, { roles: [], state: 'ACTIVE' }],
    ['suspendUser', {}, { roles: ['ADMIN'], state: 'SUSPENDED' }],
  ])('is only one of two who %s each other at once', async (name, rest, lost) => {
    const [one, other] = [await newAdmin(), await newAdmin()]
    const acts = await Promise.all([
      send(name, one, { userId: other.id, ...rest }),
      send(name, other, { userId: one.id, ...rest }),
    ])
    expect(acts.toSorted()).toEqual(['FORBIDDEN', `${name[0]!.toUpperCase()}${name.slice(1)}Success`])
    const [winner, loser] = acts[0] === 'FORBIDDEN' ? [other, one] : [one, other]
    expect([await rolesNow(winner), await rolesNow(loser)]).toEqual([{ roles: ['ADMIN'], state: 'ACTIVE' }, lost])
  })
})

describe('finding accounts', () => {
  const find = (search: string, as = support) =>
    market.ask<{ edges: { node: { id: string; email: string } }[] }>({
      query: 'query ($search: String) { users(search: $search) { edges { node { id email } } } }',
      variables: { search },
      as,
    })

  it('goes by id, e-mail address, phone number and name, and who is shown goes into the log', async () => {
    const person = await market.register('Wayan Sudirja')
    await market.run('changeProfile', { phone: '0813 1111 2222' }, { as: person.viewer })
    const phones = ['+6281311112222', '0813 1111 2222', '+62 813-1111-2222', '6281311112222']
    for (const search of [person.id, person.email.toUpperCase(), ...phones, 'sudirja']) {
      expect(await find(search)).toEqual({ edges: [{ node: { id: person.id, email: person.email } }] })
    }
    expect(await find('%')).toEqual({ edges: [] })
    expect(await entries({ subjectId: person.id, actorId: support.accountId })).toHaveLength(7)
    expect((await entries({ actorId: support.accountId, action: 'user.search' })).length).toBeGreaterThanOrEqual(7)
  })

  it('by id goes into the log once, whatever is asked for of them', async () => {
    for (const fields of ['displayName', 'displayName email phone']) {
      const { id } = await market.register()
      await market.ask({ query: `query ($id: ID!) { user(id: $id) { ${fields} } }`, variables: { id }, as: support })
      expect(await entries({ subjectId: id })).toEqual([
        { action: 'user.read', subjectId: id, reason: null, domain: 'users', actor: { id: support.accountId } },
      ])
    }
  })

  it('costs as many statements for many accounts as for one', async () => {
    for (let n = 0; n < 4; n++) await market.register()
    const cost = async (first: number) => {
      const from = market.statements.length
      const query = `{ users(first: ${first}) { edges { node { email shops { name } defaultAddress { street } addresses(first: 3) { edges { node { label } } } } } } }`
      await market.ask({ query, as: support })
      return market.statements.length - from
    }
    expect(await cost(2)).toBe(await cost(50))
    expect(await cost(50)).toBeLessThanOrEqual(5)
  })
})

describe('who may do what', () => {
  const operations: readonly (readonly [string, readonly ('guest' | 'buyer' | 'support' | 'admin')[]])[] = [
    ['{ users { edges { cursor } } }', ['support', 'admin']],
    ['{ user(id: "usr_01jd0000000000000000000000") { id } }', ['support', 'admin']],
    ['{ auditLog { edges { cursor } } }', ['admin']],
    [
      'mutation { suspendUser(input: { userId: "usr_01jd0000000000000000000000", reason: "uji coba" }) { __typename } }',
      ['admin'],
    ],
    [
      'mutation { reinstateUser(input: { userId: "usr_01jd0000000000000000000000", reason: "uji coba" }) { __typename } }',
      ['admin'],
    ],
    [
      'mutation { grantRole(input: { userId: "usr_01jd0000000000000000000000", role: ADMIN, reason: "uji coba" }) { __typename } }',
      ['admin'],
    ],
    [
      'mutation { revokeRole(input: { userId: "usr_01jd0000000000000000000000", role: ADMIN, reason: "uji coba" }) { __typename } }',
      ['admin'],
    ],
    [
      'mutation { suspendShop(input: { shopId: "shp_01jd0000000000000000000000", reason: "uji coba" }) { __typename } }',
      ['admin'],
    ],
    [
      'mutation { reinstateShop(input: { shopId: "shp_01jd0000000000000000000000", reason: "uji coba" }) { __typename } }',
      ['admin'],
    ],
    ['{ me { id } }', ['buyer', 'support', 'admin']],
  ]

  it.each(operations)('%s', async (query, allowed) => {
    const viewers = { guest: undefined, buyer: (await market.register()).viewer, support, admin }
    for (const [who, as] of Object.entries(viewers)) {
      const { errors } = await market.execute({ query, ...(as && { as }) })
      const refused = errors?.map(({ extensions }) => extensions['code']) ?? []
      const expected = who === 'guest' ? ['UNAUTHENTICATED'] : ['FORBIDDEN']
      expect([who, ...refused]).toEqual([who, ...((allowed as readonly string[]).includes(who) ? [] : expected)])
    }
  })
})

describe('what is private', () => {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id displayName name email phone language roles state registeredAt
    addresses { edges { cursor } } defaultAddress { id } shops { id } } } }`

  it('is shown to the person and to staff only, also through references, and staff leaves a trace', async () => {
    const [person, other] = [await market.register('Budi Santoso'), await market.register()]
    const variables = { of: [{ __typename: 'User', id: person.id }] }
    const closed = {
      name: null,
      email: null,
      phone: null,
      language: null,
      roles: null,
      state: null,
      registeredAt: null,
      addresses: null,
      defaultAddress: null,
      shops: null,
    }
    expect(await market.ask({ query, variables })).toEqual([{ id: person.id, displayName: null, ...closed }])
    expect(await market.ask({ query, variables, as: other.viewer })).toEqual([
      { id: person.id, displayName: 'Budi S.', ...closed },
    ])
    expect(await entries({ subjectId: person.id })).toEqual([])
    expect(await market.ask({ query, variables, as: person.viewer })).toMatchObject([
      { name: 'Budi Santoso', email: person.email, state: 'ACTIVE', addresses: { edges: [] } },
    ])
    expect(await entries({ subjectId: person.id })).toEqual([])
    expect(await market.ask({ query, variables, as: support })).toMatchObject([{ name: 'Budi Santoso', email: person.email }])
    expect(await entries({ subjectId: person.id })).toEqual([
      { action: 'user.read', subjectId: person.id, reason: null, domain: 'users', actor: { id: support.accountId } },
    ])
  })

  it('costs one statement for a whole page of references', async () => {
    const people = [await market.register(), await market.register(), await market.register()]
    const from = market.statements.length
    const of = people.map(({ id }) => ({ __typename: 'User', id }))
    await market.ask({
      query: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { displayName } } }',
      variables: { of },
      as: people[0]!.viewer,
    })
    expect(market.statements.length - from).toBe(1)
  })

  it('costs three statements for the own account with its roles and its address book', async () => {
    const { viewer } = await market.register()
    const from = market.statements.length
    await market.ask({
      query: '{ me { id name email roles defaultAddress { street } addresses { edges { node { id } } } } }',
      as: viewer,
    })
    expect(market.statements.length - from).toBe(3)
  })
})

describe('the audit log', () => {
  it('takes what staff does in other domains, once, however often it arrives', async () => {
    const payload = { actorId: support.accountId, action: 'order.read', subjectId: newId('order'), reason: 'Pembeli bertanya' }
    const event = { id: 'orders:7', type: 'StaffActed', payload, occurredAt: '2026-11-17T01:02:03.000Z' } as const
    for (let n = 0; n < 3; n++) await market.deliver('orders', event)
    const { actorId, ...entry } = payload
    expect(await entries({ subjectId: payload.subjectId })).toEqual([{ ...entry, domain: 'orders', actor: { id: actorId } }])
    expect(await entries({ subjectId: payload.subjectId, from: '2026-11-17T01:02:04Z' })).toEqual([])
    expect(await entries({ subjectId: payload.subjectId, to: '2026-11-17T01:02:04Z' })).toHaveLength(1)
  })

  it('cannot be changed, thinned out or emptied, not even by its own service', async () => {
    await market.run('suspendUser', { userId: (await market.register()).id, reason }, { as: admin })
    for (const attempt of [`UPDATE audit_entry SET reason = 'lain'`, 'DELETE FROM audit_entry', 'TRUNCATE audit_entry']) {
      await expect(sql(attempt)).rejects.toThrow('append-only')
    }
  })

  it('comes in pages that neither repeat nor skip, newest first', async () => {
    const subjectId = newId('shop')
    for (let n = 0; n < 5; n++) {
      const payload = { actorId: admin.accountId, action: `uji.${n}`, subjectId, reason: null }
      await market.deliver('products', { id: `products:${100 + n}`, type: 'StaffActed', payload })
      if (n % 2 === 0) market.clock.advance(1000)
    }
    const seen: string[] = []
    let after = ''
    for (let more = true; more;) {
      const page = await log({ subjectId }, `, first: 2${after}`)
      seen.push(...page.edges.map(({ node }) => node.action))
      after = `, after: "${page.edges.at(-1)!.cursor}"`
      more = page.pageInfo.hasNextPage
    }
    expect(seen).toEqual(['uji.4', 'uji.3', 'uji.2', 'uji.1', 'uji.0'])
    const query = '{ auditLog(after: "bohong") { edges { cursor } } }'
    expect(await market.refusalOf({ query, as: admin })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  })
})

describe('seeding', () => {
  it('makes accounts and shops once, with roles, and without a password nobody gets in', async () => {
    const users = market.users()
    const seed = { email: 'Impor@example.com', name: 'Impor', roles: ['support'] } as const
    const id = await users.createAccount(seed)
    expect(await users.createAccount({ ...seed, email: 'impor@EXAMPLE.com' })).toBe(id)
    expect(await market.signIn(seed.email, 'none')).toMatchObject({ __typename: 'SignInRefused' })
    const shopId = newId('shop')
    const shop = { id: shopId, ownerId: id, slug: 'toko-impor', name: 'Toko Impor', regencyCode: '31.73' }
    expect(await users.createShop(shop)).toBe(shopId)
    expect(await users.createShop(shop)).toBe(shopId)
    await expect(users.createShop({ ...shop, id: newId('shop') })).rejects.toThrow('SHOP_SLUG_TAKEN')
    await market.settle()
    expect(
      market.published.filter(({ aggregateId }) => [id, shopId].includes(aggregateId as never)).map(({ type }) => type),
    ).toEqual(['AccountRegistered', 'ShopOpened'])
  })
})
