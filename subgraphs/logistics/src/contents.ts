import type { OrderLinePayload } from '@pasar/schema/events/orders'
import type { Booking } from './courier/client.ts'

/**
 * Lines of an order as the courier is told of them: all units of a line are worth what was paid for them together, so that some of them may
 * be worth a rupiah more than the others.
 */
export const contentsOf = (lines: readonly OrderLinePayload[]): Booking['items'] =>
  lines.flatMap(({ title: name, quantity, unitPrice, discount = 0 }) => {
    const paid = unitPrice * quantity - discount
    const value = Math.floor(paid / quantity)
    const dearer = paid - value * quantity
    const cheaper = { name, quantity: quantity - dearer, value }
    return dearer === 0 ? [cheaper] : [{ name, quantity: dearer, value: value + 1 }, cheaper]
  })
