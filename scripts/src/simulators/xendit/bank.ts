import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { amountOf, deliveryOf, textOf } from '../deliveries.ts'
import type { Remembered } from '../remembered.ts'
import type { Desk } from './desk.ts'
import { goneSoFar, type Dispute, type GivenBack, type PaymentRequest } from './request.ts'

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

/** How a dispute goes on, once it was begun. */
const ends: Readonly<Record<string, Dispute['status']>> = { review: 'UNDER_REVIEW', win: 'WON', lose: 'LOST' }
const isOpen = ({ status }: Dispute): boolean => status === 'ACTION_REQUIRED' || status === 'UNDER_REVIEW'

/** A bank disputes a payment, or so much of it; or the newest dispute about it goes on. */
function disputes({ memory, desk }: BankOptions, action: string, http: HttpRequest): HttpResponse {
  const request = memory.all.get(http.parameters['payment']!)
  if (request?.status !== 'SUCCEEDED') return json(404, { error: 'There is no such payment that was paid' })
  const { referenceId, disputes: before = [] } = request
  const open = before.find(isOpen)
  const status = ends[action]
  if ((status === undefined) === (open !== undefined))
    return json(409, { error: open ? 'It is disputed already' : 'It is not disputed' })
  const changed: Dispute =
    status && open
      ? { ...open, status }
      : {
          id: `dspt-${before.length + 1}-${referenceId}`,
          amount: amountOf(http, request.amount - goneSoFar(request)),
          status: 'ACTION_REQUIRED',
        }
  const { outgoing } = desk.dispute(request, changed, deliveryOf(http))
  return json(200, { disputeId: changed.id, status: changed.status, notifications: outgoing.length })
}

/** What the bank or wallet of a buyer can do with refunds and payments, under `/simulators/xendit`. */
export function bankRoutes(options: BankOptions): readonly Route[] {
  const route = (path: string, handle: Route['handle']): Route => ({
    method: 'POST',
    path: `/simulators/xendit/${path}`,
    handle: async (request) => {
      const response = await handle(request)
      options.wake()
      return response
    },
  })
  return [
    ...Object.keys(acts).map((action) => route(`refunds/:refund/${action}`, (request) => press(options, action, request))),
    route(':payment/dispute', (request) => disputes(options, 'dispute', request)),
    ...Object.keys(ends).map((action) => route(`:payment/dispute/${action}`, (request) => disputes(options, action, request))),
  ]
}
