import { json, serve } from '@pasar/shared/http'
import { openLog } from '@pasar/shared/log'
import { minorUnits } from '@pasar/shared/money'
import { Unavailable } from '@pasar/shared/problems'
import { expect, it } from 'vitest'
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
