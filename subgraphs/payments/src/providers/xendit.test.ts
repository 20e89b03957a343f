import { json, serve, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { minorUnits } from '@pasar/shared/money'
import { Unavailable } from '@pasar/shared/problems'
import { expect, it } from 'vitest'
import type { PaymentProvider } from './provider.ts'
import { xendit } from './xendit.ts'

const amount = minorUnits(50_000)
const now = new Date('2026-11-18T05:00:00Z')
const account = { bank: 'BCA', number: '1234567890', holder: 'Budi' } as const
const payout = { withdrawalId: 'wdr_1', reference: null, amount, ...account, askedAt: null, now } as const
const refund = {
  paymentId: 'pay_1',
  method: 'GOPAY',
  amount,
  part: amount,
  reference: 'pr-1',
  transactionId: 'pr-1',
  refundKey: 'rfd_1',
  refundReference: null,
  reason: 'order refunded',
  now,
  isLate: false,
} as const

/** Asks a Xendit that answers so when it is asked for payouts by their name, and refuses each that is sent. */
async function asking<T>(listed: HttpResponse, ask: (provider: PaymentProvider) => Promise<T>): Promise<T> {
  const routes: Route[] = [
    { method: 'GET', path: '/v2/payouts', handle: () => listed },
    { method: 'POST', path: '/v2/payouts', handle: () => json(400, { error_code: 'API_VALIDATION_ERROR' }) },
  ]
  const http = await serve(routes, { host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })
  const provider = xendit({ baseUrl: `http://127.0.0.1:${http.port}`, secretKey: 'key', callbackToken: 'token' })
  try {
    return await ask(provider)
  } finally {
    await provider.stop()
    await http.stop()
  }
}

it.each([408, 409, 429, 500])(
  'money that Xendit answers %i about is neither sent nor refused: it is asked about again',
  async (status) => {
    const refused = () => json(status, { error_code: 'DUPLICATE_ERROR' })
    const paths = ['/v2/payouts', '/v3/refunds'] as const
    const routes = paths.map((path) => ({ method: 'POST', path, handle: refused }) as const)
    const http = await serve(routes, { host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })
    const provider = xendit({ baseUrl: `http://127.0.0.1:${http.port}`, secretKey: 'key', callbackToken: 'token' })
    await expect(provider.payout(payout)).rejects.toThrow(Unavailable)
    await expect(provider.refund(refund)).rejects.toThrow(Unavailable)
    await provider.stop()
    await http.stop()
  },
)

const taken = { id: 'po-1', reference_id: 'wdr_1', amount: Number(amount), currency: 'IDR', status: 'ACCEPTED' }
const again = { ...payout, askedAt: now }

it.each([
  ['bare', [taken]],
  ['among other fields', { data: [taken], has_more: false }],
])('a withdrawal that Xendit has taken is found in its list, %s', async (_, list) => {
  const said = await asking(json(200, list), (provider) => provider.payout(again))
  expect(said).toMatchObject({ status: 'PENDING', reference: 'po-1', name: 'wdr_1' })
})

it.each([
  ['a refusal', json(400, { error_code: 'API_VALIDATION_ERROR' })],
  ['a place that is not there', json(404, { error_code: 'DATA_NOT_FOUND' })],
  ['an answer that is no list', json(200, {})],
])('a withdrawal that Xendit may have taken is not believed to be refused because of %s', async (_, answer) => {
  await expect(asking(answer, (provider) => provider.payout(again))).rejects.toThrow(Unavailable)
})

it('a withdrawal that Xendit has never heard of, and refuses, has not left', async () => {
  const said = await asking(json(200, []), (provider) => provider.payout(again))
  expect(said).toMatchObject({ status: 'FAILED', reference: null })
})
