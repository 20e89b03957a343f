import {
  confirmReceipt,
  orderUpdated,
  paymentUpdated,
  pressBuy,
  shopOrderUpdated,
  shipmentTracked,
} from '@pasar/scripts/demo/order-operations'
import { addToCart, createCart, mergeCarts, readCart } from '@pasar/scripts/demo/shopping-operations'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableOf, buy, checkoutOf, click, fillCart, ledgerOf, pay, stateOf, type Bought } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newAddress, newBuyer, newShop, newStaff, type Person, type TestShop } from './people.ts'
import { inBothWays } from './ways.ts'

inBothWays((way) => {
  let test: TestMarket
  beforeAll(async () => {
    test = await openTestMarket({ way })
  })
  afterAll(() => test.stop())

  const ids = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id)

  describe('a purchase from two shops', () => {
    let shops: readonly [TestShop, TestShop]
    let buyer: Person & { readonly addressId: string }
    let bought: Bought
    let admin: Person
    beforeAll(async () => {
      shops = [await newShop(test, [{ price: 85_000, units: 10 }]), await newShop(test, [{ price: 1_250_000, units: 5 }])]
      buyer = await newBuyer(test)
      admin = await newStaff(test, 'admin')
    })
    const goods = () => [shops[0].goods[0]!, shops[1].goods[0]!] as const

    it('makes one order per shop, holds the stock and asks for one payment', async () => {
      const cart = await fillCart(buyer, [
        [goods()[0], 2],
        [goods()[1], 1],
      ])
      bought = await buy(test, buyer, click(cart))
      expect(bought.orders.map(({ shop }) => shop.id)).toEqual([shops[0].shopId, shops[1].shopId])
      expect(bought.orders.map(({ itemsTotal }) => itemsTotal.amount)).toEqual([170_000, 1_250_000])
      expect(bought.total).toBe(cart.total!.amount)
      expect(await Promise.all(goods().map((one) => availableOf(test, one)))).toEqual([8, 4])
      expect((await buyer.client.ask(readCart))?.groups).toEqual([])
    })

    it('holds the whole payment in escrow and tells both sellers, live', async () => {
      const sellers = await Promise.all(shops.map(({ owner, shopId }) => test.follow(owner.client, shopOrderUpdated, { shopId })))
      const payment = await test.follow(buyer.client, paymentUpdated, { paymentId: bought.paymentId })
      await pay(test, bought)
      expect((await payment.waitFor('capture', ({ event }) => event === 'CAPTURED')).payment.state).toBe('CAPTURED')
      for (const [index, seller] of sellers.entries()) {
        const paid = await seller.waitFor('the paid order', ({ event }) => event === 'PAID')
        expect(paid.order.id).toBe(bought.orders[index]!.id)
      }
      expect(await ledgerOf(admin)).toMatchObject({ PROVIDER_CLEARING: -bought.total, ESCROW: bought.total })
      expect((await checkoutOf(buyer, bought.checkoutId)).state).toBe('PAID')
    })

    it('goes its way from the seller to the buyer, every step live and legal only in its turn', async () => {
      for (const [index, { id }] of bought.orders.entries()) {
        const { client } = shops[index]!.owner
        const updates = await test.follow(buyer.client, orderUpdated, { orderId: id })
        await expect(act(buyer.client, 'confirmReceipt', moveOf(id))).rejects.toThrow('ILLEGAL_ORDER_MOVE')
        await expect(act(shops[1 - index]!.owner.client, 'acceptOrder', moveOf(id))).rejects.toThrow('ORDER_NOT_FOUND')
        await act(client, 'acceptOrder', moveOf(id))
        await test.settle()
        const { order } = await updates.waitFor('the booked courier', ({ event }) => event === 'READY_TO_SHIP')
        const { id: shipmentId, trackingNumber } = order.shipments[0]!
        const scans = await test.follow(buyer.client, shipmentTracked, { shipmentId })
        while (!scans.frames.some(({ status }) => status === 'DELIVERED')) {
          const seen = scans.frames.length
          await test.simulators.advance(trackingNumber!)
          await test.settle()
          await scans.waitForCount('the next scan', seen + 1, () => true)
        }
        await updates.waitFor('the delivery', ({ event }) => event === 'DELIVERED')
        await buyer.client.ask(confirmReceipt, { input: { orderId: id, idempotencyKey: `terima-${id}` } })
        await test.settle()
        await updates.waitFor('the end', ({ event }) => event === 'COMPLETED')
        const events = updates.frames.map(({ event }) => event)
        expect(events).toEqual(['ACCEPTED', 'READY_TO_SHIP', 'SHIPPED', 'DELIVERED', 'COMPLETED'])
      }
    })

    it('ends with every rupiah where it belongs and the stock less by exactly what was bought', async () => {
      const [first, second] = bought.orders
      const shipping = first!.shippingCost.amount + second!.shippingCost.amount
      const ledger = await ledgerOf(admin)
      // 4 % and 0.5 % of the prices; what the payment cost depends on the shipping too.
      expect(ledger).toMatchObject({ ESCROW: 0, COURIER_PAYABLE: shipping, COMMISSION: 56_800, INCOME_TAX_PAYABLE: 7_100 })
      const charged = ['COMMISSION', 'PAYMENT_FEE', 'VAT_PAYABLE', 'INCOME_TAX_PAYABLE'].reduce(
        (sum, kind) => sum + ledger[kind]!,
        0,
      )
      expect(ledger['SELLER_BALANCE']! + charged).toBe(1_420_000)
      const earned = await Promise.all(
        shops.map(({ owner }) =>
          owner.client.ask<{ shops: { balance: { available: { amount: number } } }[] }>(
            'query Earned { me { shops { balance { available { amount } } } } }',
          ),
        ),
      )
      const balances = earned.map((me) => me.shops[0]!.balance.available.amount)
      expect(balances.every((amount, index) => amount > 0 && amount < [170_000, 1_250_000][index]!)).toBe(true)
      expect(balances[0]! + balances[1]!).toBe(ledger['SELLER_BALANCE'])
      expect(await Promise.all(goods().map((one) => availableOf(test, one)))).toEqual([8, 4])
    })

    it('may be reviewed on the page of its order, once and by its buyer, and shows there what was written', async () => {
      const text = 'query Lines($id: ID!) { order(id: $id) { lines { id mayReview review { rating text } } } }'
      const lineFor = async ({ client }: Person) => {
        const order = await client.ask<{ lines: readonly { id: string }[] }>(text, { id: bought.orders[0]!.id })
        return order.lines[0]!
      }
      const { id } = await lineFor(buyer)
      const closed = { id, mayReview: false, review: null }
      expect([await lineFor(buyer), await lineFor(shops[0].owner)]).toEqual([{ ...closed, mayReview: true }, closed])
      const review = { rating: 4, text: 'Wangi dan segar.' }
      await act(buyer.client, 'submitReview', { input: { orderLineId: id, ...review }, returns: 'review { id }' })
      expect([await lineFor(buyer), await lineFor(shops[0].owner)]).toEqual([{ ...closed, review }, closed])
    })
  })

  const moveOf = (orderId: string) => ({ input: { orderId, idempotencyKey: `langkah-${orderId}` }, returns: 'order { state }' })

  describe('a click on "Buy"', () => {
    it('that comes twice, one after the other or at once, is one purchase', async () => {
      const shop = await newShop(test, [{ price: 40_000, units: 10 }])
      const buyer = await newBuyer(test)
      const once = click(await fillCart(buyer, [[shop.goods[0]!, 3]]))
      const both = await Promise.all([buy(test, buyer, once), buy(test, buyer, once)])
      const again = await buy(test, buyer, once)
      expect(new Set([...both, again].map(({ checkoutId }) => checkoutId)).size).toBe(1)
      expect(ids(again.orders)).toEqual(ids(both[0].orders))
      expect(await availableOf(test, shop.goods[0]!)).toBe(7)
    })

    it('is refused when its key comes with another input', async () => {
      const shop = await newShop(test, [{ price: 40_000, units: 10 }])
      const buyer = await newBuyer(test)
      const once = click(await fillCart(buyer, [[shop.goods[0]!, 1]]))
      await buy(test, buyer, once)
      const other = { input: { ...once.input, paymentMethod: 'QRIS' } }
      await expect(buy(test, buyer, other)).rejects.toThrow('IDEMPOTENCY_KEY_REUSED')
    })
  })

  describe('a guest’s cart', () => {
    it('survives the sign-in and is added to what the account had', async () => {
      const shop = await newShop(test, [
        { price: 40_000, units: 10 },
        { price: 60_000, units: 10 },
      ])
      const [first, second] = shop.goods
      const buyer = await newBuyer(test)
      await buyer.client.ask(addToCart, { input: { variantId: first!.variantId, quantity: 1 } })
      const { cartToken } = await test.guest.ask(createCart)
      await test.guest.ask(addToCart, { input: { cartToken, variantId: first!.variantId, quantity: 2 } })
      await test.guest.ask(addToCart, { input: { cartToken, variantId: second!.variantId, quantity: 4 } })
      await buyer.client.ask(mergeCarts, { input: { cartToken } })
      const cart = await buyer.client.ask(readCart)
      const lines = cart!.groups.flatMap((group) => group.lines.map(({ variant, quantity }) => [variant.id, quantity]))
      expect(lines).toEqual([
        [first!.variantId, 3],
        [second!.variantId, 4],
      ])
      expect(
        await test.guest.ask('query GuestCart($token: String) { cart(token: $token) { id } }', { token: cartToken }),
      ).toBeNull()
    })
  })

  describe('a cart whose address is no longer in the address book', () => {
    it('still shows what is in it, as a cart without an address, and can be sent elsewhere', async () => {
      const shop = await newShop(test, [{ price: 40_000, units: 10 }])
      const buyer = await newBuyer(test)
      const whole = await fillCart(buyer, [[shop.goods[0]!, 1]])
      await act(buyer.client, 'removeAddress', { input: { addressId: buyer.addressId }, returns: 'addressId' })
      const { groups, total } = (await buyer.client.ask(readCart))!
      expect({ units: groups[0]!.lines[0]!.quantity, total, options: groups[0]!.shippingOptions }).toEqual({
        units: 1,
        total: null,
        options: [],
      })
      await expect(buyer.client.ask(pressBuy, click(whole))).rejects.toThrow('CHECKOUT_ADDRESS_UNKNOWN')
      const { addressId } = await newAddress(buyer)
      await act(buyer.client, 'setDestination', { input: { addressId }, returns: 'cart { id }' })
      expect((await buyer.client.ask(readCart))?.total).toEqual(whole.total)
    })
  })

  describe('an order', () => {
    it('does not exist for strangers', async () => {
      const shop = await newShop(test, [{ price: 40_000, units: 10 }])
      const buyer = await newBuyer(test)
      const { orders, checkoutId } = await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, 1]])))
      const stranger = await newBuyer(test)
      expect(await stateOf(buyer, orders[0]!.id)).toEqual({ state: 'AWAITING_PAYMENT', endReason: null })
      expect(await stateOf(stranger, orders[0]!.id)).toBeNull()
      expect(await checkoutOf(stranger, checkoutId)).toBeNull()
      await expect(stateOf({ ...stranger, client: test.guest }, orders[0]!.id)).rejects.toThrow('UNAUTHENTICATED')
    })
  })
})
