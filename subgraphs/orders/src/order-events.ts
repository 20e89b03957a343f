import type { OrderLinePayload, OrderRef } from '@pasar/schema/events'
import type { NewEvent } from '@pasar/shared/outbox'
import type { Order, OrderEvent, OrderLine } from './domain/order.ts'

/** Amounts are within 2^53 - 1 by their type, so that this is exact. */
export const jsonAmount = (amount: bigint): number => Number(amount)

const linePayload = (line: OrderLine): OrderLinePayload => ({
  orderLineId: line.id,
  variantId: line.variantId,
  productId: line.productId,
  sku: line.sku,
  title: line.title,
  quantity: line.quantity,
  unitPrice: jsonAmount(line.unitPrice),
})

/** What happened to an order, and until when the next thing must happen. */
export interface Happened {
  readonly order: Order
  readonly lines: readonly OrderLine[]
  readonly event: OrderEvent
  readonly dueAt: Date | undefined
}

/** What the event of each happening carries beside the order's ids. */
const makers = {
  PLACED: ({ order, sold, by }: Told) =>
    ({
      type: 'OrderPlaced',
      payload: { ...order.ref, lines: sold, total: jsonAmount(order.itemsTotal + order.shippingCost), payBy: by },
    }) as const,
  PAID: ({ order, by }: Told) => ({ type: 'OrderPaid', payload: { ...order.ref, acceptBy: by } }) as const,
  ACCEPTED: ({ order, sold }: Told) =>
    ({ type: 'OrderAccepted', payload: { ...order.ref, ...parcel(order), lines: sold } }) as const,
  READY_TO_SHIP: ({ order }: Told) => ({ type: 'OrderReadyToShip', payload: order.ref }) as const,
  SHIPPED: ({ order }: Told) => ({ type: 'OrderShipped', payload: order.ref }) as const,
  DELIVERED: ({ order, by }: Told) => ({ type: 'OrderDelivered', payload: { ...order.ref, completeBy: by } }) as const,
  COMPLETED: ({ order, sold }: Told) => ({ type: 'OrderCompleted', payload: { ...order.ref, lines: sold } }) as const,
  CANCELLED: ({ order, sold }: Told) =>
    ({ type: 'OrderCancelled', payload: { ...order.ref, ...ended(order), lines: sold } }) as const,
} as const satisfies Record<OrderEvent, (told: Told) => Pick<NewEvent, 'type' | 'payload'>>

interface Told {
  readonly order: Order & { readonly ref: OrderRef }
  readonly sold: readonly OrderLinePayload[]
  readonly by: string
}

/** The event that tells the market what happened to an order. */
export function orderEvent({ order, lines, event, dueAt }: Happened): NewEvent {
  const { id: orderId, checkoutId, buyerId, shopId } = order
  const ref = { orderId, checkoutId, buyerId, shopId }
  const by = (dueAt ?? order.placedAt).toISOString()
  const made = makers[event]({ order: { ...order, ref }, sold: lines.map(linePayload), by })
  return { aggregateId: orderId, keys: [shopId, buyerId, checkoutId], ...made }
}

const parcel = (order: Order) => ({
  courierServiceId: order.courierServiceId,
  shippingCost: jsonAmount(order.shippingCost),
  weightGrams: order.weightGrams,
  origin: order.origin,
  destination: order.destination,
})

const ended = (order: Order) => ({
  reason: order.endReason ?? 'UNPAID',
  paid: order.paidAt !== null,
  reservedAs: order.reservedAs,
})
