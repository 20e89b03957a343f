import { accountForTest } from '@pasar/shared/testing/account'
import type { TestSubgraph } from '@pasar/shared/testing/subgraph'
import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { add, change, fill, guestCart, publish, readCart, startCarts } from './carts-for-test.ts'

let carts: TestSubgraph
beforeAll(async () => {
  carts = await startCarts()
})
afterAll(() => carts.stop())

describe('a guest cart', () => {
  it('opens with its token only, and the token is kept nowhere in the clear', async () => {
    const token = await guestCart(carts)
    const coffee = await publish(carts)
    const { cart } = await add(carts, { token }, { variantId: coffee.variantId, quantity: 2 })
    expect(cart).toMatchObject({ version: 2, selectedQuantity: 2, itemsTotal: { amount: 107_000, formatted: 'Rp107.000' } })
    expect(await readCart(carts, { token })).toEqual(cart)
    expect(await readCart(carts, { token: 'A'.repeat(43) })).toBeNull()
    expect(await readCart(carts, {})).toBeNull()
  })

  it('ends a month after its last change', async () => {
    const token = await guestCart(carts)
    await add(carts, { token }, await publish(carts))
    const before = (await readCart(carts, { token }))!.expiresAt!
    carts.clock.advance(29 * 86_400_000)
    await add(carts, { token }, await publish(carts))
    const after = (await readCart(carts, { token }))!.expiresAt!
    expect(Date.parse(after) - Date.parse(before)).toBe(29 * 86_400_000)
    carts.clock.advance(30 * 86_400_000)
    expect(await readCart(carts, { token })).toBeNull()
    expect(await add(carts, { token }, await publish(carts))).toMatchObject({ code: 'CART_NOT_FOUND' })
    expect(await carts.subgraph.work()).toBeGreaterThan(0)
  })

  it('that nobody has changed ends after a day, and leaves those in which something is', async () => {
    const [empty, filled] = [await guestCart(carts), await guestCart(carts)]
    await add(carts, { token: filled }, await publish(carts))
    carts.clock.advance(2 * 86_400_000)
    expect(await carts.subgraph.work()).toBeGreaterThan(0)
    expect(await readCart(carts, { token: empty })).toBeNull()
    expect(await readCart(carts, { token: filled })).toMatchObject({ selectedQuantity: 1 })
  })

  it('that has ended is removed, however many a client has made', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => `cart${index}: createCart { __typename }`)
    for (let hundreds = 0; hundreds < 12; hundreds++) await carts.execute({ query: `mutation { ${hundred.join(' ')} }` })
    const { pool, stop } = openPostgres({ url: carts.databaseUrl })
    const guests = async () => (await pool.query('SELECT FROM cart WHERE expires_at IS NOT NULL')).rowCount
    expect(await guests()).toBeGreaterThanOrEqual(1_200)
    carts.clock.advance(31 * 86_400_000)
    await carts.subgraph.work()
    expect(await guests()).toBe(0)
    await stop()
  })

  it('tells a malformed token from an unknown one', async () => {
    const query = 'query { cart(token: "abc") { id } }'
    expect((await carts.execute({ query })).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'token' })
  })
})

describe('the cart of an account', () => {
  it('is made when it is first used, and is the same one through User.cart', async () => {
    const as = accountForTest()
    expect(await readCart(carts, { as })).toBeNull()
    const { cart } = await add(carts, { as }, await publish(carts))
    const query =
      'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { cart { id } } } }'
    const own = await carts.execute({ query, variables: { id: as.accountId }, as })
    expect(own.data).toEqual({ _entities: [{ cart: { id: cart!.id } }] })
    const others = await carts.execute({ query, variables: { id: as.accountId }, as: accountForTest() })
    expect(others.data).toEqual({ _entities: [{ cart: null }] })
  })

  it('is nobody else’s through references either', async () => {
    const as = accountForTest()
    const { cart } = await add(carts, { as }, await publish(carts))
    const representations = [
      { __typename: 'Cart', id: cart!.id },
      { __typename: 'CartGroup', id: cart!.groups[0]!.id },
      { __typename: 'CartLine', id: cart!.lines[0]!.id },
    ]
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Cart { version } ... on CartGroup { weightGrams } ... on CartLine { quantity } } }`
    const ask = async (viewer: typeof as) => (await carts.execute({ query, variables: { representations }, as: viewer })).data
    expect(await ask(as)).toEqual({ _entities: [{ version: 2 }, { weightGrams: 260 }, { quantity: 1 }] })
    expect(await ask(accountForTest(['support']))).toEqual({ _entities: [null, null, null] })
  })

  it('needs a sign-in or a token', async () => {
    const query = 'mutation ($input: AcknowledgeChangesInput!) { acknowledgeChanges(input: $input) { __typename } }'
    const result = await carts.execute({ query, variables: { input: {} } })
    expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('putting things into a cart', () => {
  it('adds more of the same variant to its line', async () => {
    const as = accountForTest()
    const coffee = await publish(carts, { available: 10 })
    await add(carts, { as }, { ...coffee, quantity: 3 })
    const { cart } = await add(carts, { as }, { ...coffee, quantity: 4 })
    expect(cart!.lines).toMatchObject([{ quantity: 7, lineTotal: { amount: 374_500 } }])
    expect(await add(carts, { as }, { ...coffee, quantity: 4 })).toMatchObject({ code: 'NOT_ENOUGH_STOCK', available: 10 })
  })

  it('selects the line that it adds to: it is to be bought', async () => {
    const as = accountForTest()
    const coffee = await publish(carts, { price: 10_000 })
    const { cart: first } = await add(carts, { as }, coffee)
    await change(carts, ['selectLines', { lineIds: [first!.lines[0]!.id], selected: false }], as)
    const { cart } = await add(carts, { as }, coffee)
    expect(cart).toMatchObject({ lines: [{ quantity: 2, selected: true }], itemsTotal: { amount: 20_000 } })
    expect(await readCart(carts, { as })).toEqual(cart)
  })

  it('groups lines by shop, in the order in which the shops came', async () => {
    const as = accountForTest()
    const [first, second] = [await publish(carts), await publish(carts)]
    const third = await publish(carts, { shopId: first.shopId, weightGrams: 1000 })
    for (const { variantId } of [first, second, third]) await add(carts, { as }, { variantId })
    const cart = (await readCart(carts, { as }))!
    expect(cart.groups.map(({ shop }) => shop.id)).toEqual([first.shopId, second.shopId])
    expect(cart.groups[0]).toMatchObject({ weightGrams: 1260, volumeCubicCm: 2 * 576 })
    const origin = { originRegencyCode: '11.04', originRegency: { name: 'Kabupaten Aceh Tengah' } }
    for (const group of cart.groups) expect(group).toMatchObject(origin)
    expect(cart.groups[0]!.lines.map(({ id }) => id)).toEqual([cart.lines[0]!.id, cart.lines[2]!.id])
  })

  it('weighs a parcel as the checkout does: its volume is rounded up once', async () => {
    const as = accountForTest()
    const soap = await publish(carts, { available: 20, weightGrams: 70, lengthMm: 71, widthMm: 65, heightMm: 100 })
    const { cart } = await add(carts, { as }, { ...soap, quantity: 13 })
    expect(cart!.groups[0]).toMatchObject({ weightGrams: 910, volumeCubicCm: 6_000 })
  })

  it('loses no unit when 20 clicks come at once', async () => {
    const as = accountForTest()
    const listings = [await publish(carts, { available: 99 }), await publish(carts, { available: 99 })]
    const clicks = Array.from({ length: 20 }, (_, index) => add(carts, { as }, { variantId: listings[index % 2]!.variantId }))
    const results = await Promise.all(clicks)
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(20).fill('AddToCartSuccess'))
    const cart = (await readCart(carts, { as }))!
    expect(cart.lines.map(({ quantity }) => quantity)).toEqual([10, 10])
    expect(cart.version).toBe(21)
  })

  it('refuses what is not sold, more than a cart holds of one variant, and more lines than a cart has', async () => {
    const as = accountForTest()
    const gone = await publish(carts, { active: false })
    expect(await add(carts, { as }, gone)).toMatchObject({ code: 'VARIANT_NOT_SOLD' })
    expect(await add(carts, { as }, { variantId: newId('variant') })).toMatchObject({ code: 'VARIANT_NOT_SOLD' })
    const many = await publish(carts, { available: 5000 })
    await add(carts, { as }, { ...many, quantity: 999 })
    expect(await add(carts, { as }, many)).toMatchObject({ code: 'CART_QUANTITY_EXCEEDED', max: 999 })
    await fill(carts, (await readCart(carts, { as }))!)
    expect(await add(carts, { as }, await publish(carts))).toMatchObject({ code: 'CART_FULL', max: 200 })
    expect((await readCart(carts, { as }))!.lines).toHaveLength(200)
  })

  it.each([0, -1, 1000])('answers a quantity of %i with the field and what was expected', async (quantity) => {
    const query = 'mutation ($input: AddToCartInput!) { addToCart(input: $input) { __typename } }'
    const variables = { input: { variantId: newId('variant'), quantity } }
    const result = await carts.execute({ query, variables, as: accountForTest() })
    expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'quantity' })
  })

  it('answers a wrong id with the field it came in', async () => {
    const query = 'mutation ($input: AddToCartInput!) { addToCart(input: $input) { __typename } }'
    const result = await carts.execute({ query, variables: { input: { variantId: newId('product') } }, as: accountForTest() })
    expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'variantId' })
  })
})

describe('changing a cart', () => {
  it('sets quantities, deselects and removes, and counts only what is selected', async () => {
    const as = accountForTest()
    const [coffee, tea] = [await publish(carts, { price: 10_000 }), await publish(carts, { price: 7_000 })]
    await add(carts, { as }, coffee)
    const start = (await add(carts, { as }, tea)).cart!
    const [first, second] = start.lines.map(({ id }) => id) as [string, string]
    const changed = await change(carts, ['changeQuantity', { lineId: first, quantity: 3 }], as)
    expect(changed.cart).toMatchObject({ itemsTotal: { amount: 37_000 }, selectedLines: 2 })
    const deselected = await change(carts, ['selectLines', { lineIds: [first], selected: false }], as)
    expect(deselected.cart).toMatchObject({ itemsTotal: { amount: 7_000 }, selectedLines: 1 })
    expect(deselected.cart!.groups.map(({ weightGrams }) => weightGrams)).toEqual([0, 260])
    const removed = await change(carts, ['removeLine', { lineId: second }], as)
    expect(removed.cart!.groups.map(({ shop }) => shop.id)).toEqual([coffee.shopId])
    expect(await change(carts, ['removeLine', { lineId: second }], as)).toMatchObject({ code: 'CART_LINE_NOT_FOUND' })
  })

  it('leaves a line that is not to be bought so when its quantity changes', async () => {
    const as = accountForTest()
    const lineId = (await add(carts, { as }, await publish(carts))).cart!.lines[0]!.id
    await change(carts, ['selectLines', { lineIds: [lineId], selected: false }], as)
    const { cart } = await change(carts, ['changeQuantity', { lineId, quantity: 3 }], as)
    expect(cart!.lines).toMatchObject([{ quantity: 3, selected: false }])
    expect(await readCart(carts, { as })).toEqual(cart)
  })

  it('refuses a line of another cart', async () => {
    const [as, other] = [accountForTest(), accountForTest()]
    const { cart } = await add(carts, { as: other }, await publish(carts))
    const lineId = cart!.lines[0]!.id
    for (const [name, input] of [
      ['removeLine', { lineId }],
      ['changeQuantity', { lineId, quantity: 2 }],
      ['selectLines', { lineIds: [lineId], selected: false }],
    ] as const)
      expect(await change(carts, [name, input], as)).toMatchObject({ code: 'CART_LINE_NOT_FOUND' })
    const group = { groupId: cart!.groups[0]!.id, courierServiceId: 'jne_reg' }
    expect(await change(carts, ['chooseShipping', group], as)).toMatchObject({ code: 'CART_GROUP_NOT_FOUND' })
  })

  it('refuses a change that was meant for another version', async () => {
    const as = accountForTest()
    const { cart } = await add(carts, { as }, await publish(carts))
    const input = { lineId: cart!.lines[0]!.id, quantity: 2, expectedVersion: cart!.version }
    expect(await change(carts, ['changeQuantity', input], as)).toMatchObject({ __typename: 'ChangeQuantitySuccess' })
    expect(await change(carts, ['changeQuantity', input], as)).toMatchObject({ code: 'STALE_CART', version: cart!.version + 1 })
  })

  it('keeps the destination and the courier of each shop', async () => {
    const as = accountForTest()
    const { cart } = await add(carts, { as }, await publish(carts))
    const addressId = newId('address')
    await change(carts, ['setDestination', { addressId }], as)
    const chosen = await change(carts, ['chooseShipping', { groupId: cart!.groups[0]!.id, courierServiceId: 'jne_reg' }], as)
    expect(chosen.cart).toMatchObject({ destination: { id: addressId } })
    expect(chosen.cart!.groups[0]).toMatchObject({
      courierServiceId: 'jne_reg',
      courierService: { id: 'jne_reg' },
      destination: { id: addressId },
    })
  })

  it('shows each mutation of one request what the one before it did', async () => {
    const as = accountForTest()
    const coffee = await publish(carts)
    const query = `mutation ($id: ID!) {
      one: addToCart(input: { variantId: $id }) { ... on AddToCartSuccess { cart { version lines { quantity } } } }
      two: addToCart(input: { variantId: $id }) { ... on AddToCartSuccess { cart { version lines { quantity } } } } }`
    const { data } = await carts.execute({ query, variables: { id: coffee.variantId }, as })
    expect(data).toEqual({
      one: { cart: { version: 2, lines: [{ quantity: 1 }] } },
      two: { cart: { version: 3, lines: [{ quantity: 2 }] } },
    })
  })

  it('tells people in their language', async () => {
    const query = 'mutation ($input: AddToCartInput!) { addToCart(input: $input) { ... on Problem { message } } }'
    const coffee = await publish(carts, { available: 3 })
    const variables = { input: { variantId: coffee.variantId, quantity: 4 } }
    const say = async (locale: 'id' | 'en') => (await carts.execute({ query, variables, as: accountForTest(), locale })).data
    expect(await say('id')).toEqual({ addToCart: { message: 'Stok barang ini tinggal 3.' } })
    expect(await say('en')).toEqual({ addToCart: { message: 'Only 3 of this item are left.' } })
  })
})
