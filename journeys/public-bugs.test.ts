import { pressBuy } from '@pasar/scripts/demo/order-operations'
import { addToCart, readCart } from '@pasar/scripts/demo/shopping-operations'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { availableOf, buy, checkoutOf, click, fillCart, ledgerOf, paidOrder, pay, stateOf } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newStaff, putOnShelf, returning, type Goods } from './people.ts'

// What went wrong elsewhere, by the numbers under which it was reported there, played through our front door.
let test: TestMarket
beforeAll(async () => {
  test = await openTestMarket()
})
afterAll(() => test.stop())

const day = 24 * 3_600_000
const buyers = (count: number) => Promise.all(Array.from({ length: count }, () => newBuyer(test)))

const ordersOf = `query Orders { me { orders(first: 10) { edges { node { id total { amount } lines { quantity variant { id } } } } } } }`
type Orders = { orders: { edges: { node: { id: string; total: { amount: number }; lines: { quantity: number }[] } }[] } }

describe('vendure #3508, #1738 and #4930: stock is looked at in one transaction and taken in a later one', () => {
  it.each(['COUNTER', 'UNITS'])(
    'six buyers of the last unit are one sale and five refusals, before anybody is asked to pay (%s)',
    async (mode) => {
      const shop = await newShop(test, [{ price: 90_000, units: 1 }])
      const { variantId } = shop.goods[0]!
      await act(shop.owner.client, 'changeStockMode', { input: { variantId, mode }, returns: 'variant { stockMode }' })
      const people = await buyers(6)
      const clicks = await Promise.all(people.map(async (buyer) => click(await fillCart(buyer, [[shop.goods[0]!, 1]]))))
      const ends = await Promise.allSettled(people.map(({ client }, index) => client.ask(pressBuy, clicks[index])))
      await test.settle()
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const end of ends) if (end.status === 'rejected') expect(String(end.reason)).toContain('CHECKOUT_OUT_OF_STOCK')
      expect(await availableOf(test, shop.goods[0]!)).toBe(0)
    },
  )
})

describe('vendure #3065: the money is taken, and then the goods are gone', () => {
  it('is given back by itself, and the order says why', async () => {
    const shop = await newShop(test, [{ price: 90_000, units: 1 }])
    const admin = await newStaff(test, 'admin')
    const late = await newBuyer(test)
    const bought = await buy(test, late, click(await fillCart(late, [[shop.goods[0]!, 1]])))
    test.clock.advance(2 * day)
    await test.settle()
    await paidOrder(test, shop)
    const before = await ledgerOf(await returning(test, admin))
    await pay(test, bought)
    const back = await returning(test, late)
    expect(await stateOf(back, bought.orders[0]!.id)).toEqual({ state: 'CANCELLED', endReason: 'PAID_TOO_LATE' })
    const after = await ledgerOf(await returning(test, admin))
    expect((after['ESCROW'] ?? 0) - (before['ESCROW'] ?? 0)).toBe(0)
    expect((after['BUYER_WALLET'] ?? 0) - (before['BUYER_WALLET'] ?? 0)).toBe(bought.total)
    expect(await availableOf(test, shop.goods[0]!)).toBe(0)
  })
})

describe('medusa #16502: two lines of a cart share what lies on the shelf', () => {
  it('a thing and a bundle of it are summed before they are taken', async () => {
    const shop = await newShop(test, [{ price: 90_000, units: 1 }])
    const [thing] = shop.goods
    const bundle = await putOnShelf(shop, { price: 80_000, units: 0 })
    const components = [{ variantId: thing!.variantId, quantity: 1 }]
    await act(shop.owner.client, 'setBundle', { input: { variantId: bundle.variantId, components }, returns: 'variant { id }' })
    await test.settle()
    const buyer = await newBuyer(test)
    const both = click(await fillCart(buyer, [[thing!, 1], [bundle, 1]])) // prettier-ignore
    await expect(buy(test, buyer, both)).rejects.toThrow('CHECKOUT_OUT_OF_STOCK')
    expect(await availableOf(test, thing!)).toBe(1)
  })
})

describe('medusa #16825: what ran beside the failing step is left behind', () => {
  it('a checkout without stock leaves no order, no payment and no lock', async () => {
    const shop = await newShop(test, [{ price: 90_000, units: 2 }, { price: 10_000, units: 5 }]) // prettier-ignore
    const [scarce, other] = shop.goods
    const buyer = await newBuyer(test)
    const cart = click(await fillCart(buyer, [[scarce!, 2], [other!, 1]])) // prettier-ignore
    await paidOrder(test, shop)
    await expect(buy(test, buyer, cart)).rejects.toThrow(/CHECKOUT_(OUT_OF_STOCK|CART_\w+)/)
    await test.settle()
    expect((await buyer.client.ask<Orders>(ordersOf)).orders.edges).toEqual([])
    const shopOrders = `query Shop($id: ID!) { shop(id: $id) { orders(first: 10) { edges { node { id } } } } }`
    const seen = await shop.owner.client.ask<Orders>(shopOrders, { id: shop.shopId })
    expect(seen.orders.edges).toHaveLength(1)
    expect(await availableOf(test, other!)).toBe(5)
    await buyer.client.ask(addToCart, { input: { variantId: other!.variantId, quantity: 1 } })
  })
})

describe('medusa #3206, #3556 and #13962: transactions that lose are told to the buyer', () => {
  it('ten buyers of the same two things, in either order, all buy, and hear of nothing', async () => {
    const shop = await newShop(test, [{ price: 90_000, units: 50 }, { price: 10_000, units: 50 }]) // prettier-ignore
    const [a, b] = [shop.goods[0]!, shop.goods[1]!]
    const people = await buyers(10)
    const carts = people.map((buyer, index) => fillCart(buyer, index % 2 ? [[a, 1], [b, 2]] : [[b, 2], [a, 1]])) // prettier-ignore
    const clicks = (await Promise.all(carts)).map((cart) => click(cart))
    await Promise.all(people.map(({ client }, index) => client.ask(pressBuy, clicks[index])))
    await test.settle()
    expect([await availableOf(test, a), await availableOf(test, b)]).toEqual([40, 30])
  })
})

describe('ACIDRain, the attack on the cart: a thing is added between price and payment', () => {
  const scene = async () => {
    const shop = await newShop(test, [{ price: 90_000, units: 9 }, { price: 5_000_000, units: 9 }]) // prettier-ignore
    const [cheap, dear] = [shop.goods[0]!, shop.goods[1]!]
    const buyer = await newBuyer(test)
    const cart = await fillCart(buyer, [[cheap, 1]])
    const sneak = () => buyer.client.ask(addToCart, { input: { variantId: dear.variantId, quantity: 1 } })
    const left = async () => {
      const lines = (await buyer.client.ask(readCart))?.groups.flatMap((group) => group.lines) ?? []
      const units = ({ variantId }: Goods) =>
        lines.reduce((sum, one) => sum + (one.variant.id === variantId ? one.quantity : 0), 0)
      return { cheap: units(cheap), dear: units(dear) }
    }
    return { buyer, cheap, input: click(cart, { expectedTotal: cart.total!.amount }), total: cart.total!.amount, sneak, left }
  }
  const taken = (adds: readonly PromiseSettledResult<unknown>[]) => adds.filter(({ status }) => status === 'fulfilled').length

  it('at the same moment: what went in is still in the cart, and what was priced is what is bought, if anything is', async () => {
    const { buyer, cheap, input, total, sneak, left } = await scene()
    const press = buyer.client.ask(pressBuy, input)
    const [[pressed], adds] = await Promise.all([Promise.allSettled([press]), Promise.allSettled([sneak(), sneak(), sneak()])])
    await test.settle()
    const { orders } = await buyer.client.ask<Orders>(ordersOf)
    expect(await left()).toEqual({ cheap: pressed.status === 'rejected' ? 1 : 0, dear: taken(adds) })
    if (pressed.status === 'rejected') {
      expect(String(pressed.reason)).toMatch(/CHECKOUT_(CART_CHANGED|PRICE_CHANGED|CART_INCOMPLETE)/)
      expect(orders.edges).toEqual([])
      return
    }
    expect((await checkoutOf(buyer, pressed.value.checkout.id)).total!.amount).toBe(total)
    expect(orders.edges.map(({ node }) => node.lines)).toEqual([[{ quantity: 1, variant: { id: cheap.variantId } }]])
  })

  it('while the checkout asks for the payment, and before it is paid: the order is what was priced, the cart all that went in', async () => {
    const { buyer, cheap, input, total, sneak, left } = await scene()
    const bank = openPostgres({ url: test.remains.databases.payments.url, connectionsMax: 1 })
    const holder = await bank.pool.connect()
    await holder.query('BEGIN; LOCK TABLE payment IN ACCESS EXCLUSIVE MODE')
    const press = buyer.client.ask(pressBuy, input)
    const isLocked = `query Locked { cart { beingCheckedOut } }`
    try {
      await vi.waitFor(async () => expect(await buyer.client.ask(isLocked)).toEqual({ beingCheckedOut: true }), {
        timeout: 20_000,
      })
      const meanwhile = await Promise.allSettled([sneak(), sneak(), sneak()])
      await holder.query('COMMIT')
      const { checkout } = await press
      await test.settle()
      const { state, payment, total: asked } = await checkoutOf(buyer, checkout.id)
      expect([state, asked!.amount, await left()]).toEqual(['AWAITING_PAYMENT', total, { cheap: 0, dear: taken(meanwhile) }])
      const later = await Promise.allSettled([sneak(), sneak()])
      await test.simulators.pay(payment!.id)
      await test.settle()
      expect(await left()).toEqual({ cheap: 0, dear: taken(meanwhile) + 2 })
      expect(taken(later)).toBe(2)
      const { orders } = await buyer.client.ask<Orders>(ordersOf)
      expect(orders.edges.map(({ node }) => node.lines)).toEqual([[{ quantity: 1, variant: { id: cheap.variantId } }]])
    } finally {
      holder.release(true)
      await bank.stop()
      await press.catch(() => undefined)
    }
  })
})
