import { json } from '@pasar/shared/http/server'
import { newId } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { brokenRules, openMarket, type Asked, type Market } from './market.ts'
import { captureOf, lost, openXenditForTest, type XenditForTest } from './xendit-for-test.ts'

let xendit: XenditForTest
let market: Market
let before: bigint
let usual: Pick<XenditForTest, 'onRefund' | 'refund'>
beforeAll(async () => {
  xendit = await openXenditForTest()
  market = await openMarket(xendit.settings)
  usual = { onRefund: xendit.onRefund, refund: xendit.refund }
})
beforeEach(async () => {
  Object.assign(xendit, usual)
  xendit.refundKeys.length = 0
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
const later = async () => {
  market.clock.advance(3_600_000)
  await market.settle()
}

const pays = (asked: Asked) => market.xenditTells('payment.capture', captureOf(asked))

interface RefundRow {
  readonly id: string
  readonly state: string
  readonly destination: string
}

/** An order that is paid and called off, or some of its goods: its refund waits for Xendit. */
async function calledOff(items?: number) {
  const asked = await market.ask({ method: 'GOPAY' })
  await pays(asked)
  await (items === undefined ? market.cancelled(asked) : market.refunded(asked, 0, { items }))
  const look = async () =>
    (await market.sql.query<RefundRow>('SELECT id, state, destination FROM refund WHERE payment_id = $1', [asked.paymentId])).rows
  const [{ id }] = (await look()) as [RefundRow]
  const tells = (event: string, more: object = {}) =>
    market.xenditTells(event, {
      id: `rfd-${id}`,
      reference_id: id,
      payment_request_id: `pr-${asked.paymentId}`,
      amount: items ?? asked.amount,
      currency: 'IDR',
      status: event === 'refund.failed' ? 'FAILED' : 'SUCCEEDED',
      ...more,
    })
  const ended = async () => {
    const rows = await look()
    const wallet = await balance(`BUYER_WALLET:${asked.buyerId}`)
    return [
      ...rows.map(({ state, destination }) => `${state} ${destination}`),
      wallet,
      (await balance('PROVIDER_DISPUTES')) - before,
    ]
  }
  return { asked, id, tells, ended }
}

const refusal = (code: string, status = 400) => json(status, { error_code: code, message: code })

describe('a refund that Xendit has taken', () => {
  it('is asked about by its own name for as long as that takes, and not asked for again: its key may be forgotten', async () => {
    const { ended } = await calledOff()
    await market.settle()
    for (let hours = 0; hours < 3; hours++) await later()
    market.clock.advance(10 * 86_400_000)
    await market.settle()
    expect([xendit.refundKeys.length, await ended()]).toEqual([1, ['REQUESTED ORIGINAL_METHOD', 0n, 0n]])
    xendit.refund = { id: 'rfd-1', status: 'SUCCEEDED' }
    await later()
    expect([xendit.refundKeys.length, await ended()]).toEqual([1, ['COMPLETED ORIGINAL_METHOD', 0n, 0n]])
  })

  it('is known by its name also where the answer to the first question about it got lost', async () => {
    const { ended } = await calledOff()
    xendit.isRefundHidden = true
    await market.settle()
    xendit.isRefundHidden = false
    xendit.refund = { id: 'rfd-1', status: 'SUCCEEDED' }
    await later()
    expect([xendit.refundKeys.length, await ended()]).toEqual([1, ['COMPLETED ORIGINAL_METHOD', 0n, 0n]])
  })
})

describe('a refund that Xendit makes twice', () => {
  it('is a dispute the second time, once, however often each is told', async () => {
    const { asked, id, tells, ended } = await calledOff(20_000)
    await market.settle()
    for (const name of ['one', 'one', 'two', 'one', 'two']) await tells('refund.succeeded', { id: `rfd-${name}-${id}` })
    expect([await ended(), await market.state(asked)]).toEqual([['COMPLETED ORIGINAL_METHOD', 0n, 20_000n], 'CAPTURED'])
  })
})

describe('a refund that Xendit said has failed, and then that it is done', () => {
  it('is a dispute: the buyer has it on the balance too', async () => {
    const { tells, ended } = await calledOff()
    await market.settle()
    await tells('refund.failed')
    expect(await ended()).toEqual(['COMPLETED WALLET_BALANCE', 115_000n, 0n])
    await tells('refund.succeeded')
    expect(await ended()).toEqual(['COMPLETED WALLET_BALANCE', 115_000n, 115_000n])
    await tells('refund.succeeded')
    expect(await ended()).toEqual(['COMPLETED WALLET_BALANCE', 115_000n, 115_000n])
  })

  it('at the same moment is given once, or disputed', async () => {
    const { tells, ended } = await calledOff()
    await market.settle()
    await Promise.all([tells('refund.succeeded'), tells('refund.failed')])
    expect([
      ['COMPLETED ORIGINAL_METHOD', 0n, 0n],
      ['COMPLETED WALLET_BALANCE', 115_000n, 115_000n],
    ]).toContainEqual(await ended())
  })
})

describe('a refund that Xendit does not take', () => {
  it('because it has it already, and lost its answer, goes the way the money came', async () => {
    const { tells, ended } = await calledOff()
    let taken = 0
    xendit.onRefund = () => (++taken === 1 ? lost() : refusal('REFUND_IN_PROGRESS'))
    await market.settle()
    await later()
    await later()
    expect(await ended()).toEqual(['REQUESTED ORIGINAL_METHOD', 0n, 0n])
    await tells('refund.succeeded')
    await later()
    expect([taken, new Set(xendit.refundKeys).size, await ended()]).toEqual([3, 1, ['COMPLETED ORIGINAL_METHOD', 0n, 0n]])
  })

  it.each(['INSUFFICIENT_BALANCE', 'REFUND_TEMPORARILY_UNAVAILABLE', 'A_REASON_THAT_NOBODY_KNOWS'])(
    'for a reason that may pass (%s) is asked for again',
    async (code) => {
      const { ended } = await calledOff()
      xendit.onRefund = () => refusal(code)
      await market.settle()
      expect(await ended()).toEqual(['REQUESTED ORIGINAL_METHOD', 0n, 0n])
      Object.assign(xendit, usual, { refund: { id: 'rfd-1', status: 'SUCCEEDED' } })
      await later()
      expect(await ended()).toEqual(['COMPLETED ORIGINAL_METHOD', 0n, 0n])
    },
  )

  it.each([
    ['REFUND_NOT_SUPPORTED', 400],
    ['PARTIAL_REFUND_NOT_SUPPORTED', 400],
    ['INELIGIBLE_TRANSACTION', 403],
  ])("for a reason that stays (%s) goes onto the buyer's balance", async (code, status) => {
    const { ended } = await calledOff()
    xendit.onRefund = () => refusal(code, status)
    await market.settle()
    expect(await ended()).toEqual(['COMPLETED WALLET_BALANCE', 115_000n, 0n])
  })

  it('because all has gone back waits for the word that it was this one', async () => {
    const { tells, ended } = await calledOff()
    xendit.onRefund = () => refusal('MAXIMUM_REFUND_AMOUNT_REACHED')
    await market.settle()
    await later()
    expect(await ended()).toEqual(['REQUESTED ORIGINAL_METHOD', 0n, 0n])
    await tells('refund.succeeded')
    expect(await ended()).toEqual(['COMPLETED ORIGINAL_METHOD', 0n, 0n])
  })

  it('because somebody gave a part back by hand leaves the rest on the balance', async () => {
    const { tells, ended } = await calledOff()
    xendit.onRefund = () => refusal('MAXIMUM_REFUND_AMOUNT_REACHED')
    await tells('refund.succeeded', { id: `by-hand-${newId('refund')}`, reference_id: 'by-hand', amount: 15_000 })
    await market.settle()
    expect(await ended()).toEqual(['COMPLETED WALLET_BALANCE', 100_000n, 0n])
  })
})

describe('a refund that failed for a reason that may pass', () => {
  it('is asked for under another key, and goes onto the balance when that fails too', async () => {
    const { id, tells, ended } = await calledOff()
    await market.settle()
    await tells('refund.failed', { failure_code: 'INSUFFICIENT_BALANCE' })
    expect(await ended()).toEqual(['REQUESTED ORIGINAL_METHOD', 0n, 0n])
    xendit.refund = { id: 'rfd-1', status: 'FAILED', failure_code: 'INSUFFICIENT_BALANCE' }
    await later()
    expect(xendit.refundKeys).toEqual([id, id, `${id}:2`, `${id}:3`])
    expect(await ended()).toEqual(['COMPLETED WALLET_BALANCE', 115_000n, 0n])
  })
})
