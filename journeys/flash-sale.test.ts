import { readCart } from '@pasar/scripts/demo/shopping-operations'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { availableOf, buy, click, fillCart, ledgerOf, pay, stateOf } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newStaff, returning } from './people.ts'

let test: TestMarket
beforeAll(async () => {
  test = await openTestMarket({ way: 'in one process' })
})
afterAll(() => test.stop())

const hour = 3_600_000

const page = `query FlashSales { flashSales { edges { node { price { amount } regularPrice { amount } variant { id price { amount } } } } } }`

it('a flash sale goes from the shelf through the cart to the ledger at its own price, and not a moment longer', async () => {
  const shop = await newShop(test, [{ price: 100_000, units: 10 }])
  const [good] = shop.goods
  const variantId = good!.variantId
  const admin = await newStaff(test, 'admin')
  const buyer = await newBuyer(test)
  const times = { startsAt: new Date(test.clock.now().getTime() + hour), endsAt: new Date(test.clock.now().getTime() + 2 * hour) }
  await act(shop.owner.client, 'scheduleFlashSale', {
    input: { variantId, price: 60_000, ...times },
    returns: 'flashSale { id }',
  })
  const before = await fillCart(buyer, [[good!, 2]])
  expect(before.groups[0]!.lines).toHaveLength(1)

  test.clock.advance(hour)
  await test.settle()
  const guest = await newBuyer(test)
  expect(await guest.client.ask(page)).toEqual({
    edges: [
      {
        node: {
          price: { amount: 60_000 },
          regularPrice: { amount: 100_000 },
          variant: { id: variantId, price: { amount: 60_000 } },
        },
      },
    ],
  })
  const back = await returning(test, buyer)
  const cheaper = (await back.client.ask(readCart))!
  expect(before.total!.amount - cheaper.total!.amount).toBe(80_000)
  const bought = await buy(test, back, click(cheaper, { expectedTotal: cheaper.total!.amount }))
  expect(bought.orders[0]!.itemsTotal.amount).toBe(120_000)

  const late = await fillCart(guest, [[good!, 1]])
  test.clock.advance(hour)
  await test.settle()
  await expect(buy(test, await returning(test, guest), click(late))).rejects.toThrow('CHECKOUT_PRICE_CHANGED')

  await pay(test, bought)
  expect(await ledgerOf(await returning(test, admin))).toMatchObject({ ESCROW: bought.total })
})

const shelfOf = `query Shelf($id: ID!) { product(id: $id) { variants { price { amount } flashSale { remaining } } } }`
type Shelf = { variants: [{ price: { amount: number }; flashSale: { remaining: number } | null }] }

it('the one unit of a flash sale goes to who pays it in time, and whoever pays later gets the money back', async () => {
  const shop = await newShop(test, [{ price: 100_000, units: 10 }])
  const [good] = shop.goods
  const { variantId, productId } = good!
  const shelf = async () => (await test.guest.ask<Shelf>(shelfOf, { id: productId })).variants[0]
  const endsAt = new Date(test.clock.now().getTime() + 120 * hour)
  await act(shop.owner.client, 'scheduleFlashSale', {
    input: { variantId, price: 60_000, endsAt, units: 1, unitsPerBuyer: 1 },
    returns: 'flashSale { id }',
  })
  await test.settle()
  const [slow, quick] = [await newBuyer(test), await newBuyer(test)]
  const unpaid = await buy(test, slow, click(await fillCart(slow, [[good!, 1]])))
  expect(await shelf()).toEqual({ price: { amount: 60_000 }, flashSale: { remaining: 0 } })
  const cart = await fillCart(quick, [[good!, 1]])
  await expect(buy(test, quick, click(cart))).rejects.toThrow('CHECKOUT_FLASH_SALE_LIMITED')

  test.clock.advance(48 * hour)
  await test.settle()
  expect(await shelf()).toEqual({ price: { amount: 60_000 }, flashSale: { remaining: 1 } })
  const back = await returning(test, quick)
  const bought = await buy(test, back, click((await back.client.ask(readCart))!))
  expect(bought.orders[0]!.itemsTotal.amount).toBe(60_000)
  await pay(test, bought)
  expect(await shelf()).toEqual({ price: { amount: 100_000 }, flashSale: null })

  await pay(test, unpaid)
  expect(await stateOf(await returning(test, slow), unpaid.orders[0]!.id)).toEqual({
    state: 'CANCELLED',
    endReason: 'PAID_TOO_LATE',
  })
  expect(await availableOf(test, good!)).toBe(9)
})
