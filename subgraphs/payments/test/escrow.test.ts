import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMarket, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type)

describe('escrow', () => {
  it('holds the money of each order when the buyer has paid, and releases it to seller and courier when the order is finished', async () => {
    const asked = await market.ask({
      orders: [
        [100_000, 15_000],
        [250_000, 20_000],
      ],
    })
    const [first, second] = asked.orders
    expect(await market.says(asked, 'settlement')).toBe(200)
    const captured = (await market.ledger()).balances
    expect(captured[`ESCROW:${first!.orderId}`]).toBe(115_000n)
    expect(captured[`ESCROW:${second!.orderId}`]).toBe(270_000n)
    await market.completed(asked)
    await market.settle()
    const { sum, balances } = await market.ledger()
    expect(sum).toBe(0n)
    expect(balances[`ESCROW:${first!.orderId}`]).toBe(0n)
    expect(balances[`SELLER_BALANCE:${first!.shopId}`]).toBe(100_000n)
    expect(balances[`ESCROW:${second!.orderId}`]).toBe(270_000n)
    expect(typesOf(market.eventsOf(asked))).toEqual(['PaymentPending', 'PaymentCaptured', 'EscrowReleased'])
  })
})
