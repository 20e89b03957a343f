import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http'
import { deliveryOf, textOf } from '../deliveries.ts'
import type { Remembered } from '../remembered.ts'
import type { Desk } from './desk.ts'
import type { GivenBack, PaymentRequest } from './request.ts'

/** What banks and wallets work with. */
export interface BankOptions {
  readonly memory: Remembered<PaymentRequest>
  readonly desk: Desk
  /** Events are to go out now. */
  wake(): void
}

/** What the buyer's bank or wallet makes of a refund; that one which failed is paid after all happens, too. */
const acts: Readonly<Record<string, { readonly from: readonly GivenBack['status'][]; readonly to: 'SUCCEEDED' | 'FAILED' }>> = {
  pay: { from: ['PENDING', 'FAILED'], to: 'SUCCEEDED' },
  fail: { from: ['PENDING'], to: 'FAILED' },
}

/** The newest attempt at a refund of the merchant's own name, and its payment. */
function find({ memory }: BankOptions, referenceId: string) {
  for (const request of memory.all.values()) {
    const refund = request.refunds.findLast((one) => one.referenceId === referenceId)
    if (refund) return { request, refund }
  }
  return undefined
}

function press(options: BankOptions, action: string, http: HttpRequest): HttpResponse {
  const found = find(options, http.parameters['refund']!)
  if (!found) return json(404, { error: 'There is no such refund' })
  const { request, refund } = found
  const { from, to } = acts[action]!
  if (!from.includes(refund.status)) return json(409, { error: `The refund is ${refund.status} already` })
  const { id, referenceId, amount } = refund
  const failureCode = to === 'FAILED' ? textOf(http, 'failureCode') : undefined
  const ended = { id, referenceId, amount, status: to, ...(failureCode !== undefined && { failureCode }) }
  const { outgoing } = options.desk.endRefund(request, ended, deliveryOf(http))
  return json(200, { refundId: referenceId, status: to, notifications: outgoing.length })
}

/** What the bank or wallet of a buyer can do with refunds, under `/simulators/xendit`. */
export const bankRoutes = (options: BankOptions): readonly Route[] =>
  Object.keys(acts).map((action) => ({
    method: 'POST',
    path: `/simulators/xendit/refunds/:refund/${action}`,
    handle: (request) => {
      const response = press(options, action, request)
      options.wake()
      return response
    },
  }))
