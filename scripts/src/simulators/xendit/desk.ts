import { deliverDue, outgoingOf, type Delivery, type DeliveryOptions, type Outgoing } from '../deliveries.ts'
import {
  dataOf,
  disputeFields,
  eventOf,
  pageDataOf,
  refundFields,
  type Dispute,
  type GivenBack,
  type PaymentRequest,
} from './request.ts'

/** What the simulated provider works with. */
export interface DeskOptions extends DeliveryOptions<PaymentRequest> {
  readonly callbackToken: string
}

/** The event of each end of a payment. */
const ends: Readonly<Partial<Record<PaymentRequest['status'], string>>> = {
  SUCCEEDED: 'payment.capture',
  FAILED: 'payment.failure',
  EXPIRED: 'payment_request.expiry',
}

/** The event of an end; the time of a page is over by an event of its own. */
function eventOfEnd(request: PaymentRequest, status: PaymentRequest['status'], now: Date): Outgoing['fields'] | undefined {
  if (request.isPage && status === 'EXPIRED') return eventOf('payment_session.expired', pageDataOf(request, status), now)
  const event = ends[status]
  return event === undefined ? undefined : eventOf(event, dataOf(request, status), now)
}

/** A page stays open when a card is declined: its buyer may try another. */
const after = ({ isPage, status }: PaymentRequest, to: PaymentRequest['status']): PaymentRequest['status'] =>
  isPage && to === 'FAILED' ? status : to

/** The provider behind its counter: changes payments, and tells the merchant of each change until it is acknowledged. */
export function openDesk(options: DeskOptions) {
  const { memory, clock, callbackToken } = options
  const headers = { 'x-callback-token': callbackToken }
  const told = (request: PaymentRequest, outgoing: readonly Outgoing[]): PaymentRequest => {
    const saved = { ...request, outgoing: [...request.outgoing, ...outgoing] }
    memory.save(saved)
    return saved
  }
  /** Ends a payment, or an attempt on a page, and queues the event of it; an attempt that failed before is the older one. */
  const end = (request: PaymentRequest, to: PaymentRequest['status'], delivery: Delivery = {}): PaymentRequest => {
    const [status, fields] = [after(request, to), eventOfEnd(request, to, clock.now())]
    if (!fields) return told({ ...request, status }, [])
    const newest = { fields, headers }
    const forged = { ...newest, headers: { 'x-callback-token': 'forged' } }
    const stale = { fields: eventOf('payment.failure', dataOf(request, 'FAILED'), clock.now()), headers }
    return told({ ...request, status }, outgoingOf({ forged, newest, stale }, delivery, clock))
  }
  /** A refund ends, and the event of it is queued. */
  const endRefund = (request: PaymentRequest, refund: GivenBack, delivery: Delivery = {}): PaymentRequest => {
    const one = { fields: eventOf(`refund.${refund.status.toLowerCase()}`, refundFields(request, refund), clock.now()), headers }
    const forged = { ...one, headers: { 'x-callback-token': 'forged' } }
    const refunds = request.refunds.map((other) => (other.id === refund.id ? refund : other))
    return told({ ...request, refunds }, outgoingOf({ forged, newest: one, stale: one }, delivery, clock))
  }
  /** A dispute begins or goes on, and the event of it is queued. */
  const dispute = (request: PaymentRequest, changed: Dispute, delivery: Delivery = {}): PaymentRequest => {
    const one = { fields: { event: `dispute.${changed.status.toLowerCase()}`, ...disputeFields(request, changed) }, headers }
    const forged = { ...one, headers: { 'x-callback-token': 'forged' } }
    const disputes = [...(request.disputes ?? []).filter(({ id }) => id !== changed.id), changed]
    return told({ ...request, disputes }, outgoingOf({ forged, newest: one, stale: one }, delivery, clock))
  }
  const moveOn = (request: PaymentRequest, now: string): void => {
    if (request.status === 'REQUIRES_ACTION' && request.expiresAt <= now) end(request, 'EXPIRED')
    let current = request
    for (const refund of request.refunds.filter(({ status }) => status === 'PENDING'))
      current = endRefund(current, { ...refund, status: 'SUCCEEDED' })
  }
  /** Lets time pass: expires, gives back, and sends every event that is due, in order. Says how many it sent. */
  const run = async (): Promise<number> => {
    const now = clock.now().toISOString()
    for (const request of memory.all.values()) moveOn(request, now)
    return deliverDue(options)
  }
  return { end, endRefund, dispute, run, save: (request: PaymentRequest) => told(request, []) }
}

/** See openDesk. */
export type Desk = ReturnType<typeof openDesk>
