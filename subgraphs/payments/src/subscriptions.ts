import type { EventType, PasarEvent } from '@pasar/schema/events'
import { idParser } from '@pasar/shared/ids'
import { mapValues } from '@pasar/shared/flow/iterators'
import { followEvents, liveCursor, parseLiveCursor } from '@pasar/shared/events/live'
import { parseReason } from '@pasar/shared/subgraph/looks'
import { BadInput } from '@pasar/shared/problems'
import type { PaymentsContext } from './context.ts'
import { findPayment } from './queries.ts'

const parsePaymentId = idParser('payment')

/** What each event is called on the live stream of a payment. */
const names = {
  PaymentPending: 'PENDING',
  PaymentCaptured: 'CAPTURED',
  PaymentFailed: 'FAILED',
  PaymentMoved: 'MOVED',
  EscrowReleased: 'ESCROW_RELEASED',
  RefundCompleted: 'REFUNDED',
} as const satisfies Partial<Record<EventType, string>>

type Followed = keyof typeof names

/** What a frame is made from; the payment is read when the frame is. */
export interface PaymentFrame {
  readonly cursor: string
  readonly event: (typeof names)[Followed]
  readonly occurredAt: Date
  readonly paymentId: string
}

/** Follows a payment that the viewer may see; one that is not there or not the viewer's is refused before anything is followed. */
export async function followPayment(ctx: PaymentsContext, { paymentId, after }: { paymentId: string; after?: string | null }) {
  const id = parsePaymentId(paymentId, 'paymentId')
  const position = parseLiveCursor(after)
  if (!(await findPayment(ctx, { id }))) throw new BadInput('paymentId', { id: 'pembayaran Anda', en: 'a payment of yours' })
  const events = await followEvents(ctx.live, { key: id, after: position, accept: ({ type }) => type in names })
  return mapValues(events, (event) => frameOf(id, event))
}

const frameOf = (paymentId: string, event: PasarEvent): PaymentFrame => ({
  cursor: liveCursor(event),
  event: names[event.type as Followed],
  occurredAt: new Date(event.occurredAt),
  paymentId,
})

/** Whether the books keep their rules, now and whenever that changes. */
export async function followInvariants({ invariants, noteLook }: PaymentsContext, { reason }: { reason?: string | null }) {
  await noteLook('ledger', { action: 'ledger.invariants', reason: parseReason(reason) })
  return invariants.follow()
}
