import type { EventType, PasarEvent } from '@pasar/schema/events'
import { idParser } from '@pasar/shared/ids'
import { mapValues } from '@pasar/shared/flow/iterators'
import { followEvents, liveCursor, parseLiveCursor } from '@pasar/shared/events/live'
import { BadInput } from '@pasar/shared/problems'
import { actsFor, requireAccount } from '@pasar/shared/identity/viewer'
import { maySeeForReason, visibleOrder } from './access.ts'
import type { OrdersContext } from './context.ts'
import type { Order, OrderEvent } from './domain/order.ts'
import type { CheckoutEvent } from './generated/resolvers.ts'
import { findCheckout, findOrder } from './queries.ts'
import type { Update } from './update.ts'

/** What each event is called in the order's history; OrderStepped says it itself. */
const orderEvents: Readonly<Partial<Record<EventType, OrderEvent>>> = {
  OrderPlaced: 'PLACED',
  OrderPaid: 'PAID',
  OrderAccepted: 'ACCEPTED',
  OrderReadyToShip: 'READY_TO_SHIP',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
  OrderCompleted: 'COMPLETED',
  OrderCancelled: 'CANCELLED',
  OrderCallingOff: 'CANCELLING',
  ReturnApproved: 'RETURN_APPROVED',
  ReturnCallingOff: 'RETURN_CANCELLING',
}

const parseOrderId = idParser('order')
const parseCheckoutId = idParser('checkout')
const parseShopId = idParser('shop')

type Following<A, E extends string> = (
  context: OrdersContext,
  args: A & { readonly after?: string | null; readonly reason?: string | null },
) => Promise<AsyncIterableIterator<Update<E>>>

interface Followed<E> {
  readonly key: string
  readonly after: string | null | undefined
  readonly reason: string | null
  readonly nameOf: (event: PasarEvent) => E | undefined
}

/** Frames; `context` is that of the stream, each frame has one of its own. */
async function follow<E extends string>(context: OrdersContext, { key, after, reason, nameOf }: Followed<E>) {
  const options = { key, after: parseLiveCursor(after), accept: (event: PasarEvent) => nameOf(event) !== undefined }
  const visible = (order: Order | null) => visibleOrder(context, order, reason)
  return mapValues(await followEvents(context.live, options), (event): Update<E> => ({
    cursor: liveCursor(event),
    event: nameOf(event)!,
    occurredAt: event.occurredAt,
    id: event.aggregateId,
    visible,
  }))
}

const orderEventOf = (event: PasarEvent): OrderEvent | undefined =>
  event.type === 'OrderStepped' ? event.payload.step : orderEvents[event.type]

/** A checkout is placed and paid, and ends in one of its ways. */
function checkoutEventOf(event: PasarEvent): CheckoutEvent | undefined {
  if (event.type === 'CheckoutPlaced') return 'PLACED'
  if (event.type === 'CheckoutPaymentReceived') return 'PAYMENT_RECEIVED'
  return event.type === 'CheckoutFinished' ? event.payload.outcome : undefined
}

/** What happens to one order. */
export const orderUpdated: Following<{ readonly orderId: string }, OrderEvent> = async (
  context,
  { orderId, after, reason = null },
) => {
  const id = parseOrderId(orderId, 'orderId')
  if (!(await findOrder(context, { id, reason }))) throw new BadInput('orderId', { id: 'pesanan Anda', en: 'an order of yours' })
  return follow(context, { key: id, after, reason, nameOf: orderEventOf })
}

/** What happens to a shop's orders. */
export const shopOrderUpdated: Following<{ readonly shopId: string }, OrderEvent> = async (
  context,
  { shopId, after, reason = null },
) => {
  const subjectId = parseShopId(shopId, 'shopId')
  if (!(await maySeeForReason(context, { subjectId, action: 'orders.follow', own: actsFor(context.viewer, shopId), reason })))
    throw new BadInput('shopId', { id: 'toko Anda', en: 'a shop of yours' })
  return follow(context, { key: shopId, after, reason, nameOf: orderEventOf })
}

/** What happens to a buyer's own orders. */
export async function userOrderUpdated(context: OrdersContext, { after }: { readonly after?: string | null }) {
  const { accountId } = requireAccount(context.viewer)
  return follow(context, { key: accountId, after, reason: null, nameOf: orderEventOf })
}

/** What becomes of one checkout. */
export const checkoutUpdated: Following<{ readonly checkoutId: string }, CheckoutEvent> = async (
  context,
  { checkoutId, after, reason = null },
) => {
  const id = parseCheckoutId(checkoutId, 'checkoutId')
  if (!(await findCheckout(context, { id, reason })))
    throw new BadInput('checkoutId', { id: 'checkout Anda', en: 'a checkout of yours' })
  return follow(context, { key: id, after, reason, nameOf: checkoutEventOf })
}
