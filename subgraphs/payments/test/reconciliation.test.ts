import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openMarket, type Asked, type Market } from './market.ts'
import { paymentLock, whileLocked } from './waiting.ts'

let market: Market
let before: bigint
const disputes = async () => (await market.ledger()).balances['PROVIDER_DISPUTES'] ?? 0n
beforeAll(async () => {
  market = await openMarket()
})
beforeEach(async () => {
  before = await disputes()
})
afterAll(() => market.close())

/** The provider's truth, of which it has told nobody. */
const really = ({ paymentId }: Asked, status: string) => {
  market.provider.transactions.get(paymentId)!.transaction_status = status
}
const heard = async ({ paymentId }: Asked) =>
  (
    await market.sql.query<{ heard: string }>(
      `SELECT source || ' ' || provider_status || ' ' || outcome AS heard FROM payment_event WHERE payment_id = $1 ORDER BY id`,
      [paymentId],
    )
  ).rows.map(({ heard: one }) => one)

/** What became of a payment when all questions are answered, and how much of it is disputed. */
const settled = async (asked: Asked) => {
  await market.settle()
  expect((await market.ledger()).sum).toBe(0n)
  return [await market.state(asked), (await disputes()) - before]
}

describe('a notification that does not fit', () => {
  it('makes the market ask the provider, whose answer decides', async () => {
    const asked = await market.ask()
    await market.says(asked, 'expire', { status_code: '407' })
    // Late and out of date, but the money came meanwhile: only the provider knows.
    await market.says(asked, 'pending', { status_code: '299' })
    really(asked, 'settlement')
    expect(await settled(asked)).toEqual(['CAPTURED', 0n])
  })

  it.each(['deny', 'expire', 'failure'])(
    'and says that there is no money (%s) disputes what was booked when the provider stands by it',
    async (word) => {
      const asked = await market.ask()
      await market.says(asked, 'settlement')
      await market.says(asked, word)
      expect(await market.state(asked)).toBe('CAPTURED')
      expect(await settled(asked)).toEqual(['REFUNDED', 115_000n])
      expect((await heard(asked)).slice(-2)).toEqual([`NOTIFICATION ${word} SUPERSEDED`, `RECONCILIATION ${word} DISPUTED`])
      await market.says(asked, word, { status_code: '299' })
      expect(await settled(asked)).toEqual(['REFUNDED', 115_000n])
    },
  )

  it('disputes only what had not gone back before', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await market.says(asked, 'settlement')
    await market.says(asked, 'partial_refund', { refund_amount: '15000.00' })
    await market.says(asked, 'deny')
    expect(await settled(asked)).toEqual(['REFUNDED', 115_000n])
  })
})

describe('money that comes after the end', () => {
  it.each([
    ['is booked, and stays where the provider has it', 'capture', ['CAPTURED', 0n]],
    ['is booked, and disputed where the provider gave it back before we heard of it', 'cancel', ['REFUNDED', 115_000n]],
  ] as const)('%s', async (_, truth, becomes) => {
    const asked = await market.ask({ method: 'GOPAY' })
    await market.says(asked, 'cancel')
    await market.says(asked, 'capture')
    expect(await market.state(asked)).toBe('CAPTURED')
    really(asked, truth)
    expect(await settled(asked)).toEqual(becomes)
  })

  it.each([
    ['stays where the provider has it', 'settlement', ['CAPTURED', 0n]],
    ['is disputed where the provider has it no more', 'expire', ['REFUNDED', 115_000n]],
  ] as const)('and before the answer to our calling off is written down %s', async (_, truth, becomes) => {
    const asked = await market.ask()
    const both = [() => market.says(asked, 'settlement'), () => callOffAs(asked, 'pending')]
    await whileLocked<unknown>(market, paymentLock(asked.paymentId), both)
    expect(await market.state(asked)).toBe('CAPTURED')
    really(asked, truth)
    expect(await settled(asked)).toEqual(becomes)
    expect(await market.cancel(asked.checkoutId)).toEqual({ cancelled: false, captured: true })
  })
})

/** The checkout is called off while the provider still has the payment in a state. */
function callOffAs(asked: Asked, status: string) {
  really(asked, status)
  return market.cancel(asked.checkoutId)
}
