import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { gate } from './gate.ts'
import { openMarket, type Market } from './market.ts'
import { voucherShop } from './voucher-shop.ts'

let market: Market
let at: (name: string) => Promise<void> = async () => undefined
beforeAll(async () => {
  market = await openMarket({ point: (name) => at(name) })
})
afterAll(() => market.stop())
afterEach(() => {
  at = async () => undefined
})

describe('saleor #544, vendure PR #4660 and shopware #11245: a voucher is used more often than it may be', () => {
  it('fifty buyers of ten uses: ten pay less, and forty are told that it is used up', async () => {
    const shop = await voucherShop(market, { uses: 10 })
    const results = await Promise.all(Array.from({ length: 50 }, () => shop.buy()))
    const placed = results.filter(({ checkout }) => checkout?.discount?.amount === 10_000)
    expect(placed).toHaveLength(10)
    const others = results.filter((result) => !placed.includes(result))
    expect(others.map(({ __typename, refusal }) => [__typename, refusal])).toEqual(
      Array.from({ length: 40 }, () => ['CheckoutVoucherUnavailable', 'USED_UP']),
    )
    expect(await shop.used()).toBe(10)
    expect(shop.variant.stock).toBe(1_000 - 20)
  })

  it('eight carts of one buyer at the same moment: one pays less, the others are told why not', async () => {
    const shop = await voucherShop(market, { usesPerBuyer: 1 })
    const buyer = accountForTest()
    const results = await Promise.all(Array.from({ length: 8 }, () => shop.buy(shop.buys(buyer))))
    const refused = results.filter(({ __typename }) => __typename !== 'CheckoutPlaced')
    expect(refused.map(({ refusal }) => refusal)).toEqual(Array.from({ length: 7 }, () => 'USED_BY_YOU'))
    expect(await shop.used()).toBe(1)
  })

  it('a second cart of a buyer whose first one is just being placed waits for that, and is told why not', async () => {
    const shop = await voucherShop(market, { usesPerBuyer: 1 })
    const buyer = accountForTest()
    const [arrived, go] = [gate(), gate()]
    let isFirst = true
    at = async (name) => {
      if (name !== 'placeOrders.committing' || !isFirst) return
      isFirst = false
      arrived.open()
      await go.opened
    }
    const first = shop.buy(shop.buys(buyer))
    await arrived.opened
    const second = shop.buy(shop.buys(buyer))
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    await vi.waitFor(async () => expect((await pool.query(waiting)).rowCount).toBe(1), { timeout: 4_000 })
    await stop()
    go.open()
    expect(await first).toMatchObject({ __typename: 'CheckoutPlaced' })
    expect(await second).toMatchObject({ refusal: 'USED_BY_YOU' })
    expect(await shop.used()).toBe(1)
  })

  it('the database itself refuses one use more than there are, and one less than none', async () => {
    const shop = await voucherShop(market, { uses: 1 })
    const postgres = openPostgres({ url: market.databaseUrl })
    const set = (used: number) => postgres.pool.query('UPDATE voucher SET used = $2 WHERE id = $1', [shop.voucherId, used])
    try {
      for (const used of [2, -1]) await expect(set(used)).rejects.toThrow('voucher_used_within')
      expect(await shop.used()).toBe(0)
    } finally {
      await postgres.stop()
    }
  })

  it('one purchase that is cancelled twice at once and then expires gives its use back once', async () => {
    const shop = await voucherShop(market, { uses: 2, usesPerBuyer: 2 })
    const [kept, gone] = [shop.buys(), shop.buys()]
    await shop.buy(kept)
    const { checkout } = await shop.buy(gone)
    expect(await shop.used()).toBe(2)
    const cancel = () => market.act('cancelCheckout', gone.buyer, { checkoutId: checkout!.id })
    await Promise.all([cancel(), cancel()])
    await market.failPayment(checkout!.id, gone.buyer.accountId, 'EXPIRED')
    expect(await shop.used()).toBe(1)
  })
})
