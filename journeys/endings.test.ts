import { acceptOrder } from '@pasar/scripts/demo/order-operations'
import { addToCart, readCart } from '@pasar/scripts/demo/shopping-operations'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableOf, buy, checkoutOf, chooseCheapest, click, fillCart, ledgerOf, paidOrder, pay, stateOf } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newStaff, newWarehouse, returning, setStock } from './people.ts'
import { inBothWays } from './ways.ts'

inBothWays((way) => {
  let test: TestMarket
  beforeAll(async () => {
    test = await openTestMarket({ way })
  })
  afterAll(() => test.stop())

  const day = 24 * 3_600_000

  describe('an order that nobody pays', () => {
    it.each([
      ['BCA_VA', day],
      ['QRIS', day / 96],
    ])('by %s expires by itself when it was told to, and gives its stock back', async (paymentMethod, withinMs) => {
      const shop = await newShop(test, [{ price: 90_000, units: 4 }])
      const buyer = await newBuyer(test)
      const cart = await fillCart(buyer, [[shop.goods[0]!, 3]])
      const begun = test.clock.now().getTime()
      const { checkoutId, orders } = await buy(test, buyer, click(cart, { paymentMethod }))
      const told = `query PayBy($id: ID!) { checkout(id: $id) { payBy orders { deadlines { kind dueAt } } } }`
      const payBy = new Date(begun + withinMs).toISOString()
      const expected = { payBy, orders: [{ deadlines: [{ kind: 'PAY', dueAt: payBy }] }] }
      expect(await buyer.client.ask(told, { id: checkoutId })).toEqual(expected)
      expect(await availableOf(test, shop.goods[0]!)).toBe(1)
      test.clock.advance(withinMs - 60_000)
      await test.settle()
      expect(await stateOf(await returning(test, buyer), orders[0]!.id)).toMatchObject({ state: 'AWAITING_PAYMENT' })
      test.clock.advance(2 * 60_000)
      await test.settle()
      const back = await returning(test, buyer)
      expect(await stateOf(back, orders[0]!.id)).toEqual({ state: 'CANCELLED', endReason: 'UNPAID' })
      expect(await checkoutOf(back, checkoutId)).toMatchObject({ state: 'EXPIRED', payment: { state: 'EXPIRED' } })
      expect(await availableOf(test, shop.goods[0]!)).toBe(4)
    })

    it('ends at once when the buyer thinks better of it', async () => {
      const shop = await newShop(test, [{ price: 90_000, units: 4 }])
      const buyer = await newBuyer(test)
      const { checkoutId } = await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, 3]])))
      await act(buyer.client, 'cancelCheckout', { input: { checkoutId, idempotencyKey: 'batal' }, returns: 'checkout { state }' })
      await test.settle()
      expect(await checkoutOf(buyer, checkoutId)).toMatchObject({ state: 'CANCELLED' })
      expect(await availableOf(test, shop.goods[0]!)).toBe(4)
    })
  })

  describe('an order that is paid when its time is over', () => {
    const salesOf = `query Sales($id: ID!) {
      product(id: $id) { variants { movements { edges { node { kind delta warehouse { regencyCode } } } } } }
    }`
    type Movement = { kind: string; delta: number; warehouse: { regencyCode: string } }
    type Sales = { variants: { movements: { edges: { node: Movement }[] } }[] }
    const leavesFrom = `query Leaves($id: ID!) { order(id: $id) { shipments { origin { regencyCode } shippingCost { amount } } } }`

    it.each([
      ['from another warehouse, where somebody else has bought what lay in the first one', [2, 1], '31.73'],
      ['from the same warehouse as long as that can give it, though more lies in another one', [1, 5], '32.73'],
    ] as const)('leaves %s', async (...[, [boughtMeanwhile, inJakarta], regencyCode]) => {
      const shop = await newShop(test, [{ price: 90_000, units: 2 }])
      const goods = shop.goods[0]!
      const late = await newBuyer(test)
      const bought = await buy(test, late, click(await fillCart(late, [[goods, 1]])))
      const { id } = bought.orders[0]!
      test.clock.advance(2 * day)
      await test.settle()
      const owner = await returning(test, shop.owner)
      const jakarta = { ...shop, owner, warehouseId: await newWarehouse({ ...shop, owner }, '31.73.05') }
      const other = await newBuyer(test)
      await pay(test, await buy(test, other, click(await fillCart(other, [[goods, boughtMeanwhile]]))))
      await setStock(jakarta, goods.variantId, inJakarta)
      await pay(test, bought)
      await owner.client.ask(acceptOrder, { input: { orderId: id, idempotencyKey: `terima-${id}` } })
      await test.settle()
      const { variants } = await owner.client.ask<Sales>(salesOf, { id: goods.productId })
      const sales = variants[0]!.movements.edges.map(({ node }) => node).filter(({ kind }) => kind === 'SALE')
      expect(sales).toMatchObject([
        { delta: -1, warehouse: { regencyCode } },
        { delta: -boughtMeanwhile, warehouse: { regencyCode: '32.73' } },
      ])
      const paid = { amount: bought.total - goods.price }
      const parcels = [{ origin: { regencyCode }, shippingCost: paid }]
      expect(await (await returning(test, late)).client.ask(leavesFrom, { id })).toEqual({ shipments: parcels })
    })
  })

  describe('an order that the seller rejects', () => {
    const reject = (orderId: string) => ({
      input: { orderId, reason: 'OUT_OF_STOCK', note: 'Maaf, habis.', idempotencyKey: `tolak-${orderId}` },
      returns: 'order { state }',
    })
    const refunds = `query Refunds($id: ID!) {
      order(id: $id) { refunds { edges { node { amount { amount } state destination } } } }
    }`
    type Refunds = { refunds: { edges: { node: { amount: { amount: number }; state: string; destination: string } }[] } }

    it.each([
      ['BCA_VA', 'WALLET_BALANCE'],
      ['QRIS', 'ORIGINAL_METHOD'],
    ])('gives the buyer who paid by %s the money back to the rupiah, to the %s', async (paymentMethod, destination) => {
      const shop = await newShop(test, [{ price: 90_000, units: 4 }])
      const admin = await newStaff(test, 'admin')
      const before = await ledgerOf(admin)
      const { buyer, bought, order } = await paidOrder(test, shop, { paymentMethod })
      await act(shop.owner.client, 'rejectOrder', reject(order.id))
      await test.settle()
      expect(await stateOf(buyer, order.id)).toEqual({ state: 'CANCELLED', endReason: 'REJECTED_BY_SELLER' })
      const { refunds: given } = await buyer.client.ask<Refunds>(refunds, { id: order.id })
      expect(given.edges.map(({ node }) => node)).toEqual([{ amount: { amount: bought.total }, state: 'COMPLETED', destination }])
      const after = await ledgerOf(admin)
      const grown = (kind: string) => (after[kind] ?? 0) - (before[kind] ?? 0)
      expect(grown('ESCROW')).toBe(0)
      expect(grown('BUYER_WALLET')).toBe(destination === 'WALLET_BALANCE' ? bought.total : 0)
      const me = await buyer.client.ask<{ walletBalance: { amount: number } }>('query Wallet { me { walletBalance { amount } } }')
      expect(me.walletBalance.amount).toBe(grown('BUYER_WALLET'))
      expect(await availableOf(test, shop.goods[0]!)).toBe(4)
    })

    it('cannot be accepted any more', async () => {
      const shop = await newShop(test, [{ price: 90_000, units: 4 }])
      const { order } = await paidOrder(test, shop)
      await act(shop.owner.client, 'rejectOrder', reject(order.id))
      const accept = { input: { orderId: order.id, idempotencyKey: 'terima' }, returns: 'order { state }' }
      await expect(act(shop.owner.client, 'acceptOrder', accept)).rejects.toThrow('ILLEGAL_ORDER_MOVE')
    })
  })

  describe('the last unit', () => {
    it('is sold to one of two buyers who press "Buy" at once', async () => {
      const shop = await newShop(test, [{ price: 90_000, units: 1 }])
      const buyers = await Promise.all([newBuyer(test), newBuyer(test)])
      const clicks = await Promise.all(buyers.map(async (buyer) => click(await fillCart(buyer, [[shop.goods[0]!, 1]]))))
      const ends = await Promise.allSettled(buyers.map((buyer, index) => buy(test, buyer, clicks[index]!)))
      expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      const refused = ends.find(({ status }) => status === 'rejected') as PromiseRejectedResult
      expect(String(refused.reason)).toContain('CHECKOUT_OUT_OF_STOCK')
      expect(await availableOf(test, shop.goods[0]!)).toBe(0)
    })

    it('that is gone from the shelf shows in the carts that hold it', async () => {
      const shop = await newShop(test, [{ price: 90_000, units: 1 }])
      const buyer = await newBuyer(test)
      await fillCart(buyer, [[shop.goods[0]!, 1]])
      await setStock(shop, shop.goods[0]!.variantId, 0)
      await test.settle()
      expect(await noticesOf(buyer)).toEqual([{ availability: 'OUT_OF_STOCK', notices: [{ kind: 'OUT_OF_STOCK' }] }])
    })
  })

  const noticesOf = async ({ client }: Awaited<ReturnType<typeof newBuyer>>) => {
    const text = 'query Notices { cart { lines { availability notices { kind } } } }'
    return (await client.ask<{ lines: { availability: string; notices: { kind: string }[] }[] }>(text)).lines
  }

  describe('a price that changes while the thing lies in the cart', () => {
    it('shows as a notice, and the buyer pays neither the old price nor a surprise', async () => {
      const shop = await newShop(test, [{ price: 90_000, units: 4 }])
      const { variantId } = shop.goods[0]!
      const buyer = await newBuyer(test)
      const cart = await fillCart(buyer, [[shop.goods[0]!, 1]])
      await act(shop.owner.client, 'changeVariant', { input: { variantId, price: 95_000 }, returns: 'variant { id }' })
      const expectedTotal = cart.total!.amount
      // Whether the cart has heard of it or not, the checkout asks the shelf.
      await expect(buy(test, buyer, click(cart, { expectedTotal }))).rejects.toThrow('CHECKOUT_PRICE_CHANGED')
      await test.settle()
      expect(await noticesOf(buyer)).toEqual([{ availability: 'AVAILABLE', notices: [{ kind: 'PRICE_CHANGED' }] }])
      await act(buyer.client, 'acknowledgeChanges', { input: {}, returns: 'cart { version }' })
      expect(await noticesOf(buyer)).toEqual([{ availability: 'AVAILABLE', notices: [] }])
      const seen = await chooseCheapest(buyer)
      const bought = await buy(test, buyer, click(seen, { expectedTotal: seen.total!.amount }))
      expect(bought.total).toBe(expectedTotal + 5_000)
    })

    it('is not paid by a buyer who names no total before the new price is acknowledged', async () => {
      const shop = await newShop(test, [{ price: 100_000, units: 4 }])
      const { variantId } = shop.goods[0]!
      const buyer = await newBuyer(test)
      const cart = await fillCart(buyer, [[shop.goods[0]!, 1]])
      await act(shop.owner.client, 'changeVariant', { input: { variantId, price: 150_000 }, returns: 'variant { id }' })
      await test.settle()
      await expect(buy(test, buyer, click(cart))).rejects.toThrow('CHECKOUT_PRICE_CHANGED')
      await test.settle()
      expect(await availableOf(test, shop.goods[0]!)).toBe(4)
      await act(buyer.client, 'acknowledgeChanges', { input: {}, returns: 'cart { version }' })
      const bought = await buy(test, buyer, click(await chooseCheapest(buyer)))
      expect(bought.total).toBe(cart.total!.amount + 50_000)
    })

    it('is not paid either for what was sold out when the buyer looked, and has come back', async () => {
      const shop = await newShop(test, [{ price: 100_000, units: 4 }, { price: 30_000, units: 4 }]) // prettier-ignore
      const [scarce, other] = [shop.goods[0]!, shop.goods[1]!]
      const buyer = await newBuyer(test)
      await fillCart(buyer, [[scarce, 1], [other, 1]]) // prettier-ignore
      await setStock(shop, scarce.variantId, 0)
      await test.settle()
      await act(buyer.client, 'acknowledgeChanges', { input: {}, returns: 'cart { version }' })
      const cart = await chooseCheapest(buyer)
      await setStock(shop, scarce.variantId, 4)
      await test.settle()
      await expect(buy(test, buyer, click(cart))).rejects.toThrow('CHECKOUT_PRICE_CHANGED')
      await test.settle()
      expect([await availableOf(test, scarce), await availableOf(test, other)]).toEqual([4, 4])
      await act(buyer.client, 'acknowledgeChanges', { input: {}, returns: 'cart { version }' })
      const seen = await chooseCheapest(buyer)
      expect((await buy(test, buyer, click(seen))).total).toBe(seen.total!.amount)
    })

    it('does not change what was bought before', async () => {
      const shop = await newShop(test, [{ price: 90_000, units: 4 }])
      const { order, buyer } = await paidOrder(test, shop)
      const input = { variantId: shop.goods[0]!.variantId, price: 10_000 }
      await act(shop.owner.client, 'changeVariant', { input, returns: 'variant { id }' })
      await test.settle()
      const text = 'query Sold($id: ID!) { order(id: $id) { itemsTotal { amount } lines { unitPrice { amount } } } }'
      const sold = { itemsTotal: { amount: 90_000 }, lines: [{ unitPrice: { amount: 90_000 } }] }
      expect(await buyer.client.ask(text, { id: order.id })).toEqual(sold)
    })
  })

  it('a checkout that is refused leaves the cart as it was', async () => {
    const shop = await newShop(test, [{ price: 90_000, units: 4 }])
    const buyer = await newBuyer(test)
    const cart = await fillCart(buyer, [[shop.goods[0]!, 4]])
    await setStock(shop, shop.goods[0]!.variantId, 2)
    await expect(buy(test, buyer, click(cart))).rejects.toThrow(/CHECKOUT_(OUT_OF_STOCK|CART_\w+)/)
    await test.settle()
    expect((await buyer.client.ask(readCart))?.groups[0]?.lines).toMatchObject([{ quantity: 4 }])
    await expect(buyer.client.ask(addToCart, { input: { variantId: shop.goods[0]!.variantId, quantity: 1 } })).rejects.toThrow(
      'NOT_ENOUGH_STOCK',
    )
  })
})
