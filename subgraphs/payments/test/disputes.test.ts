import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { amountText } from '../src/providers/midtrans-message.ts'
import { brokenRules, openMarket, type Asked, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(async () => {
  Object.assign(market.provider, { down: undefined, losesAnswers: false, refusesRefunds: undefined })
  expect(await brokenRules(market.sql)).toEqual([])
})
afterAll(() => market.close())

type Orders = readonly (readonly [items: number, shipping: number])[]
const twoOrders: Orders = [[60_000, 0], [40_000, 0]] // prettier-ignore

const paid = async (orders: Orders = [[100_000, 15_000]]) => {
  const asked = await market.ask({ method: 'GOPAY', orders })
  await market.says(asked, 'settlement')
  return asked
}
const transactionOf = ({ paymentId }: Asked) => market.provider.transactions.get(paymentId)!
const sumOf = (refunds: readonly { readonly refund_amount: string }[]) =>
  refunds.reduce((total, { refund_amount }) => total + Number.parseInt(refund_amount, 10), 0)

type Way = 'refund' | 'chargeback'

/** The provider gives money back unasked, and has told nobody yet: somebody does it in its own pages, or the buyer's bank takes it back. */
function wentBack(asked: Asked, amount: number, way: Way = 'refund'): void {
  const transaction = transactionOf(asked)
  transaction.refunds.push({ refund_key: `by-hand-${transaction.refunds.length}`, refund_amount: amountText(BigInt(amount)) })
  transaction.transaction_status = sumOf(transaction.refunds) === asked.amount ? way : `partial_${way}`
}

/** Somebody gives money back in the provider's own pages: the provider does it, and tells what it gave back so far. */
async function givenBackByHand(asked: Asked, amount: number): Promise<void> {
  wentBack(asked, amount)
  await tell(asked)
}

/** The provider tells what it gave back so far. */
const tell = (asked: Asked) => {
  const { transaction_status: status, refunds } = transactionOf(asked)
  return market.says(asked, status, { refund_amount: amountText(BigInt(sumOf(refunds))), refunds })
}

/** What the buyer has: from the provider, and on the balance in the market. */
const buyerHas = async (asked: Asked) => ({
  fromProvider: sumOf(transactionOf(asked).refunds),
  inWallet: Number((await market.ledger()).balances[`BUYER_WALLET:${asked.buyerId}`] ?? 0n),
})
const disputes = async () => (await market.ledger()).balances['PROVIDER_DISPUTES'] ?? 0n
/** What the books say that the provider gave back of a payment. */
const bookedAtProvider = async ({ paymentId }: Asked) => {
  const { rows } = await market.sql.query<{ amount: string }>(atProvider, [paymentId])
  return Number(rows[0]!.amount)
}
const atProvider = `SELECT coalesce(-sum(posting.amount), 0) AS amount FROM posting JOIN journal ON journal.id = journal_id
  WHERE account_id = 'PROVIDER_CLEARING' AND (reference IN (SELECT 'dispute:' || message_key FROM payment_event WHERE payment_id = $1)
    OR reference IN (SELECT 'refund-paid:' || id FROM refund WHERE payment_id = $1))`
const refundsOf = async ({ paymentId }: Asked) =>
  (
    await market.sql.query<{ amount: string; state: string }>(
      'SELECT amount, state, destination FROM refund WHERE payment_id = $1 ORDER BY id',
      [paymentId],
    )
  ).rows

const later = async () => {
  market.clock.advance(3_600_000)
  await market.settle()
}

describe('an order of which the provider gave a part back unasked', () => {
  it('is given back in full when it is cancelled: the part settles the dispute, the provider pays the rest', async () => {
    const before = await disputes()
    const asked = await paid()
    await givenBackByHand(asked, 15_000)
    expect((await disputes()) - before).toBe(15_000n)
    await market.cancelled(asked)
    await market.settle()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 115_000, inWallet: 0 })
    expect(await refundsOf(asked)).toEqual([{ amount: '115000', state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
    await tell(asked)
    expect([await disputes(), await market.state(asked), await bookedAtProvider(asked)]).toEqual([before, 'REFUNDED', 115_000])
  })

  it('is given back in full onto the balance when the provider takes nothing back any more', async () => {
    const before = await disputes()
    const asked = await paid()
    await givenBackByHand(asked, 15_000)
    market.clock.advance(45 * 86_400_000)
    await market.cancelled(asked)
    await market.settle()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 15_000, inWallet: 100_000 })
    expect([await disputes(), await market.state(asked)]).toEqual([before, 'REFUNDED'])
  })

  it('never gives back more than was paid, in however many refunds and whichever ways', async () => {
    const before = await disputes()
    const asked = await paid(twoOrders)
    await givenBackByHand(asked, 50_000)
    market.clock.advance(45 * 86_400_000)
    await market.cancelled(asked, 0)
    await market.cancelled(asked, 1)
    await market.settle()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 50_000, inWallet: 50_000 })
    expect([await disputes(), await market.state(asked)]).toEqual([before, 'REFUNDED'])
  })
})

describe('a refund that still waits for the provider', () => {
  const waiting = async (orders?: Orders) => {
    const asked = await paid(orders)
    market.provider.down = '/refund'
    await market.cancelled(asked)
    await market.settle()
    expect((await refundsOf(asked)).map(({ state }) => state)).toEqual(['REQUESTED'])
    return asked
  }
  const providerIsBack = async () => {
    market.provider.down = undefined
    await later()
  }

  it('is done when somebody gives all back in the meantime: the buyer does not get it twice', async () => {
    const before = await disputes()
    const asked = await waiting()
    await givenBackByHand(asked, 115_000)
    await providerIsBack()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 115_000, inWallet: 0 })
    expect(await refundsOf(asked)).toEqual([{ amount: '115000', state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
    expect([await disputes(), await bookedAtProvider(asked), await market.state(asked)]).toEqual([before, 115_000, 'REFUNDED'])
  })

  it('of one order is done when the whole payment is given back; what was for the other one stays disputed', async () => {
    const before = await disputes()
    const asked = await waiting(twoOrders)
    await givenBackByHand(asked, 100_000)
    await providerIsBack()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 100_000, inWallet: 0 })
    expect([(await disputes()) - before, await bookedAtProvider(asked)]).toEqual([40_000n, 100_000])
    await market.cancelled(asked, 1)
    await later()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 100_000, inWallet: 0 })
    expect([await disputes(), await market.state(asked)]).toEqual([before, 'REFUNDED'])
  })

  it('gives only the rest when the provider has not so much of it any more', async () => {
    const before = await disputes()
    const asked = await waiting()
    await givenBackByHand(asked, 15_000)
    await providerIsBack()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 15_000, inWallet: 100_000 })
    expect([await disputes(), await bookedAtProvider(asked), await market.state(asked)]).toEqual([before, 15_000, 'REFUNDED'])
  })

  it('is no dispute when the provider tells of it before its answer is here', async () => {
    const before = await disputes()
    const asked = await paid(twoOrders)
    await market.cancelled(asked)
    market.provider.losesAnswers = '/refund'
    await market.settle()
    await tell(asked)
    expect([(await refundsOf(asked))[0]?.state, await disputes()]).toEqual(['REQUESTED', before])
    market.provider.losesAnswers = false
    await later()
    await tell(asked)
    expect(await refundsOf(asked)).toEqual([{ amount: '60000', state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
    expect([await disputes(), await bookedAtProvider(asked)]).toEqual([before, 60_000])
  })

  it('is no dispute when the provider tells of a card that we called off before its answer is here', async () => {
    const before = await disputes()
    const asked = await market.ask({ method: 'GOPAY' })
    await market.says(asked, 'capture')
    await market.cancelled(asked)
    market.provider.losesAnswers = '/cancel'
    await market.settle()
    await market.says(asked, 'cancel')
    expect([(await refundsOf(asked))[0]?.state, await disputes()]).toEqual(['REQUESTED', before])
    market.provider.losesAnswers = false
    await later()
    expect(await refundsOf(asked)).toEqual([{ amount: '115000', state: 'COMPLETED', destination: 'ORIGINAL_METHOD' }])
    expect([await disputes(), await bookedAtProvider(asked)]).toEqual([before, 115_000])
  })
})

describe('an account whose payment its bank took back', () => {
  const disputesOf = async ({ buyerId }: Asked) => {
    const query = 'query ($accountId: ID!) { paymentsOwed(accountId: $accountId) { disputes } }'
    return (await market.executeAsUsers({ query, variables: { accountId: buyerId } })).data?.['paymentsOwed']
  }

  it('has an open dispute until a refund settles it', async () => {
    const [asked, other] = [await paid(), await paid()]
    expect(await disputesOf(asked)).toEqual({ disputes: 0 })
    wentBack(asked, 115_000, 'chargeback')
    await tell(asked)
    expect([await disputesOf(asked), await disputesOf(other)]).toEqual([{ disputes: 1 }, { disputes: 0 }])
    await market.refunded(asked, 0, { items: 50_000 })
    expect(await disputesOf(asked)).toEqual({ disputes: 1 })
    await market.refunded(asked, 0, { items: 50_000, shipping: 15_000 })
    expect(await disputesOf(asked)).toEqual({ disputes: 0 })
  })

  it('has it for half a year where none does', async () => {
    const asked = await paid()
    wentBack(asked, 15_000, 'chargeback')
    await tell(asked)
    market.clock.advance(179 * 86_400_000)
    expect(await disputesOf(asked)).toEqual({ disputes: 1 })
    market.clock.advance(2 * 86_400_000)
    expect(await disputesOf(asked)).toEqual({ disputes: 0 })
  })
})

describe('money that went back unasked, of which the notification is late', () => {
  it.each([
    ['all of it, given back by hand', 'refund', 115_000],
    ['all of it, taken back by the bank', 'chargeback', 115_000],
    ['a part of it, given back by hand', 'refund', 15_000],
    ['a part of it, taken back by the bank', 'chargeback', 15_000],
  ] as const)('is not paid a second time when the order is cancelled: %s', async (_, way, amount) => {
    const before = await disputes()
    const asked = await paid()
    wentBack(asked, amount, way)
    await market.cancelled(asked)
    await market.settle()
    const has = { fromProvider: amount, inWallet: 115_000 - amount }
    expect(await buyerHas(asked)).toEqual(has)
    await tell(asked)
    await later()
    expect([await buyerHas(asked), await disputes(), await bookedAtProvider(asked)]).toEqual([has, before, amount])
    expect(await market.state(asked)).toBe('REFUNDED')
  })

  it('is known as disputed when only its own word is here, which is older than a refund of ours that is done', async () => {
    const before = await disputes()
    const asked = await paid(twoOrders)
    wentBack(asked, 15_000)
    const late = { ...transactionOf(asked), refunds: [...transactionOf(asked).refunds] }
    await market.cancelled(asked, 0)
    await market.settle()
    await market.says(asked, 'partial_refund', { refund_amount: '15000.00', refunds: late.refunds })
    expect((await disputes()) - before).toBe(15_000n)
    market.clock.advance(45 * 86_400_000)
    await market.cancelled(asked, 1)
    expect(await buyerHas(asked)).toEqual({ fromProvider: 75_000, inWallet: 25_000 })
    await tell(asked)
    expect([await disputes(), await bookedAtProvider(asked)]).toEqual([before, 75_000])
  })

  it('is known as disputed also while the refund waits for a reason that may pass, and is not paid when its time is over', async () => {
    const before = await disputes()
    const asked = await paid()
    market.provider.refusesRefunds = 414
    wentBack(asked, 115_000)
    await market.cancelled(asked)
    await market.settle()
    expect([(await refundsOf(asked))[0]?.state, (await disputes()) - before]).toEqual(['REQUESTED', 115_000n])
    market.clock.advance(45 * 86_400_000)
    await market.settle()
    expect(await buyerHas(asked)).toEqual({ fromProvider: 115_000, inWallet: 0 })
    expect([await disputes(), await bookedAtProvider(asked)]).toEqual([before, 115_000])
  })
})
