import { newId } from '@pasar/shared/ids'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { account, openMarket, type Asked, type Market } from './market.ts'
import { whileLocked, type Lock } from './waiting.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(async () => expect((await market.ledger()).sum).toBe(0n))
afterAll(() => market.close())

const balance = async (kind: string) => (await market.ledger()).balances[kind] ?? 0n
const escrow = (asked: Asked, index = 0) => balance(`ESCROW:${asked.orders[index]!.orderId}`)
const typesOf = async (asked: Asked) => {
  await market.settle()
  return market.eventsOf(asked).map(({ type }) => type)
}
/** A buyer with a balance of 115,000, from an order that was given back. */
async function buyerWithBalance() {
  const asked = await market.ask()
  await market.says(asked, 'settlement')
  await market.cancelled(asked)
  return asked.buyerId
}
const delivered = (asked: Asked, index = 0) => {
  const { orderId, shopId } = asked.orders[index]!
  const ref = { orderId, shopId, checkoutId: asked.checkoutId, buyerId: asked.buyerId }
  return market.deliver('orders', { type: 'OrderDelivered', payload: { ...ref, completeBy: '2026-11-25T05:00:00.000Z' } })
}

describe("the buyer's own balance", () => {
  it('pays an order at once, and no provider hears of it', async () => {
    const buyerId = await buyerWithBalance()
    const calls = market.provider.calls.length
    const asked = await market.ask({ method: 'WALLET', buyerId, orders: [[60_000, 5_000]] }) // prettier-ignore
    expect([await market.state(asked), await escrow(asked), await balance(`BUYER_WALLET:${buyerId}`)]).toEqual([
      'CAPTURED',
      65_000n,
      50_000n,
    ])
    expect(await typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured'])
    expect(market.provider.calls.length).toBe(calls)
  })

  it('pays nothing where it is not enough, and what it was asked for ends', async () => {
    const buyerId = await buyerWithBalance()
    const asked = await market.ask({ method: 'WALLET', buyerId, orders: [[115_001, 0]] }) // prettier-ignore
    expect([asked.result.code, await balance(`BUYER_WALLET:${buyerId}`)]).toEqual(['PAYMENTS_METHOD_UNAVAILABLE', 115_000n])
    expect(await market.cancel(asked.checkoutId)).toEqual({ cancelled: true, captured: false })
  })

  it('is offered to whom it belongs, for as much as there is', async () => {
    const as = account(await buyerWithBalance())
    const query = 'query ($amount: MinorUnits!) { paymentMethods(amount: $amount) { method available } }'
    const offered = async (amount: number, viewer?: Viewer) => {
      const asked = { query, variables: { amount }, ...(viewer && { as: viewer }) }
      const { data } = await market.execute<{ paymentMethods: { method: string; available: boolean }[] }>(asked)
      return data?.paymentMethods.find(({ method }) => method === 'WALLET')?.available
    }
    expect(await Promise.all([offered(115_000, as), offered(115_001, as)])).toEqual([true, false])
    expect(await Promise.all([offered(1, account(newId('account'))), offered(1)])).toEqual([false, false])
  })

  it('is spent once by two purchases at the same moment', async () => {
    const buyerId = await buyerWithBalance()
    const wanted = { method: 'WALLET', buyerId, orders: [[100_000, 0]] } as const // prettier-ignore
    const both = await Promise.all([market.ask(wanted), market.ask(wanted)])
    expect(both.map(({ result }) => result.__typename).toSorted()).toEqual(['PaymentsCreated', 'PaymentsMethodUnavailable'])
    expect(await balance(`BUYER_WALLET:${buyerId}`)).toBe(15_000n)
  })

  it('pays once for a checkout that is asked for again', async () => {
    const buyerId = await buyerWithBalance()
    const checkoutId = newId('checkout')
    const orders = [[40_000, 0]] as const // prettier-ignore
    const first = await market.ask({ method: 'WALLET', buyerId, checkoutId, orders })
    await expect(market.ask({ method: 'WALLET', buyerId, checkoutId, orders })).resolves.toMatchObject({
      result: { __typename: 'IdempotencyKeyReused' },
    })
    expect([await balance(`BUYER_WALLET:${buyerId}`), await market.state(first)]).toEqual([75_000n, 'CAPTURED'])
  })

  it('is what pays, or is called off, when both come at the same moment: no provider has anything to dispute', async () => {
    const buyerId = await buyerWithBalance()
    const checkoutId = newId('checkout')
    const disputes = await balance('PROVIDER_DISPUTES')
    const wallet: Lock = ['SELECT 1 FROM account WHERE id = $1 FOR UPDATE', `BUYER_WALLET:${buyerId}`]
    const both = [() => market.ask({ method: 'WALLET', buyerId, checkoutId }), () => market.cancel(checkoutId)]
    const [asked, answer] = (await whileLocked<unknown>(market, wallet, both)) as [Asked, unknown]
    await market.settle()
    expect([answer, await market.state(asked)]).toEqual([{ cancelled: false, captured: true }, 'CAPTURED'])
    expect((await balance('PROVIDER_DISPUTES')) - disputes).toBe(0n)
  })

  it('gets the money of a cancelled order back', async () => {
    const buyerId = await buyerWithBalance()
    const asked = await market.ask({ method: 'WALLET', buyerId })
    await market.cancelled(asked)
    expect([await balance(`BUYER_WALLET:${buyerId}`), await market.state(asked)]).toEqual([115_000n, 'REFUNDED'])
  })
})

describe('cash at the door', () => {
  const read = `query ($id: ID!) { payment(id: $id) { state instructions { kind } } }`
  it('lets the order go on, and is there when the courier has it', async () => {
    const owed = await balance('COURIER_RECEIVABLE')
    const asked = await market.ask({ method: 'COD' })
    const seen = await market.execute({ query: read, variables: { id: asked.paymentId }, as: account(asked.buyerId) })
    expect(seen.data).toEqual({ payment: { state: 'ON_DELIVERY', instructions: null } })
    expect(await typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured'])
    await delivered(asked)
    expect(await market.state(asked)).toBe('CAPTURED')
    await market.completed(asked)
    expect([await escrow(asked), (await balance('COURIER_RECEIVABLE')) - owed]).toEqual([0n, 115_000n])
  })

  it('is not collected for an order that ends before', async () => {
    const owed = await balance('COURIER_RECEIVABLE')
    const asked = await market.ask({ method: 'COD', orders: [[60_000, 0], [40_000, 0]] }) // prettier-ignore
    await market.cancelled(asked, 0)
    expect([(await balance('COURIER_RECEIVABLE')) - owed, await balance(`BUYER_WALLET:${asked.buyerId}`)]).toEqual([40_000n, 0n])
    await delivered(asked, 1)
    expect(await market.state(asked)).toBe('CAPTURED')
  })

  it('is there when the last order that was not delivered ends after the others were', async () => {
    const asked = await market.ask({ method: 'COD', orders: [[60_000, 0], [40_000, 0], [20_000, 0]] }) // prettier-ignore
    await delivered(asked, 0)
    await market.cancelled(asked, 1)
    expect(await market.state(asked)).toBe('ON_DELIVERY')
    await market.cancelled(asked, 2)
    expect(await market.state(asked)).toBe('CAPTURED')
  })

  it('is refunded, and was never there, when all its orders end before', async () => {
    const asked = await market.ask({ method: 'COD', orders: [[60_000, 0], [40_000, 0]] }) // prettier-ignore
    await market.cancelled(asked, 0)
    expect(await market.state(asked)).toBe('ON_DELIVERY')
    await market.cancelled(asked, 1)
    expect(await market.state(asked)).toBe('REFUNDED')
  })

  it("goes onto the buyer's balance when the order ends after it", async () => {
    const asked = await market.ask({ method: 'COD' })
    await delivered(asked)
    await market.cancelled(asked)
    expect([await market.state(asked), await balance(`BUYER_WALLET:${asked.buyerId}`)]).toEqual(['REFUNDED', 115_000n])
  })
})
