import { json } from '@pasar/shared/http/server'
import { newId } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { brokenRules, openMarket, type Asked, type Market } from './market.ts'
import { withdrawAll } from './withdrawing.ts'
import { captureOf, lost, openXenditForTest, payoutOf, type XenditForTest } from './xendit-for-test.ts'

let xendit: XenditForTest
let market: Market
let usual: Pick<XenditForTest, 'onCharge' | 'onPayout'>
beforeAll(async () => {
  xendit = await openXenditForTest()
  market = await openMarket(xendit.settings)
  usual = { onCharge: xendit.onCharge, onPayout: xendit.onPayout }
})
beforeEach(() => void Object.assign(xendit, usual))
afterEach(async () => {
  expect(await brokenRules(market.sql)).toEqual([])
})
afterAll(async () => {
  await market.close()
  await xendit.stop()
})

const balance = async (id: string) => (await market.ledger()).balances[id] ?? 0n
const later = async () => {
  market.clock.advance(3_600_000)
  await market.settle()
}

const pays = (asked: Asked) => market.xenditTells('payment.capture', captureOf(asked))

const refusal = (code: string, status = 400) => json(status, { error_code: code, message: code })

it('a payment whose first answer got lost can be paid also when Xendit says first that it is still at work on it', async () => {
  const checkoutId = newId('checkout')
  const ask = () => market.ask({ method: 'GOPAY', checkoutId })
  for (const onCharge of [lost, () => refusal('DUPLICATE_ERROR', 409)]) {
    Object.assign(xendit, { onCharge })
    await expect(ask()).rejects.toThrow('does not answer')
  }
  Object.assign(xendit, usual)
  const { result } = await ask()
  expect(result.__typename).toBe('PaymentsCreated')
})

/** A withdrawal of a shop that has 93,395 from one order, put down and not sent yet. */
async function withdrawal() {
  const shop = newId('shop')
  const asked = await market.ask({ method: 'GOPAY', shopIds: [shop], orders: [[100_000, 0]] }) // prettier-ignore
  await pays(asked)
  await market.completed(asked)
  const id = await withdrawAll(market, shop)
  const amount = 93_395
  const said = payoutOf({ reference_id: id, amount })
  const look = async () => {
    const { rows } = await market.sql.query<{ state: string }>('SELECT state FROM withdrawal WHERE id = $1', [id])
    return [rows[0]!.state, await balance(`SELLER_BALANCE:${shop}`), await balance(`PAYOUT:${id}`)]
  }
  const tells = (word: string) => market.xenditTells(`payout.${word.toLowerCase()}`, { ...said, status: word })
  return { id, said, look, tells }
}

describe('a withdrawal through Xendit', () => {
  it("that is looked at, and rejected for compliance, is on the shop's balance again", async () => {
    const { look, tells } = await withdrawal()
    await market.settle()
    await tells('PENDING_COMPLIANCE_ASSESSMENT')
    expect(await look()).toEqual(['SENT', 0n, 93_395n])
    await tells('COMPLIANCE_REJECTED')
    expect(await look()).toEqual(['FAILED', 93_395n, 0n])
  })

  it('of which a word was heard before it was understood hears it again', async () => {
    const { id, look, tells } = await withdrawal()
    await market.settle()
    const heard = `INSERT INTO payout_event (withdrawal_id, message_key, provider_status, outcome, received_at)
      VALUES ($1, 'xendit:payout:po-' || $1 || ':COMPLIANCE_REJECTED', 'COMPLIANCE_REJECTED', 'SUPERSEDED', now())`
    await market.sql.query(heard, [id])
    await tells('COMPLIANCE_REJECTED')
    expect(await look()).toEqual(['FAILED', 93_395n, 0n])
  })

  it('of which a word comes that nobody knows stays on its way', async () => {
    const { look, tells } = await withdrawal()
    await market.settle()
    expect(await tells('SOMETHING_NEW')).toBe(200)
    expect(await look()).toEqual(['SENT', 0n, 93_395n])
  })

  it.each([
    ['ACCEPTED', ['SENT', 0n, 93_395n]],
    ['SUCCEEDED', ['PAID', 0n, 0n]],
  ])('whose key it knows already, the answer being lost, is asked about: it is %s', async (word, becomes) => {
    const { said, look } = await withdrawal()
    xendit.onPayout = lost
    await market.settle()
    expect(await look()).toEqual(['REQUESTED', 0n, 93_395n])
    xendit.onPayout = () => {
      xendit.payout = { ...said, status: word }
      return refusal('DUPLICATE_ERROR', 409)
    }
    await later()
    expect(await look()).toEqual(becomes)
  })

  it('that it has taken, the answer being lost, is neither sent again nor believed to be refused', async () => {
    const { said, look } = await withdrawal()
    let asked = 0
    xendit.onPayout = () => (++asked === 1 ? lost() : refusal('API_VALIDATION_ERROR'))
    await market.settle()
    xendit.payout = { ...said, status: 'ACCEPTED' }
    await later()
    expect([await look(), asked]).toEqual([['SENT', 0n, 93_395n], 1])
  })

  it("that it has never heard of, and refuses, is on the shop's balance again", async () => {
    const { look } = await withdrawal()
    xendit.onPayout = lost
    await market.settle()
    xendit.onPayout = () => refusal('API_VALIDATION_ERROR')
    await later()
    expect(await look()).toEqual(['FAILED', 93_395n, 0n])
  })
})

describe('what a provider tells by its own name', () => {
  it('is found without reading every payment and every withdrawal', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await pays(asked)
    const byHand = { id: 'rfd-by-hand', reference_id: 'by-hand', payment_request_id: `pr-${asked.paymentId}`, amount: 15_000 }
    await market.xenditTells('refund.succeeded', { ...byHand, currency: 'IDR', status: 'SUCCEEDED' })
    const { tells: tellsOfPayout } = await withdrawal()
    await market.settle()
    await tellsOfPayout('SUCCEEDED')
    const byName = [...new Set(market.statements)].filter((text) => /provider_reference = \$2/.test(text))
    const plans = await Promise.all(byName.map((text) => planOf(text, asked.paymentId)))
    expect(byName).toHaveLength(2)
    expect(plans.join('\n')).toMatch(/payment_transaction_at_provider[^]*payment_reference_at_provider/)
    expect(plans.join('\n')).toMatch(/withdrawal_reference_at_provider/)
    expect(plans.filter((plan) => plan.includes('Seq Scan'))).toEqual([])
  })
})

/** How the database would find it in tables that are large. */
async function planOf(statement: string, name: string): Promise<string> {
  const client = await market.sql.connect()
  try {
    await client.query('BEGIN; SET LOCAL enable_seqscan = off')
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`, ['XENDIT', name])
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}
