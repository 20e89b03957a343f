import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '@pasar/shared/ids'
import pg from 'pg'
import { account, openMarket, type Asked, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(async () => {
  Object.assign(market.provider, { down: undefined, losesAnswers: false, refusesRefunds: undefined })
  expect((await market.ledger()).sum).toBe(0n)
})
afterAll(() => market.close())

const balance = async (account: string) => (await market.ledger()).balances[account] ?? 0n
const escrow = (asked: Asked, index = 0) => `ESCROW:${asked.orders[index]!.orderId}`
const payable = (asked: Asked) => `REFUND_PAYABLE:${asked.orders[0]!.orderId}`
const wallet = ({ buyerId }: Asked) => `BUYER_WALLET:${buyerId}`
const typesOf = (asked: Asked) => market.eventsOf(asked).map(({ type }) => type)
const paid = async (wanted: Parameters<Market['ask']>[0]) => {
  const asked = await market.ask(wanted)
  await market.says(asked, 'settlement')
  return asked
}
const refundsOf = async ({ paymentId }: Asked) =>
  (
    await market.sql.query<{ state: string; destination: string }>(
      'SELECT state, destination FROM refund WHERE payment_id = $1',
      [paymentId],
    )
  ).rows

describe('an order that was paid', () => {
  it('is held in an escrow of its own, and goes to seller and courier when it is finished', async () => {
    const asked = await paid({ orders: [[100_000, 15_000], [250_000, 20_000]] }) // prettier-ignore
    expect([await balance(escrow(asked)), await balance(escrow(asked, 1))]).toEqual([115_000n, 270_000n])
    const couriers = await balance('COURIER_COSTS')
    for (let n = 0; n < 2; n++) await market.completed(asked)
    await market.settle()
    expect([await balance(escrow(asked)), await balance(escrow(asked, 1))]).toEqual([0n, 270_000n])
    // 4 % commission, its share of the 4,000 that the virtual account cost, 11 % PPN on both, 0.5 % PPh 22.
    const [commission, fee, tax] = [4_000n, 1_195n, 500n]
    expect(await balance(`SELLER_BALANCE:${asked.orders[0]!.shopId}`)).toBe(100_000n - commission - fee - 440n - 131n - tax)
    expect(couriers - (await balance('COURIER_COSTS'))).toBe(15_000n)
    expect(typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured', 'EscrowReleased'])
  })
})

describe('a cancelled order that was paid', () => {
  it("goes back onto the buyer's balance when it was paid to a virtual account", async () => {
    const asked = await paid({ method: 'BNI_VA' })
    await market.cancelled(asked)
    await market.settle()
    expect([await balance(escrow(asked)), await balance(wallet(asked))]).toEqual([0n, 115_000n])
    expect(typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured', 'RefundCompleted'])
    expect(await market.state(asked)).toBe('REFUNDED')
  })

  it('goes back the way it came where the provider can, and only then is it done', async () => {
    const asked = await paid({ method: 'GOPAY' })
    const before = await balance('PROVIDER_CLEARING')
    await market.cancelled(asked)
    expect([await balance(escrow(asked)), await balance(payable(asked)), (await refundsOf(asked))[0]?.state]).toEqual([
      0n,
      115_000n,
      'REQUESTED',
    ])
    await market.settle()
    expect([await balance(payable(asked)), await balance('PROVIDER_CLEARING')]).toEqual([0n, before - 115_000n])
    expect(market.provider.transactions.get(asked.paymentId)!.refunds).toHaveLength(1)
    // The provider's own word about it disputes nothing.
    await market.says(asked, 'refund', { refund_amount: '115000.00' })
    expect([await market.state(asked), await balance('PROVIDER_DISPUTES')]).toEqual(['REFUNDED', 0n])
  })

  it('is refunded once, however often and in however many events it is told', async () => {
    const asked = await paid({ method: 'GOPAY' })
    for (const id of ['orders:x', 'orders:x', 'orders:y']) await market.cancelled(asked, 0, { id })
    await market.settle()
    await market.cancelled(asked)
    await market.settle()
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
    expect(market.provider.transactions.get(asked.paymentId)!.refunds).toHaveLength(1)
  })

  it('leaves the other orders of the same payment in escrow', async () => {
    const asked = await paid({ method: 'GOPAY', orders: [[50_000, 5_000], [70_000, 0]] }) // prettier-ignore
    await market.cancelled(asked)
    await market.settle()
    await market.says(asked, 'partial_refund', { refund_amount: '55000.00' })
    expect([await balance(escrow(asked)), await balance(escrow(asked, 1)), await balance('PROVIDER_DISPUTES')]).toEqual([
      0n,
      70_000n,
      0n,
    ])
    await market.completed(asked, 1)
    expect(await balance(escrow(asked, 1))).toBe(0n)
    expect(await balance(`SELLER_BALANCE:${asked.orders[1]!.shopId}`)).toBeGreaterThan(60_000n)
  })

  it('waits while the provider is down and is refunded once it is back', async () => {
    const asked = await paid({ method: 'SHOPEEPAY' })
    market.provider.down = '/refund'
    await market.cancelled(asked)
    await market.settle()
    expect(await balance(payable(asked))).toBe(115_000n)
    market.provider.down = undefined
    market.clock.advance(3_600_000)
    await market.settle()
    expect(await balance(payable(asked))).toBe(0n)
  })

  it("is not refunded twice when the provider's answer got lost", async () => {
    const asked = await paid({ method: 'GOPAY' })
    await market.cancelled(asked)
    market.provider.losesAnswers = '/refund'
    await market.settle()
    expect((await refundsOf(asked))[0]?.state).toBe('REQUESTED')
    market.provider.losesAnswers = false
    for (let n = 0; n < 3; n++) {
      market.clock.advance(3_600_000)
      await market.settle()
    }
    expect(market.provider.transactions.get(asked.paymentId)!.refunds).toHaveLength(1)
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
  })

  it('is done soon after what the provider paid could not be written down, however long the provider was away before', async () => {
    const asked = await paid({ method: 'GOPAY' })
    market.provider.down = '/refund'
    await market.cancelled(asked)
    for (let tries = 0; tries < 8; tries++) {
      await market.settle()
      market.clock.advance(3_600_000)
    }
    market.provider.down = undefined
    const sql = new pg.Pool({ connectionString: market.ownerUrl, max: 1 })
    await sql.query("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION $$no$$; END'")
    await sql.query('CREATE TRIGGER failing BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION fail()')
    await market.settle()
    await sql.query('DROP TRIGGER failing ON journal')
    await sql.query('DROP FUNCTION fail()')
    await sql.end()
    expect((await refundsOf(asked))[0]?.state).toBe('REQUESTED')
    market.clock.advance(31_000)
    await market.settle()
    expect(market.provider.transactions.get(asked.paymentId)!.refunds).toHaveLength(1)
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
  })

  it.each([404, 412])("goes onto the buyer's balance when the provider will not give it back (%i)", async (code) => {
    const asked = await paid({ method: 'GOPAY' })
    market.provider.refusesRefunds = code
    await market.cancelled(asked)
    await market.settle()
    expect([await balance(escrow(asked)), await balance(wallet(asked))]).toEqual([0n, 115_000n])
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'WALLET_BALANCE' }])
  })

  it("waits while the market's money at the provider does not suffice, and then goes back as it came", async () => {
    const asked = await paid({ method: 'GOPAY' })
    market.provider.refusesRefunds = 414
    await market.cancelled(asked)
    await market.settle()
    expect(await refundsOf(asked)).toEqual([{ state: 'REQUESTED', destination: 'ORIGINAL_METHOD' }])
    market.provider.refusesRefunds = undefined
    market.clock.advance(3_600_000)
    await market.settle()
    expect([await balance(payable(asked)), await balance(wallet(asked))]).toEqual([0n, 0n])
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
  })

  it.each([413, 414])(
    "goes onto the buyer's balance when it still cannot go back (%i) after the method's window",
    async (code) => {
      const asked = await paid({ method: 'QRIS' })
      market.provider.refusesRefunds = code
      await market.cancelled(asked)
      await market.settle()
      expect(await refundsOf(asked)).toEqual([{ state: 'REQUESTED', destination: 'ORIGINAL_METHOD' }])
      market.clock.advance(7 * 86_400_000)
      await market.settle()
      expect([await balance(payable(asked)), await balance(wallet(asked))]).toEqual([0n, 115_000n])
      expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'WALLET_BALANCE' }])
    },
  )

  it("goes back as it came when it was made in the method's window and only its answer got lost", async () => {
    const asked = await paid({ method: 'QRIS' })
    market.provider.losesAnswers = '/refund'
    await market.cancelled(asked)
    await market.settle()
    Object.assign(market.provider, { losesAnswers: false, refusesRefunds: 413 })
    market.clock.advance(7 * 86_400_000)
    await market.settle()
    expect(await balance(wallet(asked))).toBe(0n)
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
  })

  it('waits for the morning when ShopeePay gives nothing back at night', async () => {
    const asked = await paid({ method: 'SHOPEEPAY' })
    const day = 86_400_000
    const sinceMidnightInJakarta = (market.clock.now().getTime() + 7 * 3_600_000) % day
    market.clock.advance(day - sinceMidnightInJakarta)
    market.provider.refusesRefunds = 412
    await market.cancelled(asked)
    await market.settle()
    expect(await refundsOf(asked)).toEqual([{ state: 'REQUESTED', destination: 'ORIGINAL_METHOD' }])
    market.provider.refusesRefunds = undefined
    market.clock.advance(6 * 3_600_000)
    await market.settle()
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
  })

  it("goes onto the buyer's balance when the method's refund window is over", async () => {
    const asked = await paid({ method: 'QRIS' })
    market.clock.advance(7 * 86_400_000)
    await market.cancelled(asked)
    await market.settle()
    expect(await balance(wallet(asked))).toBe(115_000n)
  })

  it('settles a dispute when the provider gave the money back already', async () => {
    const asked = await paid({ method: 'GOPAY' })
    await market.says(asked, 'refund', { refund_amount: '115000.00' })
    expect(await balance('PROVIDER_DISPUTES')).toBe(115_000n)
    await market.cancelled(asked)
    await market.settle()
    expect([await balance('PROVIDER_DISPUTES'), await balance(escrow(asked)), await balance(wallet(asked))]).toEqual([0n, 0n, 0n])
  })

  it('calls a card off as a whole before the bank has settled it', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await market.says(asked, 'capture')
    await market.cancelled(asked)
    await market.settle()
    expect(market.provider.transactions.get(asked.paymentId)!.transaction_status).toBe('cancel')
    await market.says(asked, 'cancel')
    expect([await balance(escrow(asked)), await balance('PROVIDER_DISPUTES'), await market.state(asked)]).toEqual([
      0n,
      0n,
      'REFUNDED',
    ])
  })

  it('knows that the buyer has all parts of a card payment back which was called off at the provider', async () => {
    const asked = await market.ask({ method: 'GOPAY', orders: [[50_000, 0], [70_000, 0]] }) // prettier-ignore
    await market.says(asked, 'capture')
    const clearing = await balance('PROVIDER_CLEARING')
    market.provider.transactions.get(asked.paymentId)!.transaction_status = 'cancel'
    for (const index of [0, 1]) await market.cancelled(asked, index)
    await market.settle()
    await market.says(asked, 'cancel')
    expect([await market.state(asked), await balance(wallet(asked)), (await balance('PROVIDER_CLEARING')) - clearing]).toEqual([
      'REFUNDED',
      0n,
      -120_000n,
    ])
  })

  it('waits for the settlement when only a part of a card payment goes back', async () => {
    const asked = await market.ask({ method: 'GOPAY', orders: [[50_000, 0], [70_000, 0]] }) // prettier-ignore
    await market.says(asked, 'capture')
    await market.cancelled(asked)
    await market.settle()
    expect((await refundsOf(asked))[0]?.state).toBe('REQUESTED')
    await market.says(asked, 'settlement')
    market.clock.advance(3_600_000)
    await market.settle()
    expect((await refundsOf(asked))[0]?.state).toBe('COMPLETED')
  })
})

describe('a part of a paid order', () => {
  it('goes back by itself, and the rest goes to seller and courier', async () => {
    const asked = await paid({ method: 'BCA_VA' })
    const couriers = await balance('COURIER_COSTS')
    await market.refunded(asked, 0, { items: 30_000, shipping: 5_000 })
    expect([await balance(escrow(asked)), await balance(wallet(asked))]).toEqual([80_000n, 35_000n])
    await market.completed(asked)
    await market.settle()
    // Of 70,000: 2,800 commission, 4,000 for the virtual account, 11 % of both, 350 income tax.
    const share = 70_000n - 2_800n - 4_000n - 308n - 440n - 350n
    expect([await balance(escrow(asked)), await balance(`SELLER_BALANCE:${asked.orders[0]!.shopId}`)]).toEqual([0n, share])
    expect(couriers - (await balance('COURIER_COSTS'))).toBe(10_000n)
  })

  it('goes back once, however often it is told', async () => {
    const asked = await paid({ method: 'GOPAY' })
    const refundId = newId('refund')
    const parked = async () => (await market.sql.query('SELECT FROM parked_event')).rowCount
    const before = await parked()
    for (let n = 0; n < 3; n++) await market.refunded(asked, 0, { items: 30_000, refundId })
    await market.settle()
    await market.refunded(asked, 0, { items: 30_000, refundId })
    expect(await refundsOf(asked)).toEqual([{ state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
    expect([await balance(escrow(asked)), await parked()]).toEqual([85_000n, before])
    const done = market.eventsOf(asked).filter(({ type }) => type === 'RefundCompleted')
    expect(done.map(({ payload }) => payload)).toMatchObject([{ refundId, amount: 30_000, destination: 'ORIGINAL_METHOD' }])
  })

  it('and then all the rest leave nothing in escrow, as two refunds', async () => {
    const asked = await paid({ method: 'GOPAY' })
    await market.refunded(asked, 0, { items: 30_000 })
    await market.cancelled(asked)
    await market.settle()
    expect([await balance(escrow(asked)), (await refundsOf(asked)).length, await market.state(asked)]).toEqual([
      0n,
      2,
      'REFUNDED',
    ])
    expect(market.provider.transactions.get(asked.paymentId)!.refunds).toHaveLength(2)
  })

  it('is still kept for the buyer when the seller is paid before the provider has given it back', async () => {
    const asked = await paid({ method: 'SHOPEEPAY' })
    market.provider.down = '/refund'
    await market.refunded(asked, 0, { items: 30_000 })
    await market.completed(asked)
    await market.settle()
    expect([await balance(escrow(asked)), await balance(payable(asked))]).toEqual([0n, 30_000n])
    market.provider.down = undefined
    market.clock.advance(3_600_000)
    await market.settle()
    expect(await balance(payable(asked))).toBe(0n)
  })

  it('is never more than was taken, nor more than is left', async () => {
    const asked = await paid({ method: 'BCA_VA' })
    await market.refunded(asked, 0, { items: 90_000 })
    await market.refunded(asked, 0, { items: 20_000 })
    expect([await balance(wallet(asked)), await balance(escrow(asked))]).toEqual([90_000n, 25_000n])
  })

  it('is not paid to the seller when the end of the order is told before the refund', async () => {
    const asked = await paid({ method: 'BCA_VA' })
    const { orderId, shopId } = asked.orders[0]!
    const ref = { orderId, shopId, checkoutId: asked.checkoutId, buyerId: asked.buyerId }
    const finished = { ...ref, lines: [], refunded: { itemsAmount: 30_000, shippingAmount: 0 } }
    await market.deliver('orders', { type: 'OrderCompleted', payload: finished })
    expect(await balance(`SELLER_BALANCE:${shopId}`)).toBe(0n)
    await market.refunded(asked, 0, { items: 30_000 })
    await market.sql.query(`UPDATE parked_event SET parked_at = parked_at - interval '1 hour'`)
    await market.settle()
    expect([await balance(`SELLER_BALANCE:${shopId}`), await balance(wallet(asked))]).toEqual([62_102n, 30_000n])
  })

  it('shows in the payment and in the order', async () => {
    const asked = await paid({ method: 'BCA_VA' })
    await market.refunded(asked, 0, { items: 30_000 })
    const edges = '{ edges { node { amount { amount } state destination } } }'
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Payment { refunds ${edges} } ... on Order { refunds ${edges} } } }`
    const of = [{ __typename: 'Payment', id: asked.paymentId }, { __typename: 'Order', id: asked.orders[0]!.orderId }] // prettier-ignore
    const { data } = await market.execute({ query, variables: { of }, as: account(asked.buyerId) })
    const shown = {
      refunds: { edges: [{ node: { amount: { amount: 30_000 }, state: 'COMPLETED', destination: 'WALLET_BALANCE' } }] },
    }
    expect(data).toEqual({ _entities: [shown, shown] })
  })
})

describe('events out of their order', () => {
  it('a cancelled order whose money comes later is refunded when it comes', async () => {
    const asked = await market.ask()
    await market.cancelled(asked)
    expect(await refundsOf(asked)).toEqual([])
    await market.says(asked, 'settlement')
    await market.settle()
    expect([await balance(escrow(asked)), await balance(wallet(asked))]).toEqual([0n, 115_000n])
    expect(typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured', 'RefundCompleted'])
  })

  it('an order that was cancelled unpaid keeps late money in escrow, until orders says what becomes of it', async () => {
    const asked = await market.ask()
    await market.cancelled(asked, 0, { paid: false })
    await market.says(asked, 'expire')
    await market.says(asked, 'settlement')
    expect(await balance(escrow(asked))).toBe(115_000n)
    await market.cancelled(asked)
    expect(await balance(wallet(asked))).toBe(115_000n)
  })
})
