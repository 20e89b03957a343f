import { everythingIn } from '@pasar/shared/testing/everything'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { whileLocked } from './signing-in.ts'
import { password, startUsers, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())
beforeEach(() => {
  Object.assign(market.elsewhere, { ...nothing, silent: undefined, meanwhile: undefined })
})

const nothing = { checkouts: 0, orders: 0, refunds: 0, disputes: 0, balance: 0 }
const erase = ({ viewer }: Pick<Person, 'viewer'>, word = password, giveUpBalance?: number) =>
  market.run('eraseMe', { password: word, giveUpBalance }, { as: viewer, fields: 'endedSessions' })
const address = { label: 'Rumah', recipient: 'Kenari', phone: '0812 3456 7890', street: 'Jalan Kenari 1', postalCode: '11530' }
const addAddress = ({ viewer }: Person, change: object = {}) =>
  market.run('addAddress', { ...address, districtCode: '31.73.05', ...change }, { as: viewer, fields: 'address { id }' })

const everything = () => everythingIn(market.databaseUrl)

const erasedOf = ({ id }: Person) =>
  market.published.filter(({ type, aggregateId }) => type === 'AccountErased' && aggregateId === id).map(({ payload }) => payload)

describe('erasing an account', () => {
  it('leaves nothing of it but its id, and its e-mail address to whoever comes', async () => {
    const person = await market.register('Kenari Sembilu', 'kenari@example.com')
    await market.run('changeProfile', { phone: '0812 3456 7890' }, { as: person.viewer })
    await addAddress(person, { idempotencyKey: 'kunci-kenari' })
    const other = await market.signIn(person.email)
    await market.run('requestPasswordReset', { email: person.email })
    await market.settle()
    const token = /^[\w-]{43}$/m.exec(market.mailbox.to(person.email).at(-1)!.text)![0]
    await market.run('requestPasswordReset', { email: person.email })
    expect((await everything()).match(/kenari/gi)!.length).toBeGreaterThan(4)
    expect(await erase(person)).toEqual({ __typename: 'EraseMeSuccess', endedSessions: 2 })
    expect(await everything()).not.toMatch(/kenari|81234567890/i)
    for (const { refreshToken } of [person.tokens, other.tokens])
      expect(await market.refresh(refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await market.signIn(person.email)).toMatchObject({ __typename: 'SignInRefused' })
    expect(await market.run('resetPassword', { token, newPassword: 'kata sandi yang baru' })).toMatchObject({
      __typename: 'ResetTokenUnusable',
    })
    await market.settle()
    expect(erasedOf(person)).toEqual([{ accountId: person.id }])
    const again = await market.register('Orang Lain', person.email)
    expect(again.id).not.toBe(person.id)
    expect(await market.ask({ query: '{ me { name addresses { edges { node { id } } } } }', as: again.viewer })).toEqual({
      name: 'Orang Lain',
      addresses: { edges: [] },
    })
  })

  it('leaves its access token good for nothing here', async () => {
    const person = await market.register()
    await erase(person)
    const shop = { slug: 'toko-tiada', name: 'Toko', regencyCode: '31.73' }
    expect(await market.run('openShop', shop, { as: person.viewer })).toMatchObject({ __typename: 'SessionEnded' })
    const acts = [
      ['{ me { id } }'],
      ['mutation ($input: EraseMeInput!) { eraseMe(input: $input) { __typename } }', { password }],
      ['mutation ($input: ChangeProfileInput!) { changeProfile(input: $input) { __typename } }', { name: 'Hantu' }],
      [
        'mutation ($input: AddAddressInput!) { addAddress(input: $input) { __typename } }',
        { ...address, districtCode: '31.73.05' },
      ],
      [
        'mutation ($input: AddAddressInput!) { addAddress(input: $input) { __typename } }',
        { ...address, districtCode: '31.73.05', makeDefault: true },
      ],
    ] as const
    for (const [query, input] of acts)
      expect(await market.refusalOf({ query, variables: { input }, as: person.viewer })).toMatchObject({
        code: 'UNAUTHENTICATED',
      })
  })

  it('wants the password, under the same limit as signing in', async () => {
    const person = await market.register()
    for (let n = 0; n < 5; n++) expect(await erase(person, 'bukan kata sandinya')).toMatchObject({ __typename: 'PasswordWrong' })
    expect(await erase(person)).toMatchObject({ __typename: 'SignInLimited' })
    expect(await market.signIn(person.email)).toMatchObject({ __typename: 'SignInLimited' })
  })

  it('is refused to whoever has a shop or is staff, because their records are the market’s', async () => {
    const seller = await market.register()
    await market.run('openShop', { slug: 'toko-kekal', name: 'Toko', regencyCode: '31.73' }, { as: seller.viewer })
    const query = `mutation ($input: EraseMeInput!) { eraseMe(input: $input) {
      __typename ... on AccountKeepsBusiness { code message shops roles } } }`
    const refused = (person: Pick<Person, 'viewer'>) =>
      market.ask({ query, variables: { input: { password } }, as: person.viewer })
    expect(await refused(seller)).toEqual({
      __typename: 'AccountKeepsBusiness',
      code: 'ACCOUNT_KEEPS_BUSINESS',
      message: expect.stringContaining('tax records') as string,
      shops: 1,
      roles: ['SELLER'],
    })
    const viewer = await market.staff('support')
    expect(await refused({ viewer })).toMatchObject({ shops: 0, roles: ['SUPPORT'] })
  })

  it('leaves the audit log what somebody did who was of the staff', async () => {
    const admin = await market.staff('admin')
    const person = await market.register()
    await market.run('grantRole', { userId: person.id, role: 'SUPPORT', reason: 'Mulai' }, { as: admin })
    const { viewer } = market.asPerson(person.email, (await market.signIn(person.email)).tokens)
    await market.ask({ query: `{ user(id: "${admin.accountId}") { name } }`, as: viewer })
    await market.run('revokeRole', { userId: person.id, role: 'SUPPORT', reason: 'Selesai' }, { as: admin })
    expect(await erase(person)).toMatchObject({ __typename: 'EraseMeSuccess' })
    const fields = 'id displayName name email language roles state registeredAt shops { id } defaultAddress { id }'
    const query = `{ auditLog(filter: { actorId: "${person.id}" }) { edges { node { action actor { ${fields} } } } } }`
    const { edges } = await market.ask<{ edges: { node: { action: string; actor: Record<string, unknown> } }[] }>({
      query,
      as: admin,
    })
    expect(edges.length).toBeGreaterThan(0)
    const { id, ...rest } = edges[0]!.node.actor
    expect([id, new Set(Object.values(rest))]).toEqual([person.id, new Set([null])])
  })

  it('is no way around a suspension', async () => {
    const person = await market.register()
    await market.run('suspendUser', { userId: person.id, reason: 'Penipuan' }, { as: await market.staff('admin') })
    expect(await erase(person)).toMatchObject({ __typename: 'SignInSuspended' })
    expect(await market.run('register', { email: person.email, name: 'Lagi', password })).toMatchObject({
      __typename: 'EmailTaken',
    })
  })

  it('waits for what is under way, and says what', async () => {
    const person = await market.register()
    Object.assign(market.elsewhere, { checkouts: 1, orders: 2, refunds: 3, disputes: 4, balance: 45_000 })
    const query = `mutation ($input: EraseMeInput!) { eraseMe(input: $input) {
      ... on AccountStillInUse { code message openOrders openCheckouts openRefunds openDisputes balance { amount } } } }`
    const ask = (locale: 'id' | 'en') => market.ask({ query, variables: { input: { password } }, as: person.viewer, locale })
    const open = { openOrders: 2, openCheckouts: 1, openRefunds: 3, openDisputes: 4 }
    const facts = { code: 'ACCOUNT_STILL_IN_USE', ...open, balance: { amount: 45_000 } }
    expect(await ask('en')).toEqual({ ...facts, message: expect.stringContaining('balance: Rp45.000') as string })
    expect(await ask('id')).toEqual({ ...facts, message: expect.stringContaining('2 pesanan') as string })
    for (const one of Object.keys(nothing)) {
      Object.assign(market.elsewhere, { ...nothing, [one]: 1 })
      expect(await erase(person)).toMatchObject({ __typename: 'AccountStillInUse' })
    }
    expect(await market.signIn(person.email)).toMatchObject({ __typename: 'SignInSuccess' })
  })

  it('waits for money on the balance until exactly that is given up, and for the rest whatever is given up', async () => {
    const person = await market.register()
    Object.assign(market.elsewhere, { ...nothing, balance: 500 })
    for (const sum of [undefined, 0, 499, 501, -500])
      expect(await erase(person, password, sum)).toMatchObject({ __typename: 'AccountStillInUse' })
    Object.assign(market.elsewhere, { balance: 500, orders: 1 })
    expect(await erase(person, password, 500)).toMatchObject({ __typename: 'AccountStillInUse' })
    Object.assign(market.elsewhere, { balance: 700, orders: 0 })
    expect(await erase(person, password, 500)).toMatchObject({ __typename: 'AccountStillInUse' })
    expect(await erase(person, password, 700)).toMatchObject({ __typename: 'EraseMeSuccess' })
  })

  it.each(['orders', 'payments'] as const)(
    'changes nothing while %s does not answer, and can be asked for again',
    async (domain) => {
      const person = await market.register()
      await addAddress(person)
      market.elsewhere.silent = domain
      const input = {
        query: 'mutation ($input: EraseMeInput!) { eraseMe(input: $input) { __typename } }',
        variables: { input: { password } },
      }
      expect(await market.refusalOf({ ...input, as: person.viewer })).toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        retryable: true,
      })
      expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
      expect(
        await market.ask({ query: '{ me { addresses { edges { node { recipient } } } } }', as: person.viewer }),
      ).toMatchObject({
        addresses: { edges: [{ node: { recipient: 'Kenari' } }] },
      })
      market.elsewhere.silent = undefined
      expect(await erase(person)).toMatchObject({ __typename: 'EraseMeSuccess' })
    },
  )

  it('happens once however often it is asked for at once', async () => {
    const person = await market.register()
    const query = 'mutation ($input: EraseMeInput!) { eraseMe(input: $input) { __typename } }'
    const once = () => market.execute({ query, variables: { input: { password } }, as: person.viewer })
    const answers = await Promise.all([once(), once(), once()])
    const told = answers.map(({ data, errors }) => (errors ? 'refused' : (data!['eraseMe'] as { __typename: string }).__typename))
    expect(told.toSorted()).toEqual(['EraseMeSuccess', 'refused', 'refused'])
    const codes = answers.flatMap(({ errors }) => errors ?? []).map(({ extensions }) => extensions['code'])
    expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
    await market.settle()
    expect(erasedOf(person)).toHaveLength(1)
  })

  it('spares a shop, a suspension and a password that came while it asked around', async () => {
    const admin = await market.staff('admin')
    const openShop = (person: Person) => () =>
      market.run('openShop', { slug: 'toko-cepat', name: 'Toko', regencyCode: '31.73' }, { as: person.viewer })
    const suspend = (person: Person) => () => market.run('suspendUser', { userId: person.id, reason: 'Penipuan' }, { as: admin })
    for (const [meanwhile, refusal] of [
      [openShop, 'AccountKeepsBusiness'],
      [suspend, 'SignInSuspended'],
    ] as const) {
      const person = await market.register()
      market.elsewhere.meanwhile = meanwhile(person)
      expect(await erase(person)).toMatchObject({ __typename: refusal })
      await market.settle()
      expect(erasedOf(person)).toEqual([])
    }
    const person = await market.register()
    const change = { currentPassword: password, newPassword: 'kata sandi yang baru' }
    market.elsewhere.meanwhile = () => market.run('changePassword', change, { as: person.viewer })
    const query = 'mutation ($input: EraseMeInput!) { eraseMe(input: $input) { __typename } }'
    expect(await market.refusalOf({ query, variables: { input: { password } }, as: person.viewer })).toMatchObject({
      code: 'CONFLICT',
    })
    expect(await market.signIn(person.email, change.newPassword)).toMatchObject({ __typename: 'SignInSuccess' })
  })

  it.each([
    ['grantRole', { role: 'SUPPORT' }],
    ['suspendUser', {}],
  ])('lets an admin who comes in the middle of it find no account: %s', async (name, rest) => {
    const admin = await market.staff('admin')
    const person = await market.register()
    const input = { userId: person.id, reason: 'Pengelola baru', ...rest }
    const found: unknown[] = []
    const act = async () => found.push(await market.run(name, input, { as: admin, fields: 'account { id }' }))
    await whileLocked(market, 'LOCK TABLE address IN SHARE MODE', [() => erase(person), act])
    expect(found).toEqual([expect.objectContaining({ __typename: 'UserNotFound' })])
    await market.settle()
    expect(erasedOf(person)).toHaveLength(1)
  })
})
