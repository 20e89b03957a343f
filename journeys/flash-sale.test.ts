import { readCart } from '@pasar/scripts/demo/shopping-operations'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buy, click, fillCart, ledgerOf, pay } from './buying.ts'
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
