import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const create = `mutation ($input: PaymentsCreateInput!) { paymentsCreate(input: $input) { ... on PaymentsCreated { paymentId } } }`
const [books, phones, others] = [newId('category'), newId('category'), newId('category')]

interface Share {
  readonly categoryId: string
  readonly path?: readonly string[]
  readonly amount: number
}

/** What the seller of an order will be charged, as it was fixed. */
async function termsOf(shopId: string, categories: readonly Share[] | undefined, method = 'BCA_VA') {
  const itemsAmount = categories?.reduce((sum, { amount }) => sum + amount, 0) ?? 100_000
  const order = { orderId: newId('order'), shopId, itemsAmount, shippingAmount: 0, ...(categories && { categories }) }
  const expiresAt = new Date(market.clock.now().getTime() + 86_400_000).toISOString()
  const input = {
    checkoutId: newId('checkout'),
    buyerId: newId('account'),
    method,
    amount: itemsAmount,
    expiresAt,
    orders: [order],
  }
  const { errors } = await market.executeAsOrders({ query: create, variables: { input } })
  if (errors) throw new Error(errors[0]!.message)
  type Stored = { commission: { basisPoints: number }[]; paymentFee: string; incomeTaxExempt: boolean; vatRegistered: boolean }
  const { rows } = await market.sql.query<{ terms: Stored }>('SELECT terms FROM payment_order WHERE order_id = $1', [
    order.orderId,
  ])
  return rows[0]!.terms
}
type Rule = readonly [shop: string | null, category: string | null, points: number, from?: string]
const rule = (...[shop, category, points, from = '2026-02-01']: Rule) =>
  market.sql.query('INSERT INTO commission_rule (shop_id, category_id, basis_points, valid_from) VALUES ($1, $2, $3, $4)', [
    shop,
    category,
    points,
    from,
  ])
const points = async (shopId: string, ...categoryIds: readonly string[]) =>
  (
    await termsOf(
      shopId,
      categoryIds.map((categoryId) => ({ categoryId, amount: 50_000 })),
    )
  ).commission.map(({ basisPoints }) => basisPoints)

const commission = async () => (await market.ledger()).balances['COMMISSION'] ?? 0n

describe('what the market takes of a sale', () => {
  it('follows the most particular rule: shop and category, shop, category, everybody', async () => {
    const [special, favoured, plain] = [newId('shop'), newId('shop'), newId('shop')]
    await rule(null, phones, 200)
    await rule(favoured, null, 150)
    await rule(special, books, 50)
    expect(await points(plain, phones, books)).toEqual([200, 400])
    expect(await points(favoured, phones, books)).toEqual([150, 150])
    expect(await points(special, books, phones, others)).toEqual([50, 200, 400])
  })

  it('follows the rule of the nearest category that the goods are in', async () => {
    const [top, middle, own, shop] = [newId('category'), newId('category'), newId('category'), newId('shop')]
    const path = [top, middle, own]
    const ofGoods = async (of = newId('shop')) => (await termsOf(of, [{ categoryId: own, path, amount: 50_000 }])).commission
    await rule(null, top, 300)
    expect(await ofGoods()).toEqual([{ categoryId: own, amount: '50000', basisPoints: 300 }])
    await rule(null, middle, 250, '2026-01-01')
    expect(await ofGoods()).toMatchObject([{ basisPoints: 250 }])
    await rule(null, own, 200, '2026-01-01')
    expect(await ofGoods()).toMatchObject([{ basisPoints: 200 }])
    await rule(shop, null, 150)
    expect(await ofGoods(shop)).toMatchObject([{ basisPoints: 150 }])
    await rule(shop, top, 175)
    expect(await ofGoods(shop)).toMatchObject([{ basisPoints: 175 }])
    expect(await points(newId('shop'), middle, top)).toEqual([250, 300])
  })

  it('is the newest rule that has begun, and stays what it was when the payment was asked for', async () => {
    const shop = newId('shop')
    await rule(shop, null, 300, '2026-03-01')
    await rule(shop, null, 900, '2027-01-01')
    expect(await points(shop, books)).toEqual([300])
    await rule(shop, null, 100, '2026-04-01')
    expect(await points(shop, books)).toEqual([100])
  })

  it.each(['before the release', 'after the release'])('is of the goods that are left, when some go back %s', async (when) => {
    const [cheap, dear] = [newId('category'), newId('category')]
    await rule(null, cheap, 200)
    await rule(null, dear, 2_000)
    const before = await commission()
    const categories = [{ categoryId: cheap, amount: 90_000 }, { categoryId: dear, amount: 10_000 }] // prettier-ignore
    const asked = await market.ask({ orders: [[100_000, 0]], categories })
    await market.says(asked, 'settlement')
    const back = () => market.refunded(asked, 0, { items: 10_000, categoryId: dear })
    if (when === 'before the release') await back()
    await market.completed(asked)
    if (when === 'after the release') await back()
    expect((await commission()) - before).toBe(1_800n)
  })

  it('is the rule for everybody where orders does not say what was sold', async () => {
    expect((await termsOf(newId('shop'), undefined)).commission).toMatchObject([{ categoryId: null, basisPoints: 400 }])
  })

  it('comes with what the payment costs and what the tax office knows of the shop', async () => {
    const shop = newId('shop')
    const goods = [{ categoryId: books, amount: 100_000 }]
    expect(await termsOf(shop, goods, 'QRIS')).toMatchObject({ paymentFee: '700', incomeTaxExempt: false, vatRegistered: false })
    await market.sql.query(
      `INSERT INTO shop_tax_rule (shop_id, income_tax_exempt, vat_registered, valid_from) VALUES ($1, true, true, '2026-02-01')`,
      [shop],
    )
    expect(await termsOf(shop, goods, 'GOPAY')).toMatchObject({ paymentFee: '1500', incomeTaxExempt: true, vatRegistered: true })
  })

  it('is not decided by categories that are not the whole order', async () => {
    const orders = [
      {
        orderId: newId('order'),
        shopId: newId('shop'),
        itemsAmount: 100,
        shippingAmount: 0,
        categories: [{ categoryId: books, amount: 99 }],
      },
    ]
    const expiresAt = new Date(market.clock.now().getTime() + 86_400_000).toISOString()
    const input = { checkoutId: newId('checkout'), buyerId: newId('account'), method: 'GOPAY', amount: 100, expiresAt, orders }
    const { errors } = await market.executeAsOrders({ query: create, variables: { input } })
    expect(errors?.[0]?.message).toContain('orders.categories: expected')
  })
})
