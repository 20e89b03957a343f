import type { OrderEndReason, OrderLinePayload, OrderRef, OrderStep, RefundPayload } from '@pasar/schema/events/orders'
import type { NewEvent } from '@pasar/shared/events/outbox'
import { times } from '@pasar/shared/money'
import { parcelOf, type Parcel } from '@pasar/shared/parcel'
import { orderTotal, type MainEvent, type Order, type OrderEvent, type OrderLine } from './domain/order.ts'
import { returnReasons, totalOf, type Left, type RefundPlan, type Units } from './domain/refund-plan.ts'
import { paidForUnits } from './domain/voucher.ts'
import type { OrderRefund } from './store/refunds.ts'
import type { OrderReturn } from './store/returns.ts'

/** Amounts are within 2^53 - 1 by their type, so that this is exact. */
export const jsonAmount = (amount: bigint): number => Number(amount)

/** So many units of a line, after those that had gone before. */
const linePayload = (line: OrderLine, quantity = line.quantity, after = line.quantity - quantity): OrderLinePayload => {
  const discount = times(line.unitPrice, quantity) - paidForUnits(line, { units: quantity, after })
  return {
    orderLineId: line.id,
    variantId: line.variantId,
    productId: line.productId,
    sku: line.sku,
    title: line.title,
    quantity,
    unitPrice: jsonAmount(line.unitPrice),
    ...(discount > 0n && { discount: jsonAmount(discount) }),
  }
}

/** A refund as it was decided. */
export type DecidedRefund = Pick<OrderRefund, 'id' | 'reason'> & RefundPlan

/** What happened to an order, and until when the next thing must happen. */
export interface Happened {
  readonly order: Order
  readonly event: OrderEvent
  readonly dueAt: Date | undefined
  /** What was left of its goods and money before, and what is left now. */
  readonly left: Left
  readonly leftNow: Left
  readonly refund: DecidedRefund | undefined
  readonly request: OrderReturn | undefined
}

type Made = Pick<NewEvent, 'type' | 'payload'>

/** What the event of each happening carries beside the order's ids. */
const makers = {
  PLACED: ({ order, ref, sold }: Pick<Told, 'order' | 'ref' | 'sold'>) =>
    ({
      type: 'OrderPlaced',
      payload: { ...ref, lines: sold, total: jsonAmount(orderTotal(order)) },
    }) as const,
  PAID: ({ ref, by }: Told) => ({ type: 'OrderPaid', payload: { ...ref, acceptBy: by } }) as const,
  ACCEPTED: ({ order, ref, sold }: Told) =>
    ({ type: 'OrderAccepted', payload: { ...ref, ...parcel(order), lines: sold } }) as const,
  READY_TO_SHIP: ({ ref }: Told) => ({ type: 'OrderReadyToShip', payload: ref }) as const,
  SHIPPED: ({ ref }: Told) => ({ type: 'OrderShipped', payload: ref }) as const,
  DELIVERED: ({ ref, by }: Told) => ({ type: 'OrderDelivered', payload: { ...ref, completeBy: by } }) as const,
  COMPLETED: ({ ref, order, soldNow }: Told) =>
    ({ type: 'OrderCompleted', payload: { ...ref, lines: soldNow, ...refunded(order) } }) as const,
  CANCELLED: ({ ref, order, sold, refund }: Told) =>
    ({ type: 'OrderCancelled', payload: { ...ref, ...ended(order), lines: sold, ...(refund && { refund }) } }) as const,
} as const satisfies Record<MainEvent, (told: Told) => Made>

/** Steps that others must act upon. */
const stepMakers: Readonly<Partial<Record<OrderStep, (told: Told) => Made>>> = {
  CANCELLING: ({ ref }) => ({ type: 'OrderCallingOff', payload: ref }),
  RETURN_CANCELLING: ({ ref, request }) => ({ type: 'ReturnCallingOff', payload: { ...ref, returnId: request!.id } }),
  RETURN_APPROVED: ({ order, ref, left, request }) => {
    const { origin: destination, destination: origin, ...rest } = parcel(order)
    const { id: returnId, units, reason } = request!
    const { wayBackBorneBy } = returnReasons[reason]
    const lines = unitsOf(left, units)
    const way = { ...rest, ...parcelBack(left, units), origin, destination }
    return { type: 'ReturnApproved', payload: { ...ref, ...way, returnId, wayBackBorneBy, lines } }
  },
}

interface Told {
  readonly order: Order
  readonly ref: OrderRef
  readonly left: Left
  readonly sold: readonly OrderLinePayload[]
  readonly soldNow: readonly OrderLinePayload[]
  readonly by: string
  readonly refund: RefundPayload | undefined
  readonly request: OrderReturn | undefined
}

type Parties = Pick<Order, 'id' | 'checkoutId' | 'buyerId' | 'shopId'>

const refOf = ({ id: orderId, checkoutId, buyerId, shopId }: Parties): OrderRef => ({ orderId, checkoutId, buyerId, shopId })

const addressed = (order: Parties, made: Made): NewEvent =>
  ({ aggregateId: order.id, keys: [order.shopId, order.buyerId, order.checkoutId], ...made }) as NewEvent

const soldLines = ({ lines }: Left) =>
  lines.filter(({ quantity }) => quantity > 0).map(({ line, quantity }) => linePayload(line, quantity))

/** The event of a new order. */
export const placedEvent = (order: Order, lines: readonly OrderLine[]): NewEvent =>
  addressed(order, makers.PLACED({ order, ref: refOf(order), sold: lines.map((line) => linePayload(line)) }))

/** The events that tell the market what happened to an order. */
export function orderEvents({ order, event, dueAt, left, leftNow, refund, request }: Happened): NewEvent[] {
  const ref = refOf(order)
  const told: Told = {
    order,
    ref,
    left,
    sold: soldLines(left),
    soldNow: soldLines(leftNow),
    by: (dueAt ?? order.placedAt).toISOString(),
    refund: refund && refundPayload(refund, left),
    request,
  }
  const part: Made[] =
    told.refund && event !== 'CANCELLED'
      ? [{ type: 'RefundDecided', payload: { ...ref, refund: told.refund, ...leftToSend(event, told) } }]
      : []
  return [...part, made(event, told)].map((one) => addressed(order, one))
}

/** Before it is accepted no parcel is asked for; its acceptance says what is left then. */
const leftToSend = (event: OrderEvent, { order, soldNow }: Told) =>
  event === 'LINES_CANCELLED' && order.state !== 'PAID' ? { toSend: soldNow } : {}

function made(event: OrderEvent, told: Told): Made {
  if (event in makers) return makers[event as MainEvent](told)
  const step = event as OrderStep
  return stepMakers[step]?.(told) ?? { type: 'OrderStepped', payload: { ...told.ref, step } }
}

const refundPayload = (refund: DecidedRefund, { lines }: Left): RefundPayload => ({
  refundId: refund.id,
  amount: jsonAmount(totalOf(refund)),
  itemsAmount: jsonAmount(refund.itemsAmount),
  shippingAmount: jsonAmount(refund.shippingAmount),
  reason: refund.reason,
  lines: refund.lines.map((line) => {
    const categoryId = lines.find((left) => left.line.id === line.orderLineId)?.line.categoryId
    return { ...line, amount: jsonAmount(line.amount), ...(categoryId != null && { categoryId }) }
  }),
})

/** Units that go back are worth what goes back for them. */
const unitsOf = ({ lines }: Left, units: readonly Units[]): OrderLinePayload[] =>
  units.map(({ orderLineId, quantity }) => {
    const { line, quantity: left } = lines.find((one) => one.line.id === orderLineId)!
    return linePayload(line, quantity, line.quantity - left)
  })

/** The event of an order that says nothing of its buyer any more. */
export const buyerErased = (order: Parties): NewEvent => addressed(order, { type: 'BuyerErased', payload: refOf(order) })

interface UnitsReturned {
  readonly order: Order
  readonly left: Left
  readonly units: readonly Units[]
  readonly restockId: string
}

/** The event of units that lie in the shop again. */
export const goodsReturned = ({ order, left, units, restockId }: UnitsReturned): NewEvent => {
  const lines = unitsOf(left, units).map(({ variantId, quantity }) => ({ variantId, quantity }))
  return addressed(order, {
    type: 'GoodsReturned',
    payload: { ...refOf(order), restockId, reservedAs: order.reservedAs!, lines },
  })
}

const parcel = (order: Order) => ({
  courierServiceId: order.courierServiceId,
  shippingCost: jsonAmount(order.shippingCost),
  weightGrams: order.weightGrams,
  origin: order.origin,
  destination: order.destination,
})

/** What is sent back, as its units were weighed when they were sold; nothing where that is not known. */
function parcelBack({ lines }: Left, units: readonly Units[]): Partial<Parcel> {
  const pieces = units.flatMap(({ orderLineId, quantity }) => {
    const { piece } = lines.find(({ line }) => line.id === orderLineId)!.line
    return piece ? { ...piece, quantity } : []
  })
  return pieces.length === units.length ? parcelOf(pieces) : {}
}

/** What the buyer or the courier has keeps the shelf as it is; what the buyer sent back is told of by itself. */
const goodsGone: readonly (OrderEndReason | null)[] = ['PARCEL_LOST', 'RETURNED']

const ended = (order: Order) => ({
  reason: order.endReason ?? 'UNPAID',
  paid: order.paidAt !== null,
  reservedAs: goodsGone.includes(order.endReason) ? null : order.reservedAs,
})

const refunded = ({ refundedItems, refundedShipping }: Order) =>
  refundedItems + refundedShipping > 0n
    ? { refunded: { itemsAmount: jsonAmount(refundedItems), shippingAmount: jsonAmount(refundedShipping) } }
    : {}
