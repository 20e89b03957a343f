import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPayments } from '@pasar/payments/subgraph'
import { serve, type HttpServer } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { startForTest, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openXenditSimulator } from '../src/simulators/xendit.ts'
import type { PaymentSimulator } from '../src/simulators/payment-simulator.ts'
import { buyAt } from './support/simulated-purchase.ts'

const [secretKey, callbackToken] = ['xnd-test', 'token-test']
const log = openLog('silent', 'simulator')
const folder = mkdtempSync(join(tmpdir(), 'pasar-xendit-'))

let http: HttpServer
let simulator: PaymentSimulator
let payments: TestSubgraph
let sql: ReturnType<typeof openPostgres>['pool']
let base: string

beforeAll(async () => {
  http = await serve([], { host: '127.0.0.1', port: 0, log })
  base = `http://127.0.0.1:${http.port}`
  payments = await startForTest('payments', openPayments, {
    PAYMENT_PROVIDER: 'xendit',
    XENDIT_URL: `${base}/simulators/xendit/`,
    XENDIT_SECRET_KEY: secretKey,
    XENDIT_CALLBACK_TOKEN: callbackToken,
  })
  simulator = openXenditSimulator({
    folder,
    notificationUrl: `${base}/notifications/xendit`,
    secretKey,
    callbackToken,
    clock: payments.clock,
    log,
    background: false,
  })
  http.mount([...simulator.routes, ...payments.subgraph.routes])
  sql = openPostgres({ url: payments.databaseUrl, connectionsMax: 2 }).pool
})
afterAll(async () => {
  await sql.end()
  await simulator.stop()
  await payments.stop()
  await http.stop()
  rmSync(folder, { recursive: true })
})

const cancel = `mutation ($input: PaymentsCancelInput!) { paymentsCancel(input: $input) { cancelled captured } }`

async function buy(method: string) {
  const bought = await buyAt(payments, `${base}/simulators/xendit`, method)
  const { orderId, shopId, checkoutId, buyerId, paymentId } = bought
  const cancelOrder = () =>
    payments.deliver('orders', {
      type: 'OrderCancelled',
      payload: { orderId, shopId, checkoutId, buyerId, reason: 'REJECTED_BY_SELLER', paid: true, lines: [] },
    })
  const callOff = async () =>
    (await payments.executeAsOrders({ query: cancel, variables: { input: { checkoutId } } })).data?.['paymentsCancel']
  const told = () => payments.published.filter(({ aggregateId }) => aggregateId === paymentId).map(({ type }) => type)
  return { ...bought, cancelOrder, callOff, told }
}

const balance = async (account: string) =>
  Number(
    (await sql.query<{ sum: string }>('SELECT coalesce(sum(amount), 0) AS sum FROM posting WHERE account_id = $1', [account]))
      .rows[0]!.sum,
  )

const hook = (body: object, token = callbackToken) =>
  fetch(`${base}/notifications/xendit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-callback-token': token },
    body: JSON.stringify(body),
  })

describe('a market that takes money through Xendit', () => {
  it.each([
    ['BCA_VA', { kind: 'VIRTUAL_ACCOUNT', bank: 'bca' }],
    ['QRIS', { kind: 'QR' }],
    ['GOPAY', { kind: 'REDIRECT' }],
    ['OVO', { kind: 'REDIRECT' }],
    ['DANA', { kind: 'REDIRECT' }],
    ['SHOPEEPAY', { kind: 'REDIRECT' }],
    ['KREDIVO', { kind: 'REDIRECT' }],
    ['CARD', { kind: 'REDIRECT' }],
  ])('tells the buyer how to pay with %s, and the payment is captured when the buyer does', async (method, expected) => {
    const { see, press } = await buy(method)
    expect((await see()).instructions).toMatchObject(expected)
    expect((await press('pay')).status).toBe(200)
    await simulator.run()
    expect((await see()).state).toBe('CAPTURED')
  })

  it('hears an event several times, forged and late ones among them, and the payment moves once', async () => {
    const { see, press } = await buy('BNI_VA')
    await press('pay', { duplicate: 3, reorder: true, forge: true })
    expect(await simulator.run()).toBe(6)
    const { state, events } = await see()
    expect([state, events]).toEqual([
      'CAPTURED',
      ['REQUIRES_ACTION APPLIED', 'payment.capture APPLIED', 'payment.failure SUPERSEDED'],
    ])
    // What did not fit makes the market ask, and the answer changes nothing.
    await payments.settle()
    expect((await see()).events.at(-1)).toBe('SUCCEEDED SUPERSEDED')
    expect((await sql.query('SELECT id FROM payment WHERE check_at IS NOT NULL AND state = $1', ['CAPTURED'])).rows).toEqual([])
  })

  it('goes on waiting when a card is declined: the page takes another one, and its money', async () => {
    const { see, press, told, orderId } = await buy('CARD')
    await press('deny')
    await simulator.run()
    await payments.settle()
    expect([(await see()).state, told()]).toEqual(['PENDING', ['PaymentPending']])
    await press('pay', { reorder: true })
    await simulator.run()
    await payments.settle()
    expect([(await see()).state, told(), await balance(`ESCROW:${orderId}`)]).toEqual([
      'CAPTURED',
      ['PaymentPending', 'PaymentCaptured'],
      -100_000,
    ])
  })

  it.each([
    ['its time is over', 'EXPIRED', 'payment_session.expired APPLIED'],
    ['it is called off', 'CANCELLED', 'CANCELED APPLIED'],
  ] as const)('waits for a card no longer when %s, however many were declined', async (_, state, last) => {
    const { see, press, told, callOff } = await buy('CARD')
    await press('deny')
    await simulator.run()
    if (state === 'EXPIRED') await press('expire')
    else expect(await callOff()).toEqual({ cancelled: true, captured: false })
    await simulator.run()
    await payments.settle()
    const seen = await see()
    expect([seen.state, seen.events.at(-1), told()]).toEqual([state, last, ['PaymentPending', 'PaymentFailed']])
  })

  it('ends with a refusal by any other way to pay', async () => {
    const { see, press, told } = await buy('DANA')
    await press('deny')
    await simulator.run()
    await payments.settle()
    expect([(await see()).state, told()]).toEqual(['DENIED', ['PaymentPending', 'PaymentFailed']])
  })

  it('hears that the time of a page is over by asking, where no event tells it', async () => {
    const { see, press } = await buy('CARD')
    await press('deny')
    await press('expire', { delaySeconds: 86_400 })
    payments.clock.advance(86_400_000 + 5 * 60_000)
    await payments.settle()
    expect((await see()).state).toBe('EXPIRED')
  })

  it('honours money that comes after the expiry', async () => {
    const { see, press, orderId } = await buy('BRI_VA')
    await press('expire')
    await simulator.run()
    expect((await see()).state).toBe('EXPIRED')
    await press('pay')
    await simulator.run()
    expect([(await see()).state, await balance(`ESCROW:${orderId}`)]).toEqual(['CAPTURED', -100_000])
  })

  it('gives back the way it came, once Xendit says that it has', async () => {
    const { see, press, cancelOrder, orderId } = await buy('DANA')
    await press('pay')
    await simulator.run()
    await cancelOrder()
    await payments.settle()
    expect([(await see()).state, await balance(`REFUND_PAYABLE:${orderId}`)]).toEqual(['CAPTURED', -100_000])
    await simulator.run()
    expect([(await see()).state, await balance(`REFUND_PAYABLE:${orderId}`)]).toEqual(['REFUNDED', 0])
    expect(await balance('PROVIDER_DISPUTES')).toBe(0)
  })

  it.each([
    ["goes onto the buyer's balance", undefined, -100_000],
    ['goes back at the second try where the reason may pass', 'INSUFFICIENT_BALANCE', 0],
  ] as const)('a refund that fails at the wallet %s', async (_, failureCode, balanceAfter) => {
    const { see, press, cancelOrder, paymentId, buyerId } = await buy('DANA')
    await press('pay')
    await simulator.run()
    await cancelOrder()
    await payments.settle()
    const { rows } = await sql.query<{ id: string }>('SELECT id FROM refund WHERE payment_id = $1', [paymentId])
    const fails = `${base}/simulators/xendit/refunds/${rows[0]!.id}/fail`
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(fails, { method: 'POST', headers, body: JSON.stringify({ failureCode }) })).status).toBe(200)
    await simulator.run()
    payments.clock.advance(3_600_000)
    await payments.settle()
    await simulator.run()
    expect([(await see()).state, await balance(`BUYER_WALLET:${buyerId}`)]).toEqual(['REFUNDED', balanceAfter])
  })

  it("gives a card paid on Xendit's page back as well", async () => {
    const { see, press, cancelOrder } = await buy('CARD')
    await press('pay')
    await simulator.run()
    await cancelOrder()
    await payments.settle()
    await simulator.run()
    expect((await see()).state).toBe('REFUNDED')
  })

  it("puts what Xendit will not give back onto the buyer's balance", async () => {
    const { see, press, cancelOrder, buyerId } = await buy('PERMATA_VA')
    await press('pay')
    await simulator.run()
    await cancelOrder()
    expect([(await see()).state, await balance(`BUYER_WALLET:${buyerId}`)]).toEqual(['REFUNDED', -100_000])
  })

  it('is not asked for what somebody gave back by hand while our refund waited: the buyer does not get it twice', async () => {
    const { paymentId, orderId, buyerId, press, cancelOrder } = await buy('DANA')
    await press('pay')
    await simulator.run()
    const before = await balance('PROVIDER_DISPUTES')
    await cancelOrder()
    const refunds = await sql.query<{ id: string }>('SELECT id FROM refund WHERE payment_id = $1', [paymentId])
    const tell = (event: string, key: string) =>
      hook({
        event,
        data: {
          id: `at-xendit-${key}`,
          reference_id: key,
          payment_request_id: `pr-${paymentId}`,
          amount: 100_000,
          currency: 'IDR',
          status: event === 'refund.failed' ? 'FAILED' : 'SUCCEEDED',
        },
      })
    await tell('refund.succeeded', 'by-hand-meanwhile')
    expect((await balance('PROVIDER_DISPUTES')) - before).toBe(100_000)
    await tell('refund.failed', refunds.rows[0]!.id)
    expect([await balance(`REFUND_PAYABLE:${orderId}`), await balance(`BUYER_WALLET:${buyerId}`)]).toEqual([0, 0])
    expect(await balance('PROVIDER_DISPUTES')).toBe(before)
  })

  it('notes a refund that nobody here asked for as a dispute', async () => {
    const { paymentId, press } = await buy('GOPAY')
    await press('pay')
    await simulator.run()
    const data = {
      id: 'rfd-1',
      reference_id: 'by-hand',
      payment_request_id: `pr-${paymentId}`,
      amount: 40_000,
      currency: 'IDR',
      status: 'SUCCEEDED',
    }
    const answers = [await hook({ event: 'refund.succeeded', data }), await hook({ event: 'refund.succeeded', data })]
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([{ status: 'disputed' }, { status: 'duplicate' }])
    expect(await balance('PROVIDER_DISPUTES')).toBe(40_000)
  })

  it('hears of money that went back before it hears that it came, also where it was paid on a page: that is told again', async () => {
    const { paymentId, press, see } = await buy('CARD')
    const before = await balance('PROVIDER_DISPUTES')
    await press('pay', { delaySeconds: 60 })
    const authorization = `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`
    const byHand = {
      reference_id: `by-hand-${paymentId}`,
      payment_request_id: `pr-${paymentId}`,
      amount: 40_000,
      currency: 'IDR',
    }
    const headers = { authorization, 'content-type': 'application/json' }
    await fetch(`${base}/simulators/xendit/v3/refunds`, { method: 'POST', headers, body: JSON.stringify(byHand) })
    await simulator.run()
    expect((await see()).state).toBe('PENDING')
    payments.clock.advance(60_000)
    await simulator.run()
    expect([(await see()).state, (await balance('PROVIDER_DISPUTES')) - before]).toEqual(['CAPTURED', 40_000])
  })

  it('calls a payment off, on a page too', async () => {
    for (const method of ['BCA_VA', 'CARD']) {
      const { callOff, see } = await buy(method)
      expect(await callOff()).toEqual({ cancelled: true, captured: false })
      expect((await see()).state).toBe('CANCELLED')
    }
    const paid = await buy('QRIS')
    await paid.press('pay')
    expect(await paid.callOff()).toEqual({ cancelled: false, captured: true })
  })

  it('refuses events without the token, and those about another amount', async () => {
    const { paymentId, see } = await buy('BCA_VA')
    const data = {
      payment_id: 'py-1',
      payment_request_id: `pr-${paymentId}`,
      reference_id: paymentId,
      request_amount: 100_000,
      currency: 'IDR',
      status: 'SUCCEEDED',
    }
    const event = { event: 'payment.capture', data }
    for (const token of ['', 'token', `${callbackToken}x`, callbackToken.toUpperCase()])
      expect((await hook(event, token)).status).toBe(403)
    expect((await hook({ ...event, data: { ...data, request_amount: 1 } })).status).toBe(400)
    for (const request_amount of [1.5, '100000', -1])
      expect((await hook({ ...event, data: { ...data, request_amount } })).status).toBe(400)
    expect((await hook({ event: 'payment_token.activation', data: {} })).status).toBe(200)
    expect((await see()).state).toBe('PENDING')
  })
})
