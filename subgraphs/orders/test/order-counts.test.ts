import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { rowsReadBy } from '@pasar/shared/testing/rows-read'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countOfBuyers, countOfShops } from '../src/store/order-counts.ts'
import { fillShop } from './full-shop.ts'
import { openMarket, sellerOf, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

type Counts = readonly { readonly state: string; readonly count: number }[]

interface Asked {
  readonly as: AccountViewer
  readonly reason?: string
}

/** What each of several shops or accounts says of its orders. */
async function countsOf(type: 'User' | 'Shop', ids: readonly string[], { as, reason }: Asked): Promise<(Counts | null)[]> {
  const query = `query ($r: [_Any!]!, $reason: String) { _entities(representations: $r) { ... on ${type} { orderCounts(reason: $reason) { state count } } } }`
  const variables = { r: ids.map((id) => ({ __typename: type, id })), ...(reason && { reason }) }
  const { _entities } = await market.data<{ _entities: { orderCounts: Counts | null }[] }>({ query, variables, as })
  return _entities.map(({ orderCounts }) => orderCounts)
}

/** The states that something is in. */
const filled = (counts: Counts | null | undefined) =>
  Object.fromEntries((counts ?? []).filter(({ count }) => count > 0).map(({ state, count }) => [state, count]))

describe('how many orders are in which state', () => {
  it('is told to a seller of all states, and to a buyer of all shops', async () => {
    const { sellers, buyer, orderIds } = await market.paidScene()
    const shopIds = sellers.map((seller) => seller.shopIds[0]!)
    await market.act('acceptOrder', sellers[0], { orderId: orderIds[0] })
    const [counts] = await countsOf('Shop', [shopIds[0]!], { as: sellers[0] })
    expect(counts).toHaveLength(19)
    expect(filled(counts)).toEqual({ ACCEPTED: 1 })
    const [bought] = await countsOf('User', [buyer.accountId], { as: buyer })
    expect(bought).toHaveLength(19)
    expect(filled(bought)).toEqual({ ACCEPTED: 1, PAID: 1 })
    await market.act('rejectOrder', sellers[1], { orderId: orderIds[1], reason: 'SHOP_CLOSED' })
    expect(filled((await countsOf('Shop', [shopIds[1]!], { as: sellers[1] }))[0])).toEqual({ CANCELLED: 1 })
    expect(filled((await countsOf('User', [buyer.accountId], { as: buyer }))[0])).toEqual({ ACCEPTED: 1, CANCELLED: 1 })
  })

  it.each(['Shop', 'User'] as const)('costs one statement, of one %s or of many', async (type) => {
    const ids = Array.from({ length: 5 }, () => newId('shop'))
    const seller = accountForTest(['seller'], ids)
    const before = market.statements.length
    const counts = await countsOf(type, type === 'Shop' ? ids : [seller.accountId], { as: seller })
    expect(counts.map(filled)).toEqual(counts.map(() => ({})))
    expect(market.statements.length - before).toBe(1)
  })

  it('is for the shop’s accounts, the account itself and, with a reason for the audit log, for staff', async () => {
    const { sellers, buyer } = await market.paidScene()
    const [shopId] = sellers[0].shopIds
    const support = accountForTest(['support'])
    for (const as of [sellers[1], accountForTest(), buyer]) expect(await countsOf('Shop', [shopId!], { as })).toEqual([null])
    for (const as of [sellers[0], accountForTest()]) expect(await countsOf('User', [buyer.accountId], { as })).toEqual([null])
    for (const [type, id] of [
      ['Shop', shopId!],
      ['User', buyer.accountId],
    ] as const) {
      await expect(countsOf(type, [id], { as: support })).rejects.toThrow('"field":"reason"')
      expect((await countsOf(type, [id], { as: support, reason: 'Ticket 7' }))[0]).toHaveLength(19)
    }
    await market.settle()
    const looks = market.events('StaffActed').map(({ payload }) => payload)
    for (const subjectId of [shopId, buyer.accountId])
      expect(looks).toContainEqual({ actorId: support.accountId, action: 'orders.count', subjectId, reason: 'Ticket 7' })
  })

  it('is counted no further than ten thousand of each state, however much a shop has sold', async () => {
    const { pool, stop } = openPostgres({ url: market.ownerUrl })
    const shopId = await fillShop(pool, 20_000)
    const [counts] = await countsOf('Shop', [shopId], { as: sellerOf(shopId) })
    expect(filled(counts)).toEqual({ PAID: 400, ACCEPTED: 200, SHIPPED: 400, CANCELLED: 590, MEDIATION: 10, COMPLETED: 10_000 })
    expect(Math.max(...(await rowsReadBy(pool, (db) => countOfShops(db, [shopId]))))).toBeLessThan(12_000)
    expect(Math.max(...(await rowsReadBy(pool, (db) => countOfBuyers(db, ['usr_1']))))).toBeLessThan(100)
    await stop()
  })
})
