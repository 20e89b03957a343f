import { newId } from '@pasar/shared/ids'
import { everythingIn } from '@pasar/shared/testing/everything'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startUsers, viewerOf, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

const fields = 'shop { id slug name description regencyCode regency { name } state version owner { id } } access { token }'
interface Opened {
  shop: { id: string; version: number }
  access: { token: string }
}
let slugs = 0
const open = (person: Person, change: object = {}) =>
  market.run<Opened>(
    'openShop',
    { slug: `toko-${(slugs += 1)}`, name: 'Toko Batik', regencyCode: '34.71', ...change },
    { as: person.viewer, fields },
  )

describe('opening a shop', () => {
  it('makes the account a seller, with a token that may act for the shop at once', async () => {
    const person = await market.register()
    const { shop, access } = await open(person, { slug: 'batik-ani', description: 'Batik tulis\nYogyakarta' })
    const expected = {
      slug: 'batik-ani',
      name: 'Toko Batik',
      description: 'Batik tulis\nYogyakarta',
      regencyCode: '34.71',
      state: 'ACTIVE',
      version: 1,
    }
    expect(shop).toMatchObject({ ...expected, regency: { name: 'Kota Yogyakarta' }, owner: { id: person.id } })
    expect(viewerOf(access.token)).toEqual({ ...person.viewer, roles: ['seller'], shopIds: [shop.id] })
    expect(viewerOf((await market.refresh(person.tokens.refreshToken)).tokens.access.token)).toMatchObject({
      roles: ['seller'],
      shopIds: [shop.id],
    })
    await market.settle()
    expect(market.published).toContainEqual(
      expect.objectContaining({
        type: 'ShopOpened',
        payload: { shopId: shop.id, ownerId: person.id, name: 'Toko Batik', regencyCode: '34.71' },
      }),
    )
  })

  it('gives a link to one shop only, also when two people want it at once', async () => {
    const people = [await market.register(), await market.register()]
    const results = await Promise.all(people.map((person) => open(person, { slug: 'rebutan' })))
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual(['OpenShopSuccess', 'ShopSlugTaken'])
    const loser = people[results.findIndex(({ __typename }) => __typename === 'ShopSlugTaken')]!
    expect(await market.ask({ query: '{ me { shops { id } roles } }', as: loser.viewer })).toEqual({ shops: [], roles: [] })
  })

  it('opens one shop where it is sent again with its key, and gives a token that may act for it each time', async () => {
    const person = await market.register()
    const wish = { slug: 'sekali-saja', idempotencyKey: newId('movement') }
    const results = await Promise.all(Array.from({ length: 5 }, () => open(person, wish)))
    market.clock.advance(60_000)
    results.push(await open(person, wish))
    const { shop } = results[0]!
    expect(results.map((one) => one.shop)).toEqual(results.map(() => shop))
    for (const { access } of results) expect(viewerOf(access.token)).toMatchObject({ roles: ['seller'], shopIds: [shop.id] })
    expect(results.at(-1)!.access.token).not.toBe(results[0]!.access.token)
    expect(await everythingIn(market.databaseUrl)).not.toContain(results[0]!.access.token.split('.')[2])
    expect(await open(person, { ...wish, name: 'Toko Lain' })).toMatchObject({ __typename: 'IdempotencyKeyReused' })
    expect(await open(person, { ...wish, idempotencyKey: newId('movement') })).toMatchObject({ __typename: 'ShopSlugTaken' })
  })

  it('gives no token where it is sent again with its key in a session that has ended since', async () => {
    const person = await market.register()
    const wish = { slug: 'sesi-usai', idempotencyKey: newId('movement') }
    const { shop } = await open(person, wish)
    await market.run('signOut', { everywhere: true }, { as: person.viewer })
    expect(await open(person, wish)).toMatchObject({ __typename: 'SessionEnded' })
    const again = { ...person, viewer: viewerOf((await market.signIn(person.email)).tokens.access.token) }
    expect(await open(again, wish)).toMatchObject({ shop: { id: shop.id } })
  })

  it('lets an account have ten shops', async () => {
    const person = await market.register()
    const results = await Promise.all(Array.from({ length: 11 }, () => open(person)))
    expect(results.filter(({ __typename }) => __typename === 'TooManyShops')).toHaveLength(1)
    expect(await market.ask<{ shops: object[] }>({ query: '{ me { shops { id } } }', as: person.viewer })).toMatchObject({
      shops: { length: 10 },
    })
  })

  it.each([
    ['slug', 'ab'],
    ['slug', 'Toko'],
    ['slug', '-toko'],
    ['slug', 'toko--batik'],
    ['slug', 'toko batik'],
    ['slug', 't'.repeat(51)],
    ['name', ' '],
    ['name', 'n'.repeat(101)],
    ['description', 'd'.repeat(5001)],
    ['regencyCode', '3471'],
  ])('names %s as wrong when it is %j', async (field, value) => {
    const person = await market.register()
    const input = { slug: 'benar', name: 'Benar', regencyCode: '34.71', [field]: value }
    const query = 'mutation ($input: OpenShopInput!) { openShop(input: $input) { __typename } }'
    expect(await market.refusalOf({ query, variables: { input }, as: person.viewer })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    })
  })

  it('does not know a regency that does not exist', async () => {
    expect(await open(await market.register(), { regencyCode: '34.99' })).toMatchObject({ __typename: 'RegencyUnknown' })
  })
})

describe('changing a shop', () => {
  const change = (input: object, person: Person) =>
    market.run<{ shop: { version: number; name: string } }>('changeShop', input, {
      as: { ...person.viewer, roles: ['seller'] },
      fields: 'shop { name description regencyCode version }',
    })

  it('is its owner right and tells the market', async () => {
    const person = await market.register()
    const { shop } = await open(person, { description: 'Lama' })
    expect(await change({ shopId: shop.id, name: 'Batik Ani', regencyCode: '33.72' }, person)).toMatchObject({
      shop: { name: 'Batik Ani', description: 'Lama', regencyCode: '33.72', version: 2 },
    })
    await market.settle()
    expect(market.published).toContainEqual(
      expect.objectContaining({
        type: 'ShopChanged',
        seq: 2,
        payload: { shopId: shop.id, ownerId: person.id, name: 'Batik Ani', regencyCode: '33.72' },
      }),
    )
  })

  it('shows each change of one request what the one before it did', async () => {
    const person = await market.register()
    const { shop } = await open(person, { description: 'Lama' })
    const query = `mutation ($id: ID!) {
      one: changeShop(input: { shopId: $id, name: "Satu" }) { ...Shown }
      two: changeShop(input: { shopId: $id, description: "Dua" }) { ...Shown } }
      fragment Shown on ChangeShopSuccess { shop { version name description } }`
    const { data } = await market.execute({ query, variables: { id: shop.id }, as: { ...person.viewer, roles: ['seller'] } })
    expect(data).toEqual({
      one: { shop: { version: 2, name: 'Satu', description: 'Lama' } },
      two: { shop: { version: 3, name: 'Satu', description: 'Dua' } },
    })
  })

  it('is refused when someone else was quicker', async () => {
    const person = await market.register()
    const { shop } = await open(person)
    const both = ['Satu', 'Dua'].map((name) => change({ shopId: shop.id, name, expectedVersion: 1 }, person))
    expect((await Promise.all(both)).map(({ __typename }) => __typename).toSorted()).toEqual(['ChangeShopSuccess', 'StaleShop'])
    const query =
      'mutation ($input: ChangeShopInput!) { changeShop(input: $input) { ... on StaleShop { code version shop { version } } } }'
    const variables = { input: { shopId: shop.id, name: 'Tiga', expectedVersion: 1 } }
    expect(await market.ask({ query, variables, as: { ...person.viewer, roles: ['seller'] } })).toEqual({
      code: 'STALE_SHOP',
      version: 2,
      shop: { version: 2 },
    })
  })

  it("answers others' shops like shops that do not exist", async () => {
    const [owner, other] = [await market.register(), await market.register()]
    const { shop } = await open(owner)
    for (const expected of [{}, { expectedVersion: 9 }]) {
      const foreign = await change({ shopId: shop.id, name: 'Milikku', ...expected }, other)
      expect(foreign).toEqual(await change({ shopId: newId('shop'), name: 'Milikku', ...expected }, other))
      expect(foreign).toMatchObject({ __typename: 'ShopNotFound' })
    }
  })
})

describe('looking at shops', () => {
  it('is for everyone: by id, by link, by reference and in a list, without the owner', async () => {
    const person = await market.register()
    const { shop } = await open(person, { slug: 'toko-terbuka', name: 'Toko 100% Asli' })
    const query = `query ($id: ID!, $of: [_Any!]!) { shop(id: $id) { id owner { id } } shopBySlug(slug: "toko-terbuka") { id }
      shops(search: "100% asli") { edges { node { id } } } none: shops(search: "1%asli") { edges { node { id } } }
      _entities(representations: $of) { ... on Shop { id name } } }`
    const variables = {
      id: shop.id,
      of: [
        { __typename: 'Shop', id: shop.id },
        { __typename: 'Shop', id: newId('shop') },
      ],
    }
    const { data } = await market.execute({ query, variables })
    expect(data).toEqual({
      shop: { id: shop.id, owner: null },
      shopBySlug: { id: shop.id },
      shops: { edges: [{ node: { id: shop.id } }] },
      none: { edges: [] },
      _entities: [{ id: shop.id, name: 'Toko 100% Asli' }, null],
    })
    const mine = await market.ask({
      query: 'query ($id: ID!) { shop(id: $id) { owner { id } } }',
      variables: { id: shop.id },
      as: person.viewer,
    })
    expect(mine).toEqual({ owner: { id: person.id } })
  })

  it('costs as many statements for many as for one', async () => {
    const person = await market.register()
    for (let n = 0; n < 3; n++) await open(person)
    const as = await market.staff('support')
    const cost = async (first: number) => {
      const from = market.statements.length
      await market.ask({
        query: `{ shops(first: ${first}) { edges { node { name regency { name } owner { displayName } } } } }`,
        as,
      })
      return market.statements.slice(from).filter((text) => text.startsWith('SELECT') && text.includes('"shop"')).length
    }
    expect([await cost(1), await cost(20)]).toEqual([1, 1])
  })
})
