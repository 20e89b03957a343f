import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPayments } from '@pasar/payments/subgraph'
import { serve, type HttpServer } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { startForTest, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMidtransSimulator } from '../src/simulators/midtrans.ts'
import type { PaymentSimulator } from '../src/simulators/payment-simulator.ts'
import { buyAt } from './support/simulated-purchase.ts'

const serverKey = 'simulator-key'
const payoutKeys = { payoutKey: 'payout-key', merchantKey: 'merchant-key' }
const log = openLog('silent', 'simulator')
const folder = mkdtempSync(join(tmpdir(), 'pasar-midtrans-'))

let http: HttpServer
let simulator: PaymentSimulator
let payments: TestSubgraph
let base: string
const notificationUrl = () => `http://127.0.0.1:${http.port}/notifications/midtrans`
const open = () =>
  openMidtransSimulator({
    folder,
    notificationUrl: notificationUrl(),
    serverKey,
    ...payoutKeys,
    clock: payments.clock,
    log,
    background: false,
  })

beforeAll(async () => {
  http = await serve([], { host: '127.0.0.1', port: 0, log })
  base = `http://127.0.0.1:${http.port}/simulators/midtrans`
  payments = await startForTest('payments', openPayments, { PAYMENT_PROVIDER_URL: base, PAYMENT_SERVER_KEY: serverKey })
  simulator = open()
  http.mount([...simulator.routes, ...payments.subgraph.routes])
})
afterAll(async () => {
  await simulator.stop()
  await payments.stop()
  await http.stop()
  rmSync(folder, { recursive: true })
})

const buy = (method: string) => buyAt(payments, base, method)

describe('the simulated payment provider', () => {
  it.each([
    ['BCA_VA', { kind: 'VIRTUAL_ACCOUNT', bank: 'bca' }],
    ['PERMATA_VA', { kind: 'VIRTUAL_ACCOUNT', bank: 'permata' }],
    ['QRIS', { kind: 'QR' }],
    ['GOPAY', { kind: 'QR' }],
    ['SHOPEEPAY', { kind: 'REDIRECT' }],
    ['CARD', { kind: 'REDIRECT' }],
  ])('tells the buyer how to pay with %s, and the payment is captured when the buyer does', async (method, expected) => {
    const { see, press } = await buy(method)
    expect((await see()).instructions).toMatchObject(expected)
    expect((await press('pay')).status).toBe(200)
    await simulator.run()
    expect((await see()).state).toBe('CAPTURED')
  })

  it('settles a card two seconds after its capture', async () => {
    const { see, press } = await buy('CARD')
    await press('pay')
    await simulator.run()
    payments.clock.advance(2_000)
    await simulator.run()
    expect((await see()).events).toEqual(['capture APPLIED', 'settlement APPLIED'])
  })

  it('sends a notification several times, forged and late ones among them, and the payment moves once', async () => {
    const { see, press } = await buy('BNI_VA')
    await simulator.run()
    await press('pay', { duplicate: 3, reorder: true, forge: true })
    expect(await simulator.run()).toBe(6)
    expect(await see()).toMatchObject({ state: 'CAPTURED', events: ['pending APPLIED', 'settlement APPLIED'] })
  })

  it('keeps a delayed notification back until its time', async () => {
    const { see, press } = await buy('BRI_VA')
    await press('pay', { delaySeconds: 60 })
    await simulator.run()
    expect((await see()).state).toBe('PENDING')
    payments.clock.advance(60_000)
    await simulator.run()
    expect((await see()).state).toBe('CAPTURED')
  })

  it('tells of an expiry by itself when the time is over', async () => {
    const { see } = await buy('QRIS')
    payments.clock.advance(15 * 60_000)
    await simulator.run()
    expect((await see()).state).toBe('EXPIRED')
  })

  it('tells of a refusal', async () => {
    const { see, press } = await buy('GOPAY')
    await press('deny')
    await simulator.run()
    expect((await see()).state).toBe('DENIED')
    expect((await press('deny')).status).toBe(409)
  })

  it('keeps a card page open when a card is declined, for another one', async () => {
    const { paymentId, see, press } = await buy('CARD')
    await press('deny')
    await simulator.run()
    expect(await (await fetch(base)).text()).toContain(paymentId)
    expect((await press('deny')).status).toBe(200)
    expect((await press('pay')).status).toBe(200)
    await simulator.run()
    expect(await see()).toMatchObject({
      state: 'CAPTURED',
      events: ['deny APPLIED', 'deny SUPERSEDED', 'capture APPLIED'],
    })
  })

  it("tells that the buyer's bank takes a settled card back, in part and then the rest of it, and of no other payment", async () => {
    const { see, press } = await buy('CARD')
    await press('pay')
    expect((await press('chargeback')).status).toBe(409)
    await simulator.run()
    payments.clock.advance(2_000)
    await simulator.run()
    expect((await press('chargeback', { amount: 100_001 })).status).toBe(400)
    await press('chargeback', { amount: 40_000, duplicate: 1, forge: true })
    await simulator.run()
    expect((await see()).events.slice(2)).toEqual(['partial_chargeback DISPUTED'])
    await press('chargeback')
    await simulator.run()
    expect((await see()).events.slice(2)).toEqual(['partial_chargeback DISPUTED', 'chargeback DISPUTED'])
    expect([(await see()).state, (await press('chargeback')).status]).toEqual(['REFUNDED', 409])
  })

  it('forgets nothing over a restart: payments and notifications that wait', async () => {
    const { see, press } = await buy('BCA_VA')
    await press('pay', { delaySeconds: 5 })
    await simulator.stop()
    payments.clock.advance(5_000)
    await open().run()
    expect((await see()).state).toBe('CAPTURED')
  })

  it('takes a payout once for its key and body, and for a key that it has forgotten once more', async () => {
    const send = async (beneficiary_name: string) => {
      const authorization = `Basic ${Buffer.from(`${payoutKeys.payoutKey}:`).toString('base64')}`
      const headers = { authorization, 'content-type': 'application/json', 'x-idempotency-key': 'wdr_key' }
      const body = JSON.stringify({ payouts: [{ beneficiary_name, amount: '10000.00', notes: 'wdr key' }] })
      const response = await fetch(`${base}/iris/api/v1/payouts`, { method: 'POST', headers, body })
      const { payouts } = (await response.json()) as { payouts?: readonly { reference_no: string }[] }
      return [response.status, payouts?.[0]!.reference_no]
    }
    const [first] = [await send('Siti')]
    expect([first, await send('Siti'), await send('Budi')]).toEqual([[201, 'ir-wdr_key'], first, [400, undefined]])
    payments.clock.advance(24 * 3_600_000)
    expect(await send('Siti')).toEqual(first)
    payments.clock.advance(24 * 3_600_000)
    expect(await send('Siti')).toEqual([201, 'ir-wdr_key-2'])
    expect(await send('Siti')).toEqual([201, 'ir-wdr_key-2'])
  })

  it('shows people what waits, with a button for each, and refuses merchants without the key', async () => {
    const { paymentId } = await buy('BCA_VA')
    const page = await (await fetch(base)).text()
    expect(page).toContain(`/simulators/midtrans/${paymentId}/pay`)
    expect((await fetch(`${base}/v2/${paymentId}/status`)).status).toBe(401)
  })
})
