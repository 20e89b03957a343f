import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import type { TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { add, change, fill, publish, readCart, startCarts, type CartView } from './carts-for-test.ts'

let carts: TestSubgraph
let postgres: ReturnType<typeof openPostgres>
beforeAll(async () => {
  carts = await startCarts()
  postgres = openPostgres({ url: carts.databaseUrl })
})
afterAll(async () => {
  await postgres.stop()
  await carts.stop()
})

interface Locked {
  readonly __typename: string
  readonly code?: string
  readonly lines?: readonly { readonly lineId: string }[]
  readonly [field: string]: unknown
}

const lockFields = `__typename ... on CartsLocked { cartId addressId itemsTotal lines { lineId variantId shopId quantity unitPrice }
  groups { shopId courierServiceId originRegencyCode } } ... on CartsUnknown { code } ... on CartsEmpty { code } ... on CartsChanged { code version }
  ... on CartsBusy { code checkoutId } ... on CartsIncomplete { code missing shopIds } ... on CartsLockGone { code }`

const asOrders = async <T>(field: string, input: object, selection: string): Promise<T> => {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`
  const query = `mutation ($input: ${type}) { result: ${field}(input: $input) { ${selection} } }`
  const { data, errors } = await carts.executeAsOrders<{ result: T }>({ query, variables: { input } })
  if (errors) throw new Error(JSON.stringify(errors))
  return data!.result
}

const unlock = (checkoutId: string, ...origins: readonly object[]) =>
  asOrders<{ checkoutId: string }>('cartsUnlock', { checkoutId, origins }, 'checkoutId')
const clear = (checkoutId: string) => asOrders<{ checkoutId: string }>('cartsClear', { checkoutId }, 'checkoutId')

/** A buyer whose cart has two lines, one of them selected, an address and a courier. */
async function buyer() {
  const as = accountForTest()
  const [coffee, tea] = [await publish(carts, { price: 10_000 }), await publish(carts)]
  await add(carts, { as }, { ...coffee, quantity: 3 })
  const { cart } = await add(carts, { as }, tea)
  await change(carts, ['selectLines', { lineIds: [cart!.lines[1]!.id], selected: false }], as)
  const addressId = newId('address')
  await change(carts, ['setDestination', { addressId }], as)
  const group = { groupId: cart!.groups[0]!.id, courierServiceId: 'jne_reg' }
  const ready = (await change(carts, ['chooseShipping', group], as)).cart!
  const input = { checkoutId: newId('checkout'), accountId: as.accountId, cartId: ready.id, expectedVersion: ready.version }
  const lock = (other: object = {}) => asOrders<Locked>('cartsLock', { ...input, ...other }, lockFields)
  const read = async (): Promise<CartView> => (await readCart(carts, { as }))!
  return { as, coffee, tea, addressId, lock, read, checkoutId: input.checkoutId, version: ready.version }
}

it('a crowd in line hears what lies in as many carts as are asked for at once, however full they are', async () => {
  const as = accountForTest()
  const { cart } = await add(carts, { as }, await publish(carts))
  await fill(carts, cart!)
  const asked = Array.from({ length: limits.checkoutLooksMax }, () => ({ accountId: as.accountId, cartId: cart!.id }))
  const query = `query ($input: CartsWantedInput!) { cartsWanted(input: $input) { cart variantId quantity } }`
  const { data } = await carts.executeAsOrders<{ cartsWanted: object[] }>({ query, variables: { input: { carts: asked } } })
  expect(data!.cartsWanted).toHaveLength(limits.checkoutLooksMax * limits.cartLinesMax)
})

describe('a checkout that locks a cart', () => {
  it('gets the selected lines, the address and the couriers, and the same again when it asks again', async () => {
    const { coffee, addressId, lock, read } = await buyer()
    const {
      lines: [line],
    } = await read()
    const first = await lock()
    expect(first).toMatchObject({
      __typename: 'CartsLocked',
      addressId,
      itemsTotal: 30_000,
      lines: [{ lineId: line!.id, variantId: coffee.variantId, shopId: coffee.shopId, quantity: 3, unitPrice: 10_000 }],
      groups: [{ shopId: coffee.shopId, courierServiceId: 'jne_reg', originRegencyCode: '11.04' }],
    })
    await publish(carts, { ...coffee, price: 11_000 })
    expect(await lock()).toEqual(first)
    expect((await read()).beingCheckedOut).toBe(true)
  })

  it('keeps every change away until it ends', async () => {
    const { as, tea, lock, read, checkoutId, version } = await buyer()
    await lock()
    const { lines, groups } = await read()
    for (const [name, input] of [
      ['addToCart', { variantId: tea.variantId, quantity: 1 }],
      ['changeQuantity', { lineId: lines[0]!.id, quantity: 1 }],
      ['removeLine', { lineId: lines[0]!.id }],
      ['selectLines', { lineIds: [lines[0]!.id], selected: false }],
      ['acknowledgeChanges', {}],
      ['setDestination', { addressId: newId('address') }],
      ['chooseShipping', { groupId: groups[0]!.id, courierServiceId: 'jne_yes' }],
    ] as const)
      expect(await change(carts, [name, input], as)).toMatchObject({ code: 'CART_BEING_CHECKED_OUT' })
    await unlock(checkoutId)
    expect(await read()).toMatchObject({ version, beingCheckedOut: false })
    expect(await change(carts, ['removeLine', { lineId: lines[0]!.id }], as)).toMatchObject({ __typename: 'RemoveLineSuccess' })
  })

  it('keeps another checkout away, also when both come at once', async () => {
    const { lock } = await buyer()
    const results = await Promise.all([lock({ checkoutId: newId('checkout') }), lock({ checkoutId: newId('checkout') })])
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual(['CartsBusy', 'CartsLocked'])
    expect(await lock()).toMatchObject({ code: 'CARTS_BUSY' })
  })

  it('is told when the buyer changed the cart, when nothing is selected, and what is not chosen', async () => {
    const { as, lock, read, version } = await buyer()
    expect(await lock({ expectedVersion: version - 1 })).toMatchObject({ code: 'CARTS_CHANGED', version })
    expect(await lock({ accountId: newId('account') })).toMatchObject({ code: 'CARTS_UNKNOWN' })
    const { lines } = await read()
    await change(carts, ['selectLines', { lineIds: [lines[0]!.id], selected: false }], as)
    expect(await lock({ expectedVersion: version + 1 })).toMatchObject({ code: 'CARTS_EMPTY' })
    const other = accountForTest()
    const coffee = await publish(carts)
    const { cart } = await add(carts, { as: other }, coffee)
    const incomplete = await lock({ accountId: other.accountId, cartId: cart!.id, expectedVersion: 2 })
    expect(incomplete).toMatchObject({ code: 'CARTS_INCOMPLETE', missing: ['ADDRESS', 'COURIER'], shopIds: [coffee.shopId] })
    expect((await read()).beingCheckedOut).toBe(false)
  })

  it('does not take what it has read when the cart changes just then', async () => {
    const { lock, read, checkoutId, version } = await buyer()
    const rival = await postgres.pool.connect()
    await rival.query('BEGIN')
    await rival.query(
      'UPDATE cart SET version = version + 1 WHERE version = $1 AND id IN (SELECT cart_id FROM cart_line WHERE id = $2)',
      [version, (await read()).lines[0]!.id],
    )
    const asked = lock()
    await vi.waitFor(async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      expect((await postgres.pool.query(waiting)).rowCount).toBe(1)
    }, 10_000)
    await rival.query('COMMIT')
    rival.release()
    expect(await asked).toMatchObject({ code: 'CARTS_CHANGED', version: version + 1 })
    expect(await lock({ checkoutId, expectedVersion: version + 1 })).toMatchObject({ __typename: 'CartsLocked' })
  })

  it('gets the prices that the buyer was last shown, and the present ones once they are acknowledged', async () => {
    const { as, coffee, lock, version } = await buyer()
    await publish(carts, { ...coffee, price: 15_000 })
    const unread = newId('checkout')
    expect(await lock({ checkoutId: unread })).toMatchObject({ itemsTotal: 30_000, lines: [{ unitPrice: 10_000 }] })
    await unlock(unread)
    await change(carts, ['acknowledgeChanges', {}], as)
    expect(await lock({ expectedVersion: version + 1 })).toMatchObject({ itemsTotal: 45_000, lines: [{ unitPrice: 15_000 }] })
  })

  it('counts nothing for what the buyer has seen to be sold out and not yet to be back', async () => {
    const { as, coffee, lock, version } = await buyer()
    await publish(carts, { ...coffee, available: 0 })
    await change(carts, ['acknowledgeChanges', {}], as)
    await publish(carts, { ...coffee, available: 8 })
    const unread = newId('checkout')
    const first = await lock({ checkoutId: unread, expectedVersion: version + 1 })
    expect(first).toMatchObject({ itemsTotal: 0, lines: [{ quantity: 3, unitPrice: 0 }] })
    await unlock(unread)
    await change(carts, ['acknowledgeChanges', {}], as)
    expect(await lock({ expectedVersion: version + 2 })).toMatchObject({ itemsTotal: 30_000, lines: [{ unitPrice: 10_000 }] })
  })

  it('takes sold-out lines along: whether they are sold out is for products to say', async () => {
    const { coffee, lock } = await buyer()
    await publish(carts, { ...coffee, available: 0 })
    expect(await lock()).toMatchObject({ __typename: 'CartsLocked', itemsTotal: 30_000 })
  })
})

describe('a checkout that ends', () => {
  it('by unlocking, leaves the cart as it was and cannot lock again', async () => {
    const { lock, read, checkoutId } = await buyer()
    await lock()
    const before = await read()
    await unlock(checkoutId)
    await unlock(checkoutId)
    expect(await read()).toEqual({ ...before, beingCheckedOut: false })
    expect(await lock()).toMatchObject({ code: 'CARTS_LOCK_GONE' })
    expect(await lock({ checkoutId: newId('checkout') })).toMatchObject({ __typename: 'CartsLocked' })
  })

  it('by unlocking, tells the cart where its parcels leave from, as long as the same lines are to be bought', async () => {
    const { coffee, lock, read, checkoutId } = await buyer()
    await lock()
    for (let times = 0; times < 2; times += 1) {
      await unlock(checkoutId, { shopId: coffee.shopId, regencyCode: '32.73' }, { shopId: newId('shop'), regencyCode: '31.73' })
    }
    const groups = [{ originRegencyCode: '32.73' }, { originRegencyCode: '11.04' }]
    expect(await read()).toMatchObject({ groups })
    expect(await lock({ checkoutId: newId('checkout') })).toMatchObject({ groups: [groups[0]] })
    const other = await buyer()
    const { lines } = await other.read()
    await other.lock()
    await unlock(other.checkoutId, { shopId: other.coffee.shopId, regencyCode: '32.73' })
    await change(carts, ['changeQuantity', { lineId: lines[0]!.id, quantity: 2 }], other.as)
    expect(await other.read()).toMatchObject({ groups: [groups[1], groups[1]] })
  })

  it('before it began, never begins', async () => {
    const { lock, read, checkoutId } = await buyer()
    expect(await unlock(checkoutId)).toEqual({ checkoutId })
    expect(await lock()).toMatchObject({ code: 'CARTS_LOCK_GONE' })
    expect((await read()).beingCheckedOut).toBe(false)
  })

  it('by clearing, takes what was bought out of the cart once and leaves the rest', async () => {
    const { as, tea, coffee, lock, read, checkoutId, version } = await buyer()
    await lock()
    await clear(checkoutId)
    const after = await read()
    expect(after).toMatchObject({ beingCheckedOut: false, version: version + 1, lines: [{ variant: { id: tea.variantId } }] })
    await add(carts, { as }, coffee)
    await clear(checkoutId)
    await unlock(checkoutId)
    expect((await read()).lines).toHaveLength(2)
  })

  it('by unlocking and clearing in any order, has the effect of the first', async () => {
    const { lock, read, checkoutId } = await buyer()
    await lock()
    await unlock(checkoutId)
    await clear(checkoutId)
    expect((await read()).lines).toHaveLength(2)
  })
})

describe('what checkouts have done with carts', () => {
  const day = 86_400_000
  const known = async (checkoutIds: readonly string[]) => {
    const { rows } = await postgres.pool.query<{ id: string }>(
      'SELECT checkout_id AS id FROM cart_lock WHERE checkout_id = ANY($1::text[])',
      [checkoutIds],
    )
    return checkoutIds.filter((id) => rows.some((row) => row.id === id))
  }

  it('is forgotten three months later, but for a cart that is still held', async () => {
    const [released, cleared, held] = [await buyer(), await buyer(), await buyer()]
    for (const { lock } of [released, cleared, held]) expect(await lock()).toMatchObject({ __typename: 'CartsLocked' })
    await unlock(released.checkoutId)
    await clear(cleared.checkoutId)
    const neverLocked = newId('checkout')
    await unlock(neverLocked)
    const all = [released.checkoutId, cleared.checkoutId, neverLocked, held.checkoutId]
    carts.clock.advance(89 * day)
    await carts.subgraph.work()
    expect(await known(all)).toEqual(all)
    carts.clock.advance(2 * day)
    await carts.subgraph.work()
    expect(await known(all)).toEqual([held.checkoutId])
    expect((await held.read()).beingCheckedOut).toBe(true)
    await clear(cleared.checkoutId)
    await unlock(released.checkoutId)
    expect((await cleared.read()).lines).toHaveLength(1)
    expect((await released.read()).lines).toHaveLength(2)
  })
})

describe('the commands of the checkout', () => {
  it.each([accountForTest(), accountForTest(['admin'])])('are not for people', async (as) => {
    const query = `mutation ($input: CartsUnlockInput!) { cartsUnlock(input: $input) { checkoutId } }`
    const result = await carts.execute({ query, variables: { input: { checkoutId: newId('checkout') } }, as })
    expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
  })
})
