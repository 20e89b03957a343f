import type { OrderLinePayload } from '@pasar/schema/events/orders'
import type { Booking } from './courier/client.ts'

/** What a parcel has in it. */
export type Contents = Booking['items']

/** Lines of an order as the courier is told of them. */
export const contentsOf = (lines: readonly OrderLinePayload[]): Contents =>
  lines.map(({ title, quantity, unitPrice }) => ({ name: title, quantity, value: unitPrice }))
