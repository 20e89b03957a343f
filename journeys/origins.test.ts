import type { Operation } from '@pasar/scripts/demo/operation'
import { addToCart, chooseShipping } from '@pasar/scripts/demo/shopping-operations'
import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newWarehouse, putOnShelf, setStock, type Goods, type Person, type TestShop } from './people.ts'

let test: TestMarket
beforeAll(async () => {
  test = await openTestMarket({ cache: 'off' })
})
afterAll(() => test.stop())

const [jakarta, bandung] = ['31.73', '32.73']

/** Units of a thing in Jakarta, where the buyer lives, and in Bandung. */
type Lying = readonly [inJakarta: number, inBandung: number]

/** A shop with a warehouse in Bandung and one in Jakarta, and things that lie in both or in one of them; their ids are in this order. */
async function wideShop(shelf: readonly Lying[]) {
  const shop = await newShop(test, [])
  const near = { ...shop, warehouseId: await newWarehouse(shop, '31.73.05') }
  const goods: Goods[] = []
  for (const [inJakarta, inBandung] of shelf) {
    const one = await putOnShelf(shop, { price: 50_000, units: inBandung })
    if (inJakarta > 0) await setStock(near, one.variantId, inJakarta)
    goods.push(one)
  }
  await test.settle()
  return { shop, near, goods }
}

interface Shown {
  readonly id: string
  readonly version: number
  readonly total: { readonly amount: number } | null
  readonly groups: readonly {
    readonly id: string
    readonly originRegencyCode: string
    readonly shippingOptions: readonly { readonly courierService: { readonly id: string } }[]
  }[]
}

const look: Operation<Shown> = `query Look { cart { id version total { amount }
  groups { id originRegencyCode shippingOptions { courierService { id } } } } }`

/** A buyer's cart with one of each of these, in this order, and its way of looking, choosing and buying. */
async function wish(variantIds: readonly string[]) {
  const buyer = await newBuyer(test)
  for (const variantId of variantIds) await buyer.client.ask(addToCart, { input: { variantId, quantity: 1 } })
  const destination = { input: { addressId: buyer.addressId }, returns: 'cart { id }' }
  await act(buyer.client, 'setDestination', destination)
  const shown = () => buyer.client.ask(look)
  const choose = async (courierServiceId: string) => {
    const { groups } = await shown()
    expect(groups[0]!.shippingOptions.map(({ courierService }) => courierService.id)).toContain(courierServiceId)
    await buyer.client.ask(chooseShipping, { input: { groupId: groups[0]!.id, courierServiceId } })
    return shown()
  }
  return { buyer, shown, choose, press: (cart: Shown, total?: number) => press(buyer, cart, total) }
}

interface Pressed {
  readonly __typename: string
  readonly expected?: { readonly amount: number }
  readonly actual?: { readonly amount: number }
  readonly checkout?: { readonly total: { readonly amount: number } }
}

const buy: Operation<Pressed> = `mutation Press($input: CheckoutInput!) { checkout(input: $input) { __typename
  ... on CheckoutPlaced { checkout { total { amount } } }
  ... on CheckoutPriceChanged { expected { amount } actual { amount } } } }`

async function press({ client }: Person, { id, version }: Shown, total?: number): Promise<Pressed> {
  const choice = { paymentMethod: 'BCA_VA', idempotencyKey: newId('movement'), ...(total && { expectedTotal: total }) }
  const result = await client.ask(buy, { input: { cartId: id, expectedCartVersion: version, ...choice } })
  await test.settle()
  return result
}

/** Shipping from Bandung costs more, so that the same total is the same origin. */
const placedAs = ({ total }: Shown) => ({ __typename: 'CheckoutPlaced', checkout: { total } })

describe('a parcel leaves from where the cart says, for what the cart says', () => {
  it.each(['jne_reg', 'gosend_instant'])('when two warehouses have everything that is in it: %s', async (service) => {
    const { goods } = await wideShop([
      [9, 10],
      [10, 9],
    ])
    const { choose, press: pressed } = await wish(goods.map(({ variantId }) => variantId).toReversed())
    const cart = await choose(service)
    expect(cart.groups[0]!.originRegencyCode).toBe(jakarta)
    expect(await pressed(cart, cart.total!.amount)).toMatchObject(placedAs(cart))
  })

  it('when each warehouse has a part of it', async () => {
    const { goods } = await wideShop([
      [5, 0],
      [0, 10],
    ])
    const [first, second] = goods
    const { buyer, choose, press: pressed } = await wish([first!.variantId, second!.variantId])
    await buyer.client.ask(addToCart, { input: { variantId: second!.variantId, quantity: 4 } })
    const cart = await choose('gosend_instant')
    expect(await pressed(cart, cart.total!.amount)).toMatchObject(placedAs(cart))
  })
})

describe('a buyer who names no total', () => {
  it('pays no more for shipping than the cart has shown, though the warehouse has moved since', async () => {
    const { shop, goods } = await wideShop([[0, 5]])
    const { choose, shown, press: pressed } = await wish([goods[0]!.variantId])
    const before = await choose('jne_reg')
    const move = { warehouseId: shop.warehouseId, districtCode: '73.71.01' }
    await act(shop.owner.client, 'changeWarehouse', { input: move, returns: 'warehouse { id }' })
    expect(await pressed(before)).toMatchObject({ __typename: 'CheckoutPriceChanged', expected: before.total })
    const after = await shown()
    expect(after.groups[0]!.originRegencyCode).toBe('73.71')
    expect(after.total!.amount).toBeGreaterThan(before.total!.amount)
    expect(await pressed(after)).toMatchObject(placedAs(after))
  })
})

describe('a parcel that only another warehouse has everything of', () => {
  const half: readonly Lying[] = [
    [10, 5],
    [0, 5],
  ]

  async function bundleOf({ shop, goods }: { readonly shop: TestShop; readonly goods: readonly Goods[] }): Promise<string> {
    const bundle = await putOnShelf(shop, { price: 90_000, units: 0 })
    const components = goods.map(({ variantId }) => ({ variantId, quantity: 1 }))
    const input = { variantId: bundle.variantId, components }
    await act(shop.owner.client, 'setBundle', { input, returns: 'variant { id }' })
    await test.settle()
    return bundle.variantId
  }

  it.each([
    ['two things', false],
    ['a bundle', true],
  ])('is offered from there once a checkout has found it, and bought with the next one: %s', async (_, isBundle) => {
    const wide = await wideShop(half)
    const {
      shown,
      choose,
      press: pressed,
    } = await wish(isBundle ? [await bundleOf(wide)] : wide.goods.map(({ variantId }) => variantId))
    const before = await choose('jne_reg')
    expect(before.groups[0]!.originRegencyCode).toBe(jakarta)
    expect(await pressed(before, before.total!.amount)).toMatchObject({
      __typename: 'CheckoutPriceChanged',
      expected: before.total,
    })
    const after = await shown()
    expect(after.groups[0]!.originRegencyCode).toBe(bandung)
    expect(after.total!.amount).toBeGreaterThan(before.total!.amount)
    expect(await pressed(after, after.total!.amount)).toMatchObject(placedAs(after))
  })

  it('is not offered by an instant service that does not come there, which others are chosen instead of', async () => {
    const { goods } = await wideShop(half)
    const { shown, choose, press: pressed } = await wish(goods.map(({ variantId }) => variantId))
    const before = await choose('gosend_instant')
    expect(await pressed(before, before.total!.amount)).toMatchObject({ __typename: 'CheckoutShippingUnavailable' })
    const { groups } = await shown()
    expect(groups[0]!.shippingOptions.map(({ courierService }) => courierService.id)).not.toContain('gosend_instant')
    const after = await choose('jne_reg')
    expect(await pressed(after, after.total!.amount)).toMatchObject(placedAs(after))
  })

  it('is offered from the first one again when it no longer has in it what that one has not', async () => {
    const { goods } = await wideShop(half)
    const { buyer, shown, choose, press: pressed } = await wish(goods.map(({ variantId }) => variantId))
    const before = await choose('jne_reg')
    await pressed(before, before.total!.amount)
    const { lines } = await buyer.client.ask<{ lines: readonly { id: string }[] }>('query Lines { cart { lines { id } } }')
    await act(buyer.client, 'removeLine', { input: { lineId: lines[1]!.id }, returns: 'cart { id }' })
    const after = await shown()
    expect(after.groups[0]!.originRegencyCode).toBe(jakarta)
    expect(await pressed(after, after.total!.amount)).toMatchObject(placedAs(after))
  })
})
