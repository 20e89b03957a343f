import type { EventPayloads } from '@pasar/schema/events'
import { newId, type Id } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { account, brokenRules, openMarket, staff, type Asked, type Market } from './market.ts'
import { returnApproved } from './returning.ts'
import { bookedOf, buyerOf, changeOf, readPages, readStatement, sellerOf, short, endsOf, type Line } from './statements.ts'
import { whileLocked, type Lock } from './waiting.ts'
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

/** What a seller gets of 100,000, and what goes back of it with 50,000 of the goods. */
const [share, half] = [90_620, 47_530]

const dayMs = 86_400_000
/** The clock stands still unless a test moves it. */
function nextDay(): string {
  market.clock.advance(dayMs)
  return market.clock.now().toISOString()
}

async function sold(shopId: Shop): Promise<Asked> {
  const asked = await market.ask({ shopIds: [shopId], orders: [[100_000, 0]] }) // prettier-ignore
  await market.says(asked, 'settlement')
  return asked
}
async function settled(shopId: Shop): Promise<Asked> {
  const asked = await sold(shopId)
  await market.completed(asked)
  return asked
}

/** All that a shop has is on its way to the bank. */
async function withdrawn(shop: Shop): Promise<string> {
  const id = await withdrawAll(market, shop)
  await market.settle()
  return id
}

/** Logistics tells what became of an order's parcel. */
async function parcelEnds(asked: Asked, kind: EventPayloads['CourierDueArose']['kind'], shippingAmount: number): Promise<void> {
  const { orderId, shopId, itemsAmount } = asked.orders[0]!
  const about = {
    shipmentId: newId('shipment'),
    orderId,
    shopId,
    buyerId: asked.buyerId,
    courierId: 'jne',
    trackingNumber: orderId,
  }
  const goodsAmount = kind === 'LOST' ? itemsAmount : 0
  await market.deliver('logistics', { type: 'CourierDueArose', payload: { ...about, kind, goodsAmount, shippingAmount } })
}

/** Everything that can move a shop's balance, a day each, and when each day began. */
async function lifeOf(shop: Shop) {
  const days: string[] = []
  const day = () => void days.push(nextDay())
  day()
  const first = await settled(shop)
  const failed = await withdrawn(shop)
  await market.payoutSays(failed, 'failed')
  day()
  const reversed = await withdrawn(shop)
  await market.payoutSays(reversed, 'completed')
  await market.refunded(first, 0, { items: 50_000 })
  day()
  const second = await settled(shop)
  await market.payoutSays(reversed, 'failed')
  day()
  const lost = await sold(shop)
  await parcelEnds(lost, 'LOST', 0)
  await returnApproved(market, second, 'SELLER')
  await parcelEnds(second, 'RETURN_DELIVERED', 9_000)
  return { first, second, lost, failed, reversed, days }
}

const booked = (owner: string, period?: readonly string[]) => bookedOf(market, owner, period)

describe("a shop's statement", () => {
  it('shows all that moved on its balance, what it was for, and what was there after each', async () => {
    const shop = newId('shop')
    const { first, second, lost, failed, reversed } = await lifeOf(shop)
    const statement = await readStatement(market, sellerOf(shop), { first: 3 })
    expect(short(statement)).toEqual([
      ['SETTLEMENT', share, share],
      ['WITHDRAWAL', -share, 0],
      ['WITHDRAWAL_FAILED', share, share],
      ['WITHDRAWAL', -share, 0],
      ['REFUND', -half, -half],
      ['SETTLEMENT', share, share - half],
      ['WITHDRAWAL_REVERSED', share, 2 * share - half],
      ['LOST_PARCEL', 100_000, 2 * share - half + 100_000],
      ['RETURN_SHIPPING', -9_000, 2 * share - half + 91_000],
    ])
    const about = statement.map(({ order, withdrawal }) => order?.id ?? withdrawal?.id).toReversed()
    const [one, two, three] = [first, second, lost].map(({ orders }) => orders[0]!.orderId)
    expect(about).toEqual([one, failed, failed, reversed, one, two, reversed, three, two])
    const [refund] = (await market.sql.query<{ id: string }>('SELECT id FROM refund WHERE order_id = $1', [one])).rows
    expect(statement.flatMap((line) => (line.refund ? [line.refund.id] : []))).toEqual([refund!.id])
  })

  it('sums to the ledger to the rupiah, as a whole and day by day, however long its pages are', async () => {
    const shop = newId('shop')
    const { days } = await lifeOf(shop)
    for (const first of [1, 2, 100]) {
      const whole = await readStatement(market, sellerOf(shop), { first })
      expect(changeOf(whole)).toBe(await booked(shop))
      const parts: Line[] = []
      let soFar = 0
      for (const [index, from] of days.entries()) {
        const to = days[index + 1]
        const part = await readStatement(market, sellerOf(shop), { first, from, ...(to && { to }) })
        expect([part.length > 0, changeOf(part)]).toEqual([true, await booked(shop, [from, ...(to ? [to] : [])])])
        parts.unshift(...part)
        const before = soFar
        soFar += changeOf(part)
        expect(await endsOf(market, sellerOf(shop), { first, from, ...(to && { to }) })).toEqual([before, soFar])
      }
      expect(parts).toEqual(whole)
    }
  })

  it('shows of a refund what the balance still held, and what became a debt', async () => {
    const shop = newId('shop')
    const [first, second] = [await settled(shop), await settled(shop)]
    await market.refunded(first, 0, { items: 50_000 })
    await withdrawn(shop)
    await settled(shop)
    await market.refunded(first, 0, { items: 50_000 })
    await market.refunded(second, 0, { items: 100_000 })
    expect(short(await readStatement(market, sellerOf(shop)))).toEqual([
      ['SETTLEMENT', share, share],
      ['SETTLEMENT', share, 2 * share],
      ['REFUND', -half, 2 * share - half],
      ['WITHDRAWAL', half - 2 * share, 0],
      ['SETTLEMENT', share, share],
      ['REFUND', half - share, half],
      ['REFUND', -half, 0],
      ['REFUND', half - share, half - share],
    ])
  })

  it('goes on where it was left, whatever is booked meanwhile, and ends', async () => {
    const shop = newId('shop')
    await lifeOf(shop)
    const { of, as } = sellerOf(shop)
    const before = await readStatement(market, { of, as })
    const [page] = await readPages(market, { of: [of], as }, { first: 4 })
    await settled(shop)
    const rest = await readStatement(market, { of, as }, { first: 5, after: page!.pageInfo.endCursor })
    expect([...page!.edges.map(({ node }) => node), ...rest]).toEqual(before)
    const [all] = await readPages(market, { of: [of], as }, { first: 10 })
    expect([all!.edges.length, all!.pageInfo.hasNextPage]).toEqual([10, false])
    const [none] = await readPages(market, { of: [of], as }, { after: all!.pageInfo.endCursor })
    expect(none).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } })
  })

  it('has nothing for a shop that never sold, nor for a time in which nothing moved', async () => {
    const shop = newId('shop')
    expect(await readStatement(market, sellerOf(shop))).toEqual([])
    expect(await endsOf(market, sellerOf(shop))).toEqual([0, 0])
    await settled(shop)
    const [from, to] = [nextDay(), nextDay()]
    await settled(shop)
    expect(await readStatement(market, sellerOf(shop), { from, to })).toEqual([])
    expect(await endsOf(market, sellerOf(shop), { from, to })).toEqual([share, share])
    expect(await endsOf(market, sellerOf(shop), { from })).toEqual([share, 2 * share])
  })

  it('is asked of many shops at once: by one statement for their pages, and one for what was there before and after', async () => {
    const shops = [newId('shop'), newId('shop'), newId('shop')] as const
    for (const shop of shops) await settled(shop)
    const of = shops.map((id) => ({ __typename: 'Shop', id }) as const)
    const before = market.statements.length
    const pages = await readPages(market, { of, as: account(newId('account'), ['seller'], shops) })
    expect(pages.map((page) => page!.edges.map(({ node }) => node.balance.amount))).toEqual([[share], [share], [share]])
    expect(market.statements.slice(before).filter((text) => text.includes('FROM posting'))).toHaveLength(2)
  })

  it.each([
    ['a cursor of another list', { after: Buffer.from('["2026-11-21T00:00:00Z","jnl_1"]').toString('base64url') }],
    ['a cursor that is no number', { after: Buffer.from('["x"]').toString('base64url') }],
    ['a period that ends where it begins', { from: '2026-11-01T00:00:00+07:00', to: '2026-10-31T17:00:00Z' }],
    ['more than a page may hold', { first: 101 }],
  ])('refuses %s', async (_, asked) => {
    await expect(readStatement(market, sellerOf(newId('shop')), asked)).rejects.toThrow('BAD_USER_INPUT')
  })
})

describe("a buyer's statement", () => {
  it('shows refunds that came onto the balance, and what was paid from it', async () => {
    const buyerId = newId('account')
    const refunded = await market.ask({ buyerId })
    await market.says(refunded, 'settlement')
    await market.cancelled(refunded)
    const paid = await market.ask({ buyerId, method: 'WALLET', orders: [[60_000, 5_000], [20_000, 0]] }) // prettier-ignore
    await market.cancelled(paid, 1)
    const statement = await readStatement(market, buyerOf(buyerId), { first: 2 })
    expect(short(statement)).toEqual([
      ['REFUND', 115_000, 115_000],
      ['PURCHASE', -85_000, 30_000],
      ['REFUND', 20_000, 50_000],
    ])
    expect(statement.map(({ payment, order }) => [payment?.id, order?.id])).toEqual([
      [paid.paymentId, paid.orders[1]!.orderId],
      [paid.paymentId, undefined],
      [refunded.paymentId, refunded.orders[0]!.orderId],
    ])
    expect([changeOf(statement), await booked(buyerId)]).toEqual([50_000, 50_000])
    expect(await endsOf(market, buyerOf(buyerId))).toEqual([0, 50_000])
  })

  it('shows a refund that the provider would not carry out', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await market.says(asked, 'settlement')
    await market.cancelled(asked)
    expect(await readStatement(market, buyerOf(asked.buyerId))).toEqual([])
    market.provider.refusesRefunds = 412
    await market.settle()
    market.provider.refusesRefunds = undefined
    expect(short(await readStatement(market, buyerOf(asked.buyerId)))).toEqual([['REFUND', 115_000, 115_000]])
  })

  it('stands in the order in which things were booked that came at the same moment', async () => {
    const buyerId = newId('account')
    const [first, second] = [await market.ask({ buyerId }), await market.ask({ buyerId })]
    for (const asked of [first, second]) await market.says(asked, 'settlement')
    await market.cancelled(first)
    const wallet: Lock = ['SELECT 1 FROM account WHERE id = $1 FOR UPDATE', `BUYER_WALLET:${buyerId}`]
    const pays = () => market.ask({ buyerId, method: 'WALLET', orders: [[60_000, 5_000]] }) // prettier-ignore
    const warned = market.warnings.length
    await whileLocked<unknown>(market, wallet, [pays, () => market.cancelled(second)])
    expect(market.warnings.slice(warned)).toEqual([])
    expect(short(await readStatement(market, buyerOf(buyerId), { first: 1 }))).toEqual([
      ['REFUND', 115_000, 115_000],
      ['PURCHASE', -65_000, 50_000],
      ['REFUND', 115_000, 165_000],
    ])
  })
})

describe('who reads a statement', () => {
  it('is its owner, and staff with a note in the audit log; nobody else', async () => {
    const shop = newId('shop')
    const asked = await settled(shop)
    const { buyerId } = asked
    await market.refunded(asked, 0, { items: 1_000 })
    const of = [
      { __typename: 'Shop', id: shop },
      { __typename: 'User', id: buyerId },
    ] as const
    const seenBy = async (as: Parameters<typeof readPages>[1]['as']) =>
      (await readPages(market, { of, as })).map((page) => page && [page.edges.length, page.closing?.amount])
    const support = staff('support')
    const [nothing, wallet] = [[0, undefined], [1, 1_000]] // prettier-ignore
    const balance = [2, await booked(shop)]
    expect(await seenBy({ kind: 'guest' })).toEqual([undefined, nothing])
    expect(await seenBy(account(newId('account'), ['seller'], [newId('shop')]))).toEqual([undefined, nothing])
    expect(await seenBy(account(buyerId))).toEqual([undefined, wallet])
    expect(await seenBy(sellerOf(shop).as)).toEqual([balance, nothing])
    expect(await seenBy(support)).toEqual([balance, wallet])
    await market.settle()
    const looks = market.published.flatMap((event) =>
      event.type === 'StaffActed' && event.payload.actorId === support.accountId
        ? [`${event.payload.action} ${event.payload.subjectId}`]
        : [],
    )
    expect(looks).toEqual(expect.arrayContaining([`shop-balance.entries ${shop}`, `wallet.entries ${buyerId}`]))
  })
})
