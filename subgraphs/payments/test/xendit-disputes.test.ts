import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { brokenRules, openMarket, type Asked, type Market, type Wanted } from './market.ts'
import { buyerOf, readStatement } from './statements.ts'
import { callbackToken, captureOf, openXenditForTest, type XenditForTest } from './xendit-for-test.ts'

let xendit: XenditForTest
let market: Market
let before: bigint
beforeAll(async () => {
  xendit = await openXenditForTest()
  market = await openMarket(xendit.settings)
})
beforeEach(async () => {
  before = await balance('PROVIDER_DISPUTES')
})
afterEach(async () => {
  expect(await brokenRules(market.sql)).toEqual([])
})
afterAll(async () => {
  await market.close()
  await xendit.stop()
})

const balance = async (id: string) => (await market.ledger()).balances[id] ?? 0n

type Orders = NonNullable<Wanted['orders']>

/** A payment, of 115,000 where nothing is said, whose bank disputes so much of it; `tells` says how that stands, as Xendit does. */
async function disputed(amount = 115_000, orders: Orders = [[100_000, 15_000]]) {
  const asked = await market.ask({ method: 'GOPAY', orders })
  await market.xenditTells('payment.capture', captureOf(asked))
  const clearing = await balance('PROVIDER_CLEARING')
  const tells = (word: string, terminal: string | null = null, { token = callbackToken, currency = 'IDR' } = {}) =>
    deliver(
      {
        event: `dispute.${word}`,
        id: `dspt-${asked.paymentId}`,
        channel_code: 'CARDS',
        status: word.toUpperCase(),
        currency,
        amount: { initial: `${amount}.00`, terminal },
        payment_id: `py-${asked.paymentId}`,
        reference_id: asked.paymentId,
      },
      token,
    )
  /** What is disputed, what the provider has less, and what is on the buyer's balance. */
  const look = async () => [
    (await balance('PROVIDER_DISPUTES')) - before,
    (await balance('PROVIDER_CLEARING')) - clearing,
    await balance(`BUYER_WALLET:${asked.buyerId}`),
  ]
  return { asked, tells, look }
}

async function deliver(event: object, token: string): Promise<number> {
  const route = market.subgraph.routes.find(({ path }) => path === '/notifications/xendit')!
  const headers = { 'x-callback-token': token }
  const request = { method: 'POST', url: route.path, path: route.path, parameters: {}, headers, body: JSON.stringify(event) }
  return (await route.handle(request)).status
}

/** Xendit says that it will not make the one refund of a payment, of which so much was asked for. */
async function refundFails({ paymentId }: Asked, amount: number): Promise<void> {
  const { rows } = await market.sql.query<{ id: string }>('SELECT id FROM refund WHERE payment_id = $1', [paymentId])
  const { id } = rows[0]!
  const about = { reference_id: id, payment_request_id: `pr-${paymentId}`, amount, currency: 'IDR' }
  expect(await market.xenditTells('refund.failed', { ...about, id: `rfd-${id}`, status: 'FAILED' })).toBe(200)
}

const openDisputes = async ({ buyerId }: Asked) => {
  const query = 'query ($accountId: ID!) { paymentsOwed(accountId: $accountId) { disputes } }'
  return (await market.executeAsUsers({ query, variables: { accountId: buyerId } })).data?.['paymentsOwed']
}

describe("a payment that its buyer's bank disputes at Xendit", () => {
  it('is a dispute from the first word on, once, and stays one when the market loses', async () => {
    const { asked, tells, look } = await disputed(40_000)
    for (const word of ['action_required', 'action_required', 'under_review', 'lost', 'lost', 'action_required'])
      expect(await tells(word)).toBe(200)
    expect([await look(), await openDisputes(asked)]).toEqual([[40_000n, -40_000n, 0n], { disputes: 1 }])
  })

  it('is as if nothing had been when the market wins, in whatever order that is told', async () => {
    const orders = [
      ['action_required', 'under_review', 'won'],
      ['won', 'action_required', 'won'],
      ['under_review', 'won', 'action_required', 'won'],
    ]
    for (const words of orders) {
      const { asked, tells, look } = await disputed()
      for (const word of words) expect(await tells(word)).toBe(200)
      expect([await look(), await openDisputes(asked)]).toEqual([[0n, 0n, 0n], { disputes: 0 }])
    }
  })

  it('is disputed in part only when the market loses a part of it', async () => {
    const { tells, look } = await disputed(100_000)
    await tells('action_required')
    await tells('lost', '30000.00')
    expect(await look()).toEqual([30_000n, -30_000n, 0n])
  })

  it("is on the buyer's balance when it was refunded meanwhile: their bank takes it back from them", async () => {
    const { asked, tells, look } = await disputed()
    await tells('action_required')
    await market.cancelled(asked)
    await market.settle()
    expect(await look()).toEqual([0n, -115_000n, 0n])
    await tells('won')
    await tells('won')
    expect([await look(), await market.state(asked)]).toEqual([[0n, 0n, 115_000n], 'REFUNDED'])
    const statement = await readStatement(market, buyerOf(asked.buyerId))
    expect(statement.map(({ kind, payment }) => [kind, payment?.id])).toEqual([['ADJUSTMENT', asked.paymentId]])
  })

  it("is on the buyer's balance once, also when the market loses a part of it first, and wins all in the end", async () => {
    const { asked, tells, look } = await disputed()
    await tells('action_required')
    await market.cancelled(asked)
    await tells('lost', '30000.00')
    expect(await look()).toEqual([0n, -30_000n, 85_000n])
    await tells('won')
    expect(await look()).toEqual([0n, 0n, 115_000n])
  })

  it('gives its buyer no more than was refunded when the market wins, and the provider does not make the rest of the refund', async () => {
    const { asked, tells, look } = await disputed(150_000, [[200_000, 0], [100_000, 0]]) // prettier-ignore
    await tells('action_required')
    await market.cancelled(asked, 0)
    expect(await look()).toEqual([100_000n, -150_000n, 0n])
    await tells('won')
    expect(await look()).toEqual([0n, 0n, 50_000n])
    await refundFails(asked, 150_000)
    expect(await look()).toEqual([0n, 0n, 200_000n])
  })

  it('is a dispute also of money that was refunded before, until the market wins', async () => {
    const { asked, tells, look } = await disputed()
    xendit.refund = { id: 'rfd-1', status: 'SUCCEEDED' }
    await market.cancelled(asked)
    await market.settle()
    expect([await look(), await market.state(asked)]).toEqual([[0n, -115_000n, 0n], 'REFUNDED'])
    await tells('action_required')
    await tells('under_review')
    expect([await look(), await openDisputes(asked)]).toEqual([[115_000n, -230_000n, 0n], { disputes: 1 }])
    await tells('won')
    expect([await look(), await market.state(asked)]).toEqual([[0n, -115_000n, 0n], 'REFUNDED'])
  })

  it('is refused when it is not signed, and when it is of more than was paid', async () => {
    const { tells, look } = await disputed(115_001)
    expect([await tells('action_required', null, { token: 'another token' }), await tells('action_required')]).toEqual([403, 400])
    expect(await look()).toEqual([0n, 0n, 0n])
  })

  it('in another currency is refused, and somebody hears of it: so many dollars are no rupiah', async () => {
    const { tells, look } = await disputed(100)
    await expect(tells('action_required', null, { currency: 'USD' })).rejects.toThrow('currency')
    expect(await look()).toEqual([0n, 0n, 0n])
    const details = { provider: 'XENDIT', field: 'currency' }
    expect(market.warnings).toContainEqual({ message: 'a notification that nobody here can read was refused', details })
  })
})
