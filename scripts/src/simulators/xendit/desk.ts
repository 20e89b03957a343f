import { deliverDue, outgoingOf, type Delivery, type DeliveryOptions, type Outgoing } from '../deliveries.ts'
import { dataOf, eventOf, requestId, type GivenBack, type PaymentRequest } from './request.ts'

/** What the simulated provider works with. */
export interface DeskOptions extends DeliveryOptions<PaymentRequest> {
  readonly callbackToken: string
}

/** The event of each end of a payment, and what it says of the payment. */
const ends: Readonly<Partial<Record<PaymentRequest['status'], readonly [event: string, status: string]>>> = {
  SUCCEEDED: ['payment.capture', 'SUCCEEDED'],
  FAILED: ['payment.failure', 'FAILED'],
  EXPIRED: ['payment_request.expiry', 'EXPIRED'],
}

/** The provider behind its counter: changes payments, and tells the merchant of each change until it is acknowledged. */
export function openDesk(options: DeskOptions) {
  const { memory, clock, callbackToken } = options
  const headers = { 'x-callback-token': callbackToken }
  const told = (request: PaymentRequest, outgoing: readonly Outgoing[]): PaymentRequest => {
    const saved = { ...request, outgoing: [...request.outgoing, ...outgoing] }
    memory.save(saved)
    return saved
  }
  /** Ends a payment and queues the event of it; an attempt that failed before is the older one. */
  const end = (request: PaymentRequest, status: PaymentRequest['status'], delivery: Delivery = {}): PaymentRequest => {
    const [event, word] = ends[status] ?? []
    if (!event || !word) return told({ ...request, status }, [])
    const newest = { fields: eventOf(event, dataOf(request, word), clock.now()), headers }
    const forged = { ...newest, headers: { 'x-callback-token': 'forged' } }
    const stale = { fields: eventOf('payment.failure', dataOf(request, 'FAILED'), clock.now()), headers }
    return told({ ...request, status }, outgoingOf({ forged, newest, stale }, delivery, clock))
  }
  const settleRefund = (request: PaymentRequest, refund: GivenBack): PaymentRequest => {
    const { id, referenceId, amount } = refund
    const data = {
      id,
      reference_id: referenceId,
      payment_request_id: requestId(request),
      amount,
      currency: 'IDR',
      status: 'SUCCEEDED',
    }
    const one = { fields: eventOf('refund.succeeded', data, clock.now()), headers }
    const refunds = request.refunds.map((other) => (other.id === id ? { ...other, status: 'SUCCEEDED' as const } : other))
    return told({ ...request, refunds }, outgoingOf({ forged: one, newest: one, stale: one }, {}, clock))
  }
  const moveOn = (request: PaymentRequest, now: string): void => {
    if (request.status === 'REQUIRES_ACTION' && request.expiresAt <= now) end(request, 'EXPIRED')
    let current = request
    for (const refund of request.refunds.filter(({ status }) => status === 'PENDING')) current = settleRefund(current, refund)
  }
  /** Lets time pass: expires, gives back, and sends every event that is due, in order. Says how many it sent. */
  const run = async (): Promise<number> => {
    const now = clock.now().toISOString()
    for (const request of memory.all.values()) moveOn(request, now)
    return deliverDue(options)
  }
  return { end, run, save: (request: PaymentRequest) => told(request, []) }
}

/** See openDesk. */
export type Desk = ReturnType<typeof openDesk>
