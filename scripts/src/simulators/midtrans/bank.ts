import type { Clock } from '@pasar/shared/clock'
import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { amountOf, deliveryOf } from '../deliveries.ts'
import type { PeopleOptions } from './people.ts'
import { amountText, jakartaTime, refundedSoFar, type Transaction } from './transaction.ts'

/** What the bank's own desk works with. */
type BankOptions = PeopleOptions & { readonly clock: Clock }

/** Only money that was settled can be taken back. */
const settled: readonly Transaction['status'][] = ['settlement', 'partial_refund', 'partial_chargeback']

/** The bank takes so much back, without anybody asking the merchant: Midtrans numbers it, and lists it among the refunds. */
function takenBack(transaction: Transaction, amount: number, now: Date): Partial<Transaction> {
  const taken = {
    refund_chargeback_id: transaction.refunds.length + 1,
    refund_amount: amountText(amount),
    reason: 'chargeback',
    created_at: jakartaTime(now),
  }
  const isWhole = refundedSoFar(transaction) + amount === transaction.amount
  return { status: isWhole ? 'chargeback' : 'partial_chargeback', refunds: [...transaction.refunds, taken] }
}

function chargeBack({ memory, desk, clock }: BankOptions, request: HttpRequest): HttpResponse {
  const transaction = memory.all.get(request.parameters['order']!)
  if (!transaction) return json(404, { error: 'There is no such payment' })
  if (!settled.includes(transaction.status)) return json(409, { error: `The payment is ${transaction.status}` })
  const amount = amountOf(request, transaction.amount - refundedSoFar(transaction))
  const changed = desk.change(transaction, takenBack(transaction, amount, clock.now()), deliveryOf(request))
  return json(200, { orderId: changed.orderId, status: changed.status, notifications: changed.outgoing.length })
}

/** What the bank of a buyer can do with a payment, under `/simulators/midtrans`. */
export const bankRoute = (options: BankOptions): Route => ({
  method: 'POST',
  path: '/simulators/midtrans/:order/chargeback',
  handle: (request) => {
    const response = chargeBack(options, request)
    options.wake()
    return response
  },
})
