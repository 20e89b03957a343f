import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { add, change, fill, guestCart, publish, readCart, startCarts } from './carts-for-test.ts'

let carts: TestSubgraph
beforeAll(async () => {
  carts = await startCarts()
})
afterAll(() => carts.stop())

describe('merging a guest cart after sign-in', () => {
  it('adds quantities, keeps what the guest chose, and ends the guest cart', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const [both, onlyGuest] = [await publish(carts), await publish(carts)]
    await add(carts, { as }, { ...both, quantity: 2 })
    await add(carts, { token }, { ...both, quantity: 3 })
    const { cart: guest } = await add(carts, { token }, onlyGuest)
    const group = guest!.groups.find(({ shop }) => shop.id === onlyGuest.shopId)!
    await change(carts, ['chooseShipping', { cartToken: token, groupId: group.id, courierServiceId: 'sicepat_reg' }])
    await change(carts, ['selectLines', { cartToken: token, lineIds: [guest!.lines[1]!.id], selected: false }])
    const { cart, leftOut } = await change(carts, ['mergeCarts', { cartToken: token }], as)
    expect(leftOut).toEqual([])
    expect(cart!.lines).toMatchObject([
      { quantity: 5, selected: true, variant: { id: both.variantId } },
      { quantity: 1, selected: false, variant: { id: onlyGuest.variantId } },
    ])
    expect(cart!.groups.map(({ courierServiceId }) => courierServiceId)).toEqual([null, 'sicepat_reg'])
    expect(await readCart(carts, { token })).toBeNull()
    expect(await add(carts, { token }, both)).toMatchObject({ code: 'CART_NOT_FOUND' })
  })

  it.each(['guest', 'account'])('keeps what the %s means to buy to be bought, also where the other does not', async (who) => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const coffee = await publish(carts)
    const own = (await add(carts, { as }, coffee)).cart!.lines[0]!.id
    const guests = (await add(carts, { token }, coffee)).cart!.lines[0]!.id
    if (who === 'guest') await change(carts, ['selectLines', { lineIds: [own], selected: false }], as)
    else await change(carts, ['selectLines', { cartToken: token, lineIds: [guests], selected: false }])
    const { cart } = await change(carts, ['mergeCarts', { cartToken: token }], as)
    expect(cart!.lines).toMatchObject([{ quantity: 2, selected: true }])
  })

  it('leaves what neither means to buy so', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const coffee = await publish(carts)
    const own = (await add(carts, { as }, coffee)).cart!.lines[0]!.id
    const guests = (await add(carts, { token }, coffee)).cart!.lines[0]!.id
    await change(carts, ['selectLines', { lineIds: [own], selected: false }], as)
    await change(carts, ['selectLines', { cartToken: token, lineIds: [guests], selected: false }])
    const { cart } = await change(carts, ['mergeCarts', { cartToken: token }], as)
    expect(cart!.lines).toMatchObject([{ quantity: 2, selected: false }])
  })

  it('tells when there is less than both carts have together', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const coffee = await publish(carts, { available: 4 })
    await add(carts, { as }, { ...coffee, quantity: 3 })
    await add(carts, { token }, { ...coffee, quantity: 3 })
    const { cart } = await change(carts, ['mergeCarts', { cartToken: token }], as)
    expect(cart!.lines).toMatchObject([{ quantity: 6, notices: [{ kind: 'ONLY_N_LEFT', available: 4 }] }])
    await publish(carts, { ...coffee, available: 6 })
    expect((await readCart(carts, { as }))!.lines).toMatchObject([{ availability: 'AVAILABLE', notices: [] }])
  })

  it('may be repeated, also twice at the same time, and adds once', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const coffee = await publish(carts)
    await add(carts, { token }, { ...coffee, quantity: 2 })
    const merge = () => change(carts, ['mergeCarts', { cartToken: token }], as)
    const results = [...(await Promise.all([merge(), merge(), merge()])), await merge()]
    expect(new Set(results.map(({ cart }) => cart?.id)).size).toBe(1)
    expect((await readCart(carts, { as }))!.lines).toMatchObject([{ quantity: 2 }])
  })

  it('is nobody else’s to repeat', async () => {
    const token = await guestCart(carts)
    await change(carts, ['mergeCarts', { cartToken: token }], accountForTest())
    const other = await change(carts, ['mergeCarts', { cartToken: token }], accountForTest())
    expect(other).toMatchObject({ code: 'CART_NOT_FOUND' })
  })

  it('caps a quantity at what a cart holds of one variant', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const rice = await publish(carts, { available: 5_000 })
    await add(carts, { as }, { ...rice, quantity: 600 })
    await add(carts, { token }, { ...rice, quantity: 600 })
    const { cart } = await change(carts, ['mergeCarts', { cartToken: token }], as)
    expect(cart!.lines).toMatchObject([{ quantity: 999 }])
  })

  it('leaves out what does not fit, tells so, and tells it again', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const [own, other] = [await publish(carts), await publish(carts)]
    await fill(carts, (await add(carts, { as }, own)).cart!)
    await add(carts, { token }, own)
    await add(carts, { token }, other)
    const merge = () => change(carts, ['mergeCarts', { cartToken: token }], as)
    expect((await merge()).leftOut).toEqual([{ id: other.variantId }])
    const { cart, leftOut } = await merge()
    expect(leftOut).toEqual([{ id: other.variantId }])
    expect(cart!.lines).toHaveLength(200)
    expect(cart!.lines.find(({ variant }) => variant.id === own.variantId)).toMatchObject({ quantity: 2 })
  })

  it('brings the notices along that the guest has not seen yet', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const coffee = await publish(carts, { price: 10_000 })
    await add(carts, { token }, coffee)
    await publish(carts, { ...coffee, price: 12_000 })
    const { cart } = await change(carts, ['mergeCarts', { cartToken: token }], as)
    expect(cart!.lines[0]!.notices).toMatchObject([{ kind: 'PRICE_CHANGED', from: { amount: 10_000 }, to: { amount: 12_000 } }])
  })

  it('waits while a checkout holds the account’s cart', async () => {
    const [as, token] = [accountForTest(), await guestCart(carts)]
    const { cart } = await add(carts, { as }, await publish(carts))
    await change(carts, ['setDestination', { addressId: newId('address') }], as)
    await change(carts, ['chooseShipping', { groupId: cart!.groups[0]!.id, courierServiceId: 'jne_reg' }], as)
    const input = { checkoutId: newId('checkout'), accountId: as.accountId, cartId: cart!.id, expectedVersion: 4 }
    const query = 'mutation ($input: CartsLockInput!) { cartsLock(input: $input) { __typename } }'
    expect((await carts.executeAsOrders({ query, variables: { input } })).data).toEqual({
      cartsLock: { __typename: 'CartsLocked' },
    })
    await add(carts, { token }, await publish(carts))
    const refused = await change(carts, ['mergeCarts', { cartToken: token }], as)
    expect(refused).toMatchObject({ code: 'CART_BEING_CHECKED_OUT', checkoutId: input.checkoutId })
    expect((await readCart(carts, { token }))!.lines).toHaveLength(1)
  })
})
