import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startUsers, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

const home = {
  label: 'Rumah',
  recipient: 'Budi Santoso',
  phone: '0812-3456-7890',
  street: 'Jl. Kebon Jeruk Raya No. 27\nRT 03 / RW 05',
  districtCode: '31.73.05',
  postalCode: '11530',
}
const fields =
  'address { id label recipient phone street districtCode regencyCode postalCode isDefault district { name regency { name province { code name } } } }'
interface Added {
  address: { id: string; isDefault: boolean }
}
const add = (person: Person, change: object = {}) =>
  market.run<Added>('addAddress', { ...home, ...change }, { as: person.viewer, fields })
const book = (person: Person, args = '') =>
  market.ask<{
    addresses: {
      edges: { cursor: string; node: { id: string; label: string; isDefault: boolean } }[]
      pageInfo: { hasNextPage: boolean }
    }
    defaultAddress: { id: string } | null
  }>({
    query: `{ me { addresses${args} { edges { cursor node { id label isDefault } } pageInfo { hasNextPage } } defaultAddress { id } } }`,
    as: person.viewer,
  })

describe('the address book', () => {
  it('knows where a district lies and how to call there', async () => {
    const { address } = await add(await market.register())
    expect(address).toMatchObject({
      ...home,
      phone: '+6281234567890',
      regencyCode: '31.73',
      isDefault: true,
      district: { name: 'Kebon Jeruk', regency: { name: 'Kota Administrasi Jakarta Barat', province: { code: '31' } } },
    })
  })

  it('has one default address: the first, until another one is chosen or it is removed', async () => {
    const person = await market.register()
    const defaultNow = async () => (await book(person)).defaultAddress?.id
    const first = (await add(person)).address.id
    const second = (await add(person, { label: 'Kantor' })).address.id
    expect(await defaultNow()).toBe(first)
    const third = (await add(person, { label: 'Gudang', makeDefault: true })).address.id
    expect(await defaultNow()).toBe(third)
    expect(
      await market.run('chooseDefaultAddress', { addressId: second }, { as: person.viewer, fields: 'address { isDefault }' }),
    ).toMatchObject({
      address: { isDefault: true },
    })
    expect((await book(person)).addresses.edges.filter(({ node }) => node.isDefault)).toHaveLength(1)
    await market.run('removeAddress', { addressId: second }, { as: person.viewer })
    expect(await defaultNow()).toBe(first)
  })

  it('has one default address also when several are chosen at once', async () => {
    const person = await market.register()
    const ids: string[] = []
    for (let n = 0; n < 4; n++) ids.push((await add(person, { label: `Ke-${n}` })).address.id)
    await Promise.all(ids.map((addressId) => market.run('chooseDefaultAddress', { addressId }, { as: person.viewer })))
    expect((await book(person)).addresses.edges.filter(({ node }) => node.isDefault)).toHaveLength(1)
  })

  it('changes what is given and keeps the rest', async () => {
    const person = await market.register()
    const { address } = await add(person)
    const input = { addressId: address.id, districtCode: '32.73.01', postalCode: '40153' }
    expect(await market.run('changeAddress', input, { as: person.viewer, fields })).toMatchObject({
      address: { ...home, phone: '+6281234567890', districtCode: '32.73.01', regencyCode: '32.73', postalCode: '40153' },
    })
  })

  it('holds fifty addresses and not one more, also when many are added at once', async () => {
    const person = await market.register()
    const results = await Promise.all(Array.from({ length: 53 }, (_, n) => add(person, { label: `Ke-${n}` })))
    const full = results.filter(({ __typename }) => __typename === 'TooManyAddresses')
    expect(full).toHaveLength(3)
    expect(full[0]).toMatchObject({ code: 'TOO_MANY_ADDRESSES', message: expect.stringContaining('50') })
    const { edges } = (await book(person, '(first: 60)')).addresses
    expect(edges.filter(({ node }) => node.isDefault)).toHaveLength(1)
    await market.run('removeAddress', { addressId: results.find(({ address }) => address)!.address.id }, { as: person.viewer })
    expect(await add(person)).toMatchObject({ __typename: 'AddAddressSuccess' })
  })

  it.each([false, true])('gets an address once that is sent again with its key (as the default: %s)', async (makeDefault) => {
    const person = await market.register()
    const input = { makeDefault, idempotencyKey: newId('movement') }
    const first = await add(person, input)
    const again = await Promise.all(Array.from({ length: 5 }, () => add(person, input)))
    expect(again).toEqual(again.map(() => first))
    expect((await book(person)).addresses.edges).toHaveLength(1)
    expect(await add(person, { ...input, label: 'Kantor' })).toMatchObject({ __typename: 'IdempotencyKeyReused' })
    const other = await market.register()
    expect((await add(other, input)).address.id).not.toBe(first.address.id)
    await market.run('removeAddress', { addressId: first.address.id }, { as: person.viewer })
    expect(await add(person, input)).toMatchObject({ __typename: 'AddressNotFound' })
    expect((await book(person)).addresses.edges).toEqual([])
  })

  it('comes in pages that neither repeat nor skip', async () => {
    const person = await market.register()
    for (let n = 0; n < 5; n++) await add(person, { label: `Ke-${n}` })
    const labels: string[] = []
    let after = ''
    for (let more = true; more;) {
      const { addresses } = await book(person, `(first: 2${after})`)
      labels.push(...addresses.edges.map(({ node }) => node.label))
      after = `, after: "${addresses.edges.at(-1)!.cursor}"`
      more = addresses.pageInfo.hasNextPage
    }
    expect(labels).toEqual(['Ke-0', 'Ke-1', 'Ke-2', 'Ke-3', 'Ke-4'])
  })

  it.each([0, -1, 101])('has no page of %i', async (first) => {
    const person = await market.register()
    const query = `{ me { addresses(first: ${first}) { edges { cursor } } } }`
    expect(await market.refusalOf({ query, as: person.viewer })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  })

  it('does not take a district that does not exist', async () => {
    const person = await market.register()
    expect(await add(person, { districtCode: '31.73.99' })).toMatchObject({
      __typename: 'DistrictUnknown',
      message: expect.stringContaining('31.73.99'),
    })
    const { address } = await add(person)
    const input = { addressId: address.id, districtCode: '99.99.99' }
    expect(await market.run('changeAddress', input, { as: person.viewer })).toMatchObject({ __typename: 'DistrictUnknown' })
  })

  it.each([
    ['postalCode', '1153'],
    ['postalCode', '115300'],
    ['postalCode', '1153a'],
    ['districtCode', '317305'],
    ['districtCode', '31.73'],
    ['phone', '12'],
    ['phone', 'nol delapan'],
    ['label', ' '],
    ['label', 'l'.repeat(51)],
    ['street', 'Jl.'],
    ['street', 's'.repeat(501)],
    ['recipient', ''],
  ])('names %s as wrong when it is %j', async (field, value) => {
    const person = await market.register()
    const query = 'mutation ($input: AddAddressInput!) { addAddress(input: $input) { __typename } }'
    expect(await market.refusalOf({ query, variables: { input: { ...home, [field]: value } }, as: person.viewer })).toMatchObject(
      { code: 'BAD_USER_INPUT', field },
    )
  })
})

describe("others' addresses", () => {
  it('do not exist: they cannot be read, changed, chosen or removed', async () => {
    const [owner, other] = [await market.register(), await market.register()]
    const addressId = (await add(owner)).address.id
    for (const [name, input] of [
      ['changeAddress', { addressId, label: 'Milikku' }],
      ['chooseDefaultAddress', { addressId }],
      ['removeAddress', { addressId }],
    ] as const) {
      const mine = await market.run(name, input, { as: other.viewer })
      const missing = await market.run(name, { ...input, addressId: newId('address') }, { as: other.viewer })
      expect(mine).toMatchObject({ __typename: 'AddressNotFound' })
      expect(mine).toEqual(missing)
    }
    const query = 'query ($id: ID!) { address(id: $id) { street } }'
    expect(await market.ask({ query, variables: { id: addressId }, as: other.viewer })).toBeNull()
    expect(await market.ask({ query, variables: { id: addressId }, as: owner.viewer })).toMatchObject({ street: home.street })
  })

  it('do not exist through references either', async () => {
    const [owner, other] = [await market.register(), await market.register()]
    const { id } = (await add(owner)).address
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Address { street regencyCode } } }'
    const variables = { of: [{ __typename: 'Address', id }] }
    expect(await market.ask({ query, variables })).toEqual([null])
    expect(await market.ask({ query, variables, as: other.viewer })).toEqual([null])
    expect(await market.ask({ query, variables, as: owner.viewer })).toEqual([{ street: home.street, regencyCode: '31.73' }])
  })
})

describe('a checkout', () => {
  const freeze = (input: object) =>
    market.executeAsOrders({
      query: `mutation ($input: UsersFreezeAddressInput!) { usersFreezeAddress(input: $input) { __typename
        ... on UsersAddressFrozen { name phone street districtCode regencyCode postalCode } ... on UsersAddressUnknown { code } } }`,
      variables: { input },
    })

  it('freezes an address of its buyer, and only of its buyer', async () => {
    const [owner, other] = [await market.register(), await market.register()]
    const addressId = (await add(owner)).address.id
    const checkoutId = newId('checkout')
    const { street, districtCode, postalCode } = home
    const frozen = { name: home.recipient, phone: '+6281234567890', street, districtCode, regencyCode: '31.73', postalCode }
    expect((await freeze({ checkoutId, accountId: owner.id, addressId })).data).toEqual({
      usersFreezeAddress: { __typename: 'UsersAddressFrozen', ...frozen },
    })
    const unknown = { usersFreezeAddress: { __typename: 'UsersAddressUnknown', code: 'USERS_ADDRESS_UNKNOWN' } }
    expect((await freeze({ checkoutId, accountId: other.id, addressId })).data).toEqual(unknown)
  })

  it('is the only one who may: people cannot send its commands', async () => {
    const owner = await market.register()
    const input = { checkoutId: newId('checkout'), accountId: owner.id, addressId: (await add(owner)).address.id }
    const query = 'mutation ($input: UsersFreezeAddressInput!) { usersFreezeAddress(input: $input) { __typename } }'
    for (const as of [owner.viewer, await market.staff('admin')])
      expect(await market.refusalOf({ query, variables: { input }, as })).toMatchObject({ code: 'FORBIDDEN' })
    expect(await market.refusalOf({ query, variables: { input } })).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('the boxes of an address form', () => {
  it('lead from province to district, for everyone', async () => {
    const { data } = await market.execute({
      query:
        '{ provinces { code } regencies(provinceCode: "31") { code name } districts(regencyCode: "31.73") { code } searchRegencies(text: "kab bandung") { name province { name } } }',
    })
    const { provinces, regencies, districts, searchRegencies } = data as Record<string, { code: string; name: string }[]>
    expect(provinces).toHaveLength(38)
    expect(regencies).toContainEqual({ code: '31.73', name: 'Kota Administrasi Jakarta Barat' })
    expect(districts).toContainEqual({ code: '31.73.05' })
    expect(searchRegencies![0]).toEqual({ name: 'Kabupaten Bandung', province: { name: 'Jawa Barat' } })
  })
})
