import { pressBuy } from '@pasar/scripts/demo/order-operations'
import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { boughtWith } from './aftermath.ts'
import { buy, click, complete, fillCart, ledgerOf, pay } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newStaff, type TestShop } from './people.ts'
import { newVoucher } from './voucher-attempts.ts'

let test: TestMarket
beforeAll(async () => {
  test = await openTestMarket({ way: 'in one process' })
})
afterAll(() => test.stop())

const offerQuery = `query Offer($code: String!) { cart { version groups { shop { id } itemsTotal { amount } voucherOffer(code: $code) {
  ... on VoucherOffer { discount { amount } voucher { code used } } ... on CheckoutVoucherUnavailable { refusal } } } } }`

interface Offers {
  readonly groups: readonly {
    readonly shop: { readonly id: string }
    readonly voucherOffer: { readonly discount?: { readonly amount: number }; readonly refusal?: string }
  }[]
}

const settlementQuery = `query Settled($id: ID!) { order(id: $id) { total { amount } discount { amount } voucherCode
  settlement { held { amount } rows { kind amount { amount } } } } }`

interface Settled {
  readonly total: { readonly amount: number }
  readonly settlement: {
    readonly held: { readonly amount: number }
    readonly rows: readonly { kind: string; amount: { amount: number } }[]
  }
}

const usedQuery = `query Used($id: ID!) { shop(id: $id) { vouchers { edges { node { code used uses } } } listedVouchers { code used } } }`

interface Used {
  readonly vouchers: { readonly edges: readonly { readonly node: { readonly code: string; readonly used: number } }[] }
}

const usedOf = async ({ owner, shopId }: TestShop, code: string) =>
  (await owner.client.ask<Used>(usedQuery, { id: shopId })).vouchers.edges.find(({ node }) => node.code === code)!.node.used

it('a voucher goes from the shop over the cart into the ledger: what the buyer saves, the seller does not get, and both books agree', async () => {
  const shop = await newShop(test, [{ price: 40_001, units: 10 }])
  const other = await newShop(test, [{ price: 60_000, units: 10 }])
  const admin = await newStaff(test, 'admin')
  const before = await ledgerOf(admin)
  const input = newVoucher(test, shop, { amount: null, percent: 15, maxDiscount: 50_000, listed: true })
  await act(shop.owner.client, 'createVoucher', { input, returns: 'voucher { id code state }' })

  const buyer = await newBuyer(test)
  const cart = await fillCart(buyer, [
    [shop.goods[0]!, 3],
    [other.goods[0]!, 1],
  ])
  const { groups } = await buyer.client.ask<Offers>(offerQuery, { code: input.code.toLowerCase() })
  const offerOf = ({ shopId }: TestShop) => groups.find((group) => group.shop.id === shopId)!.voucherOffer
  expect(offerOf(shop)).toEqual({ discount: { amount: 18_000 }, voucher: { code: input.code, used: null } })
  expect(offerOf(other)).toEqual({ refusal: 'UNKNOWN' })

  const vouchers = [{ shopId: shop.shopId, code: input.code }]
  const expectedTotal = cart.total!.amount - 18_000
  const bought = await buy(test, buyer, click(cart, { vouchers, expectedTotal }))
  expect(bought.total).toBe(expectedTotal)
  await pay(test, bought)
  expect((await ledgerOf(admin))['ESCROW']! - (before['ESCROW'] ?? 0)).toBe(expectedTotal)

  const { id } = bought.orders.find((order) => order.shop.id === shop.shopId)!
  const paid = await shop.owner.client.ask<Settled>(settlementQuery, { id })
  const rowOf = ({ settlement }: Settled, kind: string) => settlement.rows.find((row) => row.kind === kind)?.amount.amount
  expect(paid).toMatchObject({ discount: { amount: 18_000 }, voucherCode: input.code })
  expect(rowOf(paid, 'ITEMS')).toBe(3 * 40_001 - 18_000)
  expect(paid.settlement.held.amount).toBe(paid.total.amount)

  await complete(test, shop, { buyer, id })
  const sold = await shop.owner.client.ask<Settled>(settlementQuery, { id })
  expect(sold.settlement.held.amount).toBe(0)
  expect(await usedOf(shop, input.code)).toBe(1)
})

it('codes are not guessed by the dozen: each that is asked for costs, at the cart and at the till', async () => {
  const buyer = await newBuyer(test)
  const guesses = Array.from({ length: 6 }, (_, n) => `guess${n}: voucherOffer(code: "COBA${n}") { __typename }`)
  const atTheCart = buyer.client.ask(`query Guess { cart { groups { ${guesses.join(' ')} } } }`)
  await expect(atTheCart).rejects.toThrow('COST_ESTIMATED_TOO_EXPENSIVE')
  const vouchers = Array.from({ length: 26 }, (_, n) => ({ shopId: newId('shop'), code: `COBA${n}` }))
  const input = { cartId: newId('cart'), expectedCartVersion: 1, paymentMethod: 'BCA_VA', idempotencyKey: 'tebak', vouchers }
  await expect(buyer.client.ask(pressBuy, { input })).rejects.toThrow('COST_ESTIMATED_TOO_EXPENSIVE')
})

it('fifty buyers of ten uses: ten pay less, forty are told that it is used up and have their carts as before', async () => {
  const shop = await newShop(test, [{ price: 90_000, units: 500 }])
  const input = newVoucher(test, shop, { uses: 10 })
  await act(shop.owner.client, 'createVoucher', { input, returns: 'voucher { id }' })
  const vouchers = [{ shopId: shop.shopId, code: input.code }]
  const clicks = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const buyer = await newBuyer(test)
      return { buyer, wish: click(await fillCart(buyer, [[shop.goods[0]!, 1]]), { vouchers }) }
    }),
  )
  const ends = await Promise.allSettled(clicks.map(({ buyer, wish }) => buyer.client.ask(pressBuy, wish)))
  await test.settle()
  const refused = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []))
  expect(refused).toHaveLength(40)
  for (const reason of refused) expect(reason).toContain('CHECKOUT_VOUCHER_UNAVAILABLE')
  expect(await usedOf(shop, input.code)).toBe(10)
  const { buyer } = clicks[ends.findIndex(({ status }) => status === 'rejected')]!
  expect(await buyer.client.ask(`query Held { cart { beingCheckedOut lines { quantity } } }`)).toEqual({
    beingCheckedOut: false,
    lines: [{ quantity: 1 }],
  })
}, 120_000)

it('a parcel of it that a courier loses is worth to its seller what goes back to its buyer, to the rupiah', async () => {
  const shop = await newShop(test, [{ price: 30_000, units: 50 }])
  const input = newVoucher(test, shop, { amount: 10_001 })
  await act(shop.owner.client, 'createVoucher', { input, returns: 'voucher { id }' })
  const vouchers = [{ shopId: shop.shopId, code: input.code }]
  const order = await boughtWith(test, shop, { units: 3, changes: { vouchers } })
  await order.bySeller('acceptOrder')
  await order.outbound('picked', 'lost')
  expect((await order.read()).refunded.amount).toBe(order.bought.total)
  const { shipments } = await order.read(shop.owner)
  expect(shipments[0]!.courierClaim!.amount.amount).toBe(order.bought.total)
})

it('what goes back of it is what was paid, in parts and in whole, and then the use is there for somebody else', async () => {
  const shop = await newShop(test, [{ price: 30_000, units: 50 }])
  const input = newVoucher(test, shop, { amount: 10_001, uses: 1 })
  await act(shop.owner.client, 'createVoucher', { input, returns: 'voucher { id }' })
  const vouchers = [{ shopId: shop.shopId, code: input.code }]
  const order = await boughtWith(test, shop, { units: 3, changes: { vouchers } })
  const lines = [{ orderLineId: (await order.read()).lines[0]!.id, quantity: 1 }]
  await order.bySeller('cancelLines', { lines, reason: 'OUT_OF_STOCK' })
  expect((await order.read()).refunded.amount).toBe(30_000 - 3_333)
  expect(await usedOf(shop, input.code)).toBe(1)
  await order.bySeller('rejectOrder', { reason: 'OUT_OF_STOCK' })
  expect((await order.read()).refunded.amount).toBe(order.bought.total)
  const { refunds } = await order.refundsOfPayment()
  expect(refunds.edges.reduce((sum, { node }) => sum + node.amount.amount, 0)).toBe(order.bought.total)
  expect(await usedOf(shop, input.code)).toBe(0)
  const next = await boughtWith(test, shop, { units: 1, changes: { vouchers } })
  expect(next.bought.orders[0]!.total.amount).toBe(next.bought.total)
  expect(await usedOf(shop, input.code)).toBe(1)
})
