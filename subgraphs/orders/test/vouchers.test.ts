import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { gate } from './gate.ts'
import { hours, openMarket, type Market } from './market.ts'
import { endVoucher, makeVoucher, termsOf, voucherShop, type VoucherShop } from './voucher-shop.ts'

let market: Market
let at: (name: string) => Promise<void> = async () => undefined
beforeAll(async () => {
  market = await openMarket({ point: (name) => at(name) })
})
afterAll(() => market.stop())
afterEach(() => {
  at = async () => undefined
  market.fake.heal()
})

describe('a voucher at the till', () => {
  it('makes the order of its shop cheaper and no other one, and what is asked for is what is left', async () => {
    const scene = market.scene()
    const [own] = scene.variants
    await makeVoucher(market, scene.sellers[0], termsOf(market, own.shopId, { code: 'lebaran' }))
    const vouchers = [{ shopId: own.shopId, code: ' Lebaran ' }]
    const { checkout } = await market.checkout(scene, { vouchers, expectedTotal: 158_000 })
    expect(checkout).toMatchObject({ total: { amount: 158_000 }, discount: { amount: 10_000 } })
    const orders = await Promise.all(checkout!.orders.map(({ id }) => market.order(id, scene.buyer)))
    const cheaper = orders.find((order) => order!.shop.id === own.shopId)!
    expect(cheaper).toMatchObject({
      itemsTotal: { amount: 100_000 },
      discount: { amount: 10_000 },
      voucherCode: 'LEBARAN',
      total: { amount: 99_000 },
      lines: [{ discount: { amount: 10_000 }, lineTotal: { amount: 100_000 } }],
    })
    expect(orders.find((order) => order !== cheaper)).toMatchObject({ discount: { amount: 0 }, voucherCode: null })
    const payment = market.fake.payments.get(checkout!.id)!
    const part = payment.orders.find(({ shopId }) => shopId === own.shopId)!
    expect(payment.amount).toBe(158_000)
    expect(part).toMatchObject({ itemsAmount: 90_000, shippingAmount: 9_000, categories: [{ amount: 90_000 }] })
  })

  it('of each shop is used with the others or not at all, and all of them come back', async () => {
    const [one, other] = [await voucherShop(market), await voucherShop(market, { amount: 7_000, uses: 1 })]
    const buys = () => {
      const buyer = accountForTest()
      const lines = [one, other].map(({ variant }) => ({ variant, quantity: 2 }))
      return { buyer, cart: market.fake.addCart(buyer.accountId, lines) }
    }
    const input = { vouchers: [...one.wish.vouchers, ...other.wish.vouchers] }
    const used = async () => [await one.used(), await other.used()]
    const scene = buys()
    const { checkout } = await market.checkout(scene, { ...input, expectedTotal: 201_000 })
    expect(checkout).toMatchObject({ discount: { amount: 17_000 }, total: { amount: 201_000 } })
    expect(await market.checkout(buys(), input)).toMatchObject({ refusal: 'USED_UP', shop: { id: other.shopId } })
    expect(await used()).toEqual([1, 1])
    await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })
    expect(await used()).toEqual([0, 0])
  })

  it('is compared with what the buyer expects to pay with it', async () => {
    const shop = await voucherShop(market)
    const scene = shop.buys()
    expect(await shop.buy(scene, { expectedTotal: 109_000 })).toMatchObject({
      __typename: 'CheckoutPriceChanged',
      expected: { amount: 109_000 },
      actual: { amount: 99_000 },
    })
    expect(await shop.used()).toBe(0)
    expect(await shop.buy(scene, { expectedTotal: 99_000 })).toMatchObject({ __typename: 'CheckoutPlaced' })
  })

  it('takes per cent off up to an amount, and never more than nine tenths of the price', async () => {
    const percent = await voucherShop(market, { amount: null, percent: 15, maxDiscount: 12_000 })
    expect(await percent.buy(percent.buys(undefined, 1))).toMatchObject({ checkout: { discount: { amount: 7_500 } } })
    expect(await percent.buy(percent.buys(undefined, 2))).toMatchObject({ checkout: { discount: { amount: 12_000 } } })
    const generous = await voucherShop(market, { amount: 1_000_000, minimumSpend: 1_000 })
    expect(await generous.buy(generous.buys(undefined, 1))).toMatchObject({ checkout: { discount: { amount: 45_000 } } })
  })

  it('takes off the price of the moment: what a flash sale leaves', async () => {
    const shop = await voucherShop(market, { amount: null, percent: 50, maxDiscount: 1_000_000, minimumSpend: 1_000 })
    const scene = shop.buys(undefined, 1)
    shop.variant.price = 30_001
    expect(await shop.buy(scene, { expectedTotal: 24_001 })).toMatchObject({ checkout: { discount: { amount: 15_000 } } })
  })

  it('is named once for each shop, and the key of a checkout stands for its vouchers, too', async () => {
    const shop = await voucherShop(market)
    const scene = shop.buys()
    const [wish] = shop.wish.vouchers
    await expect(shop.buy(scene, { vouchers: [wish, wish] })).rejects.toThrow('"field":"vouchers"')
    await expect(shop.buy(scene, { vouchers: [{ ...wish, code: 'A-1' }] })).rejects.toThrow('"field":"vouchers.code"')
    const many = Array.from({ length: 21 }, () => ({ shopId: newId('shop'), code: 'HEMAT10' }))
    await expect(shop.buy(scene, { vouchers: many })).rejects.toThrow('"field":"vouchers"')
    await shop.buy(scene, { idempotencyKey: 'with' })
    expect(await market.checkout(scene, { idempotencyKey: 'with' })).toMatchObject({ __typename: 'IdempotencyKeyReused' })
  })
})

type Arrange = (shop: VoucherShop, buyer: AccountViewer) => Promise<object | void>

const tomorrow = () => new Date(market.clock.now().getTime() + hours(24)).toISOString()

const refusals: readonly (readonly [refusal: string, change: () => object, arrange: Arrange])[] = [
  ['UNKNOWN', () => ({}), async () => ({ code: 'LAIN2026' })],
  ['NOT_STARTED', () => ({ startsAt: tomorrow() }), async () => undefined],
  ['ENDED', () => ({ endsAt: tomorrow() }), async () => market.clock.advance(hours(24))],
  ['ENDED', () => ({}), async ({ seller, voucherId }) => void (await endVoucher(market, seller, { voucherId }))],
  ['USED_UP', () => ({ uses: 1 }), async (shop) => void (await shop.buy())],
  ['USED_BY_YOU', () => ({}), async (shop, buyer) => void (await shop.buy(shop.buys(buyer)))],
  ['BELOW_MINIMUM', () => ({ minimumSpend: 100_001 }), async () => undefined],
]

describe('a voucher that cannot be used', () => {
  it.each(refusals)(
    '%s: the cart says so, the checkout refuses, and nothing is bought',
    async (...[refusal, change, arrange]) => {
      const shop = await voucherShop(market, change())
      const buyer = accountForTest()
      const asked = { code: shop.code, ...(await arrange(shop, buyer)) }
      const [before, left] = [await shop.used(), shop.variant.stock]
      const scene = shop.buys(buyer)
      const refused = await shop.buy(scene, { vouchers: [{ shopId: shop.shopId, code: asked.code }] })
      expect(refused).toMatchObject({
        __typename: 'CheckoutVoucherUnavailable',
        code: 'CHECKOUT_VOUCHER_UNAVAILABLE',
        voucherCode: asked.code,
        refusal,
        shop: { id: shop.shopId },
        minimumSpend: refusal === 'BELOW_MINIMUM' ? { amount: 100_001 } : null,
      })
      expect(await shop.offer(buyer, 100_000, asked.code)).toEqual(refused)
      expect([await shop.used(), shop.variant.stock]).toEqual([before, left])
      expect(await market.checkout(scene)).toMatchObject({ checkout: { discount: { amount: 0 }, total: { amount: 109_000 } } })
    },
  )

  it('NOT_FOR_THIS_CART: its shop sells nothing of it', async () => {
    const [shop, other] = [await voucherShop(market), await voucherShop(market)]
    const refused = await shop.buy(shop.buys(), other.wish)
    expect(refused).toMatchObject({ refusal: 'NOT_FOR_THIS_CART', shop: { id: other.shopId }, minimumSpend: null })
    // In the cart, where nothing of the shop is selected.
    expect(await other.offer(accountForTest(), 0)).toEqual(refused)
  })

  it('is said in the language of its buyer, with what the goods must cost', async () => {
    const shop = await voucherShop(market, { minimumSpend: 100_001 })
    expect((await shop.buy())['message']).toBe(
      "This shop's goods cost too little for this voucher. It takes at least Rp100.001 without shipping.",
    )
  })
})

describe('what a cart says of a voucher', () => {
  it('is what the checkout takes off, however the code is typed; nothing is held by asking', async () => {
    const shop = await voucherShop(market, { uses: 1 })
    const buyer = accountForTest()
    expect(await shop.offer(buyer, 100_000, 'hemat10')).toMatchObject({
      __typename: 'VoucherOffer',
      discount: { amount: 10_000 },
      voucher: { id: shop.voucherId, used: null, uses: null, state: 'RUNNING' },
    })
    expect(await shop.used()).toBe(0)
    expect(await shop.buy(shop.buys(buyer))).toMatchObject({ checkout: { discount: { amount: 10_000 } } })
  })
})

describe('a process that dies while a voucher is used', () => {
  it.each(['placeOrders.call', 'placeOrders.reply', 'placeOrders.committing', 'placeOrders.committed', 'createPayment.reply'])(
    'at %s: another one finishes the purchase, which uses it once',
    async (where) => {
      const shop = await voucherShop(market)
      const scene = shop.buys()
      let left = 1
      at = async (name) => {
        if (name === where && left-- > 0) throw new Error(`died at ${name}`)
      }
      await shop.buy(scene, { idempotencyKey: 'once' }).catch(() => undefined)
      for (let round = 0; round < 3; round++) {
        market.clock.advance(60_000)
        await market.settle()
      }
      const { checkout } = await shop.buy(scene, { idempotencyKey: 'once' })
      expect(checkout).toMatchObject({ state: 'AWAITING_PAYMENT', total: { amount: 99_000 } })
      expect(await shop.used()).toBe(1)
    },
  )
})

describe('a process that sleeps over a payment that came late', () => {
  it('takes no use again that whoever took over has given back', async () => {
    const shop = await voucherShop(market, { uses: 1 })
    const scene = shop.buys()
    const { checkout } = await shop.buy(scene)
    market.clock.advance(hours(25))
    await market.settle()
    shop.variant.stock = 0
    const [asleep, awake] = [gate(), gate()]
    let sleeper = true
    at = async (name) => {
      if (name !== 'secureStock.call' || !sleeper) return
      sleeper = false
      asleep.open()
      await awake.opened
    }
    const paid = market.pay(checkout!.id, scene.buyer.accountId)
    await asleep.opened
    market.clock.advance(5_001)
    await market.settle()
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'EXPIRED' })
    awake.open()
    await paid
    expect(await shop.used()).toBe(0)
  })
})
