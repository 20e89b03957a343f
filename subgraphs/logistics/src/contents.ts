import type { OrderLinePayload } from '@pasar/schema/events/orders'
import type { Booking } from './courier/client.ts'

/** Lines of an order as the courier is told of them: one of a line is worth what was paid for it. */
export const contentsOf = (lines: readonly OrderLinePayload[]): Booking['items'] =>
  lines.map(({ title, quantity, unitPrice, discount = 0 }) => ({
    name: title,
    quantity,
    value: unitPrice - Math.ceil(discount / quantity),
  }))
