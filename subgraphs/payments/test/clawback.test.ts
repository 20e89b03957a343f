import { newId, type Id } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { account, brokenRules, openMarket, staff, type Asked, type Market } from './market.ts'
import { withdrawAll } from './withdrawing.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(async () => {
  expect(await brokenRules(market.sql)).toEqual([])
})
afterAll(() => market.close())

type Shop = Id<'shop'>

/** What the seller gets of 100,000: less 4 % commission, 4,000 for the payment, 11 % PPN on both and 0.5 % PPh 22. */
const share = 90_620n

async function released(shop: Shop, method = 'BCA_VA'): Promise<Asked> {
  const asked = await market.ask({ method, shopIds: [shop], orders: [[100_000, 0]] }) // prettier-ignore
  await market.says(asked, 'settlement')
  await market.completed(asked)
  return asked
}
const balance = async (id: string) => (await market.ledger()).balances[id] ?? 0n
const standing = async (shop: Shop) => [await balance(`SELLER_BALANCE:${shop}`), await balance(`SELLER_RECEIVABLE:${shop}`)]
const wallet = ({ buyerId }: Asked) => balance(`BUYER_WALLET:${buyerId}`)

const spendAll = (shop: Shop) => withdrawAll(market, shop)

describe('a refund of an order whose money its seller has already', () => {
  it("is taken from the shop's balance, and market and state give back their shares", async () => {
    const shop = newId('shop')
    const asked = await released(shop)
    const [commission, vat] = [await balance('COMMISSION'), await balance('VAT_PAYABLE')]
    expect(await standing(shop)).toEqual([share, 0n])
    await market.refunded(asked, 0, { items: 50_000 })
    expect(await wallet(asked)).toBe(50_000n)
    // As if only 50,000 had been sold: less 2,000 commission, 4,000 for the payment, 660 PPN and 250 PPh 22.
    expect(await standing(shop)).toEqual([43_090n, 0n])
    expect([commission - (await balance('COMMISSION')), vat - (await balance('VAT_PAYABLE'))]).toEqual([2_000n, 220n])
  })

  it('leaves nothing to release when all of it is told before the end of the order', async () => {
    const parked = async () => (await market.sql.query('SELECT FROM parked_event')).rowCount
    const [shop, before] = [newId('shop'), await parked()]
    const asked = await market.ask({ shopIds: [shop], orders: [[100_000, 0]] }) // prettier-ignore
    await market.says(asked, 'settlement')
    await market.refunded(asked, 0, { items: 100_000 })
    await market.completed(asked)
    expect([await parked(), await wallet(asked), await market.state(asked)]).toEqual([before, 100_000n, 'REFUNDED'])
    expect(await standing(shop)).toEqual([0n, 0n])
  })

  it('is owed by the shop as far as it is no longer there, and the next settlement pays that off first', async () => {
    const shop = newId('shop')
    const asked = await released(shop)
    await spendAll(shop)
    await market.refunded(asked, 0, { items: 100_000 })
    expect([await standing(shop), await wallet(asked)]).toEqual([[0n, share], 100_000n])
    await released(shop)
    expect(await standing(shop)).toEqual([0n, 0n])
    await released(shop)
    expect(await standing(shop)).toEqual([share, 0n])
  })

  it('is paid off by money that a bank sends back', async () => {
    const shop = newId('shop')
    const asked = await released(shop)
    const withdrawalId = await spendAll(shop)
    await market.refunded(asked, 0, { items: 60_000 })
    const owed = await balance(`SELLER_RECEIVABLE:${shop}`)
    expect(owed).toBeGreaterThan(50_000n)
    await market.settle()
    await market.payoutSays(withdrawalId, 'failed')
    expect(await standing(shop)).toEqual([share - owed, 0n])
  })

  it('has its effect once, however often it is told, and never goes beyond what was paid', async () => {
    const shop = newId('shop')
    const asked = await released(shop)
    const refundId = newId('refund')
    for (let n = 0; n < 3; n++) await market.refunded(asked, 0, { items: 40_000, refundId })
    expect(await wallet(asked)).toBe(40_000n)
    await market.refunded(asked, 0, { items: 60_001 }).catch(() => undefined)
    await market.settle()
    expect(await wallet(asked)).toBe(40_000n)
    await market.refunded(asked, 0, { items: 60_000 })
    expect([await wallet(asked), await market.state(asked)]).toEqual([100_000n, 'REFUNDED'])
  })

  it('goes back the way it came where the method allows it', async () => {
    const shop = newId('shop')
    const asked = await released(shop, 'GOPAY')
    await market.refunded(asked, 0, { items: 30_000 })
    await market.settle()
    expect(market.provider.transactions.get(asked.paymentId)!.refunds).toHaveLength(1)
  })

  it('never leaves a shop with money and a debt, however refunds and settlements cross each other', async () => {
    const shop = newId('shop')
    const orders = [await released(shop), await released(shop)]
    await spendAll(shop)
    const next = await Promise.all([1, 2, 3].map(() => market.ask({ shopIds: [shop], orders: [[100_000, 0]] }))) // prettier-ignore
    for (const asked of next) await market.says(asked, 'settlement')
    await Promise.all([
      ...orders.map((asked) => market.refunded(asked, 0, { items: 100_000 })),
      ...next.map((asked) => market.completed(asked)),
    ])
    await market.settle()
    expect(await standing(shop)).toEqual([share, 0n])
  })
})

describe('what people see of it', () => {
  it('are rows of the settlement that sum to nothing, and what the shop owes', async () => {
    const shop = newId('shop')
    const asked = await released(shop)
    await spendAll(shop)
    await market.refunded(asked, 0, { items: 100_000 })
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Order { settlement { rows { kind amount { amount } } held { amount } } } ... on Shop { balance { available { amount } owed { amount } } } } }`
    const of = [{ __typename: 'Order', id: asked.orders[0]!.orderId }, { __typename: 'Shop', id: shop }] // prettier-ignore
    const seller = account(newId('account'), ['seller'], [shop])
    const { data } = await market.execute<{ _entities: [{ settlement: unknown }, unknown] }>({
      query,
      variables: { of },
      as: seller,
    })
    const amount = (value: bigint | number) => ({ amount: { amount: Number(value) } })
    expect(data!._entities).toEqual([
      {
        settlement: {
          rows: [
            { kind: 'ITEMS', ...amount(100_000) },
            { kind: 'SELLER_SHARE', ...amount(-share) },
            { kind: 'COMMISSION', ...amount(0) },
            { kind: 'PAYMENT_FEE', ...amount(0) },
            { kind: 'VAT', ...amount(0) },
            { kind: 'INCOME_TAX', ...amount(0) },
            { kind: 'CLAWBACK', ...amount(share) },
            { kind: 'REFUND', ...amount(-100_000) },
          ],
          held: { amount: 0 },
        },
      },
      { balance: { available: { amount: 0 }, owed: { amount: Number(share) } } },
    ])
  })

  it('are the debts of all shops for staff, with a note in the audit log', async () => {
    const shop = newId('shop')
    const asked = await released(shop)
    await spendAll(shop)
    await market.refunded(asked, 0, { items: 10_000 })
    const query = `{ shopDebts(first: 100, reason: "Tagihan bulanan") { edges { node { shop { id } amount { amount } } } } }`
    type Page = { shopDebts: { edges: { node: { shop: { id: string }; amount: { amount: number } } }[] } }
    const { data } = await market.execute<Page>({ query, as: staff('support') })
    const owed = Number(await balance(`SELLER_RECEIVABLE:${shop}`))
    expect(data!.shopDebts.edges.map(({ node }) => node)).toContainEqual({ shop: { id: shop }, amount: { amount: owed } })
    await market.settle()
    const looks = market.published.filter(({ type, payload }) => type === 'StaffActed' && 'reason' in payload && payload.reason === 'Tagihan bulanan') // prettier-ignore
    expect(looks).toHaveLength(1)
    const { errors } = await market.execute({ query, as: account(newId('account'), ['seller'], [shop]) })
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  })
})
