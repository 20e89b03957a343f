import type { EventOf, EventType, PasarEvent } from '@pasar/schema/events'
import type { OrderRef, OrderStep } from '@pasar/schema/events/orders'

/** What people are told. */
export type NoticeKind =
  | 'ORDER_PAID'
  | 'ORDER_ACCEPTED'
  | 'ORDER_SHIPPED'
  | 'ORDER_DELIVERED'
  | 'ORDER_CANCELLED'
  | 'ORDER_REFUNDED'
  | 'CANCEL_REFUSED'
  | 'RETURN_APPROVED'
  | 'RETURN_REFUSED'
  | 'RETURN_IN_MEDIATION'
  | 'REVIEW_ANSWERED'
  | 'SHOP_ORDER_PAID'
  | 'SHOP_ORDER_CANCELLED'
  | 'SHOP_CANCEL_REQUESTED'
  | 'SHOP_RETURN_REQUESTED'
  | 'SHOP_RETURN_IN_MEDIATION'
  | 'SHOP_REVIEWED'

/** Who is told what of an event: its buyer, and the owner and helpers of its shop. */
export interface Notice {
  /** The order or review that it is about. */
  readonly subjectId: string
  readonly buyerId?: string
  readonly shopId?: string
  /** Where events may say the same again, whoever causes them: it is told once. */
  readonly once?: string
  readonly toBuyer?: NoticeKind | undefined
  readonly toShop?: NoticeKind | undefined
}

/** What one side is told, and the other. */
type Told = Pick<Notice, 'toBuyer' | 'toShop'>

const ofOrder = ({ orderId: subjectId, buyerId, shopId }: OrderRef, told: Told): Notice => ({
  subjectId,
  buyerId,
  shopId,
  ...told,
})

/** Whoever takes a step knows of it; what the seller, the courier or staff must do next is told by the state of the order. */
const ofSteps: Readonly<Partial<Record<OrderStep, Told>>> = {
  CANCEL_REQUESTED: { toShop: 'SHOP_CANCEL_REQUESTED' },
  CANCEL_REFUSED: { toBuyer: 'CANCEL_REFUSED' },
  CANCEL_TOO_LATE: { toBuyer: 'CANCEL_REFUSED' },
  RETURN_REQUESTED: { toShop: 'SHOP_RETURN_REQUESTED' },
  RETURN_REFUSED: { toBuyer: 'RETURN_REFUSED' },
  MEDIATION_ASKED: { toBuyer: 'RETURN_IN_MEDIATION', toShop: 'SHOP_RETURN_IN_MEDIATION' },
}

/** A shop has been told of no order that was not paid, and knows what it has rejected itself. */
const cancelled = ({ paid, reason }: EventOf<'OrderCancelled'>['payload']): Told => ({
  toBuyer: 'ORDER_CANCELLED',
  toShop: paid && reason !== 'REJECTED_BY_SELLER' ? 'SHOP_ORDER_CANCELLED' : undefined,
})

const makers: { readonly [T in EventType]?: (payload: EventOf<T>['payload']) => Notice } = {
  OrderPaid: (order) => ofOrder(order, { toBuyer: 'ORDER_PAID', toShop: 'SHOP_ORDER_PAID' }),
  OrderAccepted: (order) => ofOrder(order, { toBuyer: 'ORDER_ACCEPTED' }),
  OrderShipped: (order) => ofOrder(order, { toBuyer: 'ORDER_SHIPPED' }),
  OrderDelivered: (order) => ofOrder(order, { toBuyer: 'ORDER_DELIVERED' }),
  OrderCancelled: (order) => ofOrder(order, cancelled(order)),
  OrderStepped: (order) => ofOrder(order, ofSteps[order.step] ?? {}),
  ReturnApproved: (order) => ofOrder(order, { toBuyer: 'RETURN_APPROVED' }),
  RefundCompleted: ({ orderId: subjectId, buyerId }) => ({ subjectId, buyerId, toBuyer: 'ORDER_REFUNDED' }),
  ReviewAnswerChanged: ({ reviewId: subjectId, answered }) => ({
    subjectId,
    ...(answered && { buyerId: answered.authorId, shopId: answered.shopId, toBuyer: 'REVIEW_ANSWERED' as const }),
    once: `answer of ${subjectId}`,
  }),
  ReviewSubmitted: ({ reviewId: subjectId, shopId }) => ({ subjectId, shopId, toShop: 'SHOP_REVIEWED' }),
}

/** The events of which somebody may be told. */
export const noticed = Object.keys(makers) as readonly EventType[]

/** Who is told what of an event; undefined where nobody is told anything. */
export function noticeOf({ type, payload }: PasarEvent): Notice | undefined {
  const notice = (makers[type] as ((payload: unknown) => Notice) | undefined)?.(payload)
  return notice && (notice.toBuyer ?? notice.toShop) !== undefined ? notice : undefined
}
