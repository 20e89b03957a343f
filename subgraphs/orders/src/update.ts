import type { Order } from './domain/order.ts'

/** One frame of a live stream, before its fields are read. */
export interface Update<E extends string> {
  readonly cursor: string
  readonly event: E
  readonly occurredAt: string
  /** The order or checkout that it is about. */
  readonly id: string
  /** The order, where whoever follows may see it; staff's look into it is noted once in a stream. */
  readonly visible: (order: Order | null) => Promise<Order | null>
}
