import type { OrderLinePayload } from '@pasar/schema/events/orders'
import type { Booking } from './courier/client.ts'

/** Lines of an order as the courier is told of them. */
export const contentsOf = (lines: readonly OrderLinePayload[]): Booking['items'] =>
  lines.map(({ title, quantity, unitPrice }) => ({ name: title, quantity, value: unitPrice }))
