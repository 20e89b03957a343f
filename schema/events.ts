import type { LogisticsEvents } from './events/logistics.ts'
import type { OrdersEvents } from './events/orders.ts'
import type { PaymentsEvents } from './events/payments.ts'
import type { ProductsEvents } from './events/products.ts'
import type { UsersEvents } from './events/users.ts'

/**
 * The events of the market: the only thing that two subgraphs share besides the graph. Amounts are whole rupiah as JSON integers, times
 * are ISO 8601 in UTC. A consumer meets every event at least once and must not rely on order between aggregates.
 */

/** Payload of each event by its type. */
export interface EventPayloads extends LogisticsEvents, OrdersEvents, PaymentsEvents, ProductsEvents, UsersEvents {}

/** Name of an event. */
export type EventType = keyof EventPayloads

/** An event of type T as consumers and subscribers get it. */
export interface EventOf<T extends EventType> {
  /** Unique over the market: `<domain>:<number>`. Consumers remember it. */
  readonly id: string
  readonly aggregateId: string
  /** 1, 2, 3, … without gap within one aggregate. */
  readonly seq: number
  /** Place in its domain's stream, given at publication; follows commit order. Live cursors are made of it. */
  readonly position: number
  readonly type: T
  readonly keys: readonly string[]
  readonly occurredAt: string
  readonly payload: EventPayloads[T]
}

/** Any event, told apart by `type`. */
export type PasarEvent = { [T in EventType]: EventOf<T> }[EventType]
