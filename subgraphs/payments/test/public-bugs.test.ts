import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openMarket, type Market } from './market.ts'

// What went wrong elsewhere, by the numbers under which it was reported there.
let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(async () => expect((await market.ledger()).sum).toBe(0n))
afterAll(() => market.close())

const balance = async (account: string) => (await market.ledger()).balances[account] ?? 0n

describe('saleor #19854: of two reports at the same moment only one is in the total', () => {
  it('two charge reports of one payment are one charge, as their log says', async () => {
    const asked = await market.ask({ method: 'QRIS' })
    await Promise.all([market.says(asked, 'capture'), market.says(asked, 'settlement')])
    const log = `SELECT count(*)::int AS reports FROM payment_event WHERE payment_id = $1 AND provider_status IN ('capture', 'settlement')`
    expect((await market.sql.query(log, [asked.paymentId])).rows).toEqual([{ reports: 2 }])
    expect(await market.state(asked)).toBe('CAPTURED')
    expect(await balance(`ESCROW:${asked.orders[0]!.orderId}`)).toBe(BigInt(asked.amount))
  })

  it('two parts that go back at the same moment are both in the total', async () => {
    const asked = await market.ask({ orders: [[50_000, 10_000]] }) // prettier-ignore
    await market.says(asked, 'settlement')
    await Promise.all([market.refunded(asked, 0, { items: 7_000 }), market.refunded(asked, 0, { items: 11_000 })])
    await market.settle()
    expect(await balance(`ESCROW:${asked.orders[0]!.orderId}`)).toBe(42_000n)
    expect(await balance(`BUYER_WALLET:${asked.buyerId}`)).toBe(18_000n)
  })
})

describe('ACIDRain, the attack on vouchers and wallets: a balance is spent as often as it is asked for', () => {
  it('ten purchases at the same moment spend it once', async () => {
    const source = await market.ask({ orders: [[100_000, 0]] }) // prettier-ignore
    await market.says(source, 'settlement')
    await market.cancelled(source)
    const { buyerId } = source
    expect(await balance(`BUYER_WALLET:${buyerId}`)).toBe(100_000n)
    const wanted = { method: 'WALLET', buyerId, orders: [[60_000, 0]] } as const // prettier-ignore
    const asked = await Promise.all(Array.from({ length: 10 }, () => market.ask(wanted)))
    expect(asked.filter(({ result }) => result.__typename === 'PaymentsCreated')).toHaveLength(1)
    expect(await balance(`BUYER_WALLET:${buyerId}`)).toBe(40_000n)
  })
})
