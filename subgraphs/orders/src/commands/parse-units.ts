import { someLines, wholeNumber } from '@pasar/shared/expectations'
import { idParser } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { BadInput } from '@pasar/shared/problems'
import type { Units } from '../domain/refund-plan.ts'

const parseOrderLineId = idParser('orderLine')

/** Units of lines as a person names them: each line once, at least one. */
export function parseUnits(raw: readonly Units[]): Units[] {
  if (raw.length === 0 || raw.length > limits.cartLinesMax) throw new BadInput('lines', someLines(limits.cartLinesMax))
  const units = raw.map(({ orderLineId, quantity }) => ({
    orderLineId: parseOrderLineId(orderLineId, 'lines.orderLineId'),
    quantity: parseQuantity(quantity),
  }))
  if (new Set(units.map(({ orderLineId }) => orderLineId)).size < units.length)
    throw new BadInput('lines', { id: 'setiap baris satu kali', en: 'each line once' })
  return units.toSorted((a, b) => (a.orderLineId < b.orderLineId ? -1 : 1))
}

function parseQuantity(quantity: number): number {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > limits.cartQuantityMax)
    throw new BadInput('lines.quantity', wholeNumber(1, limits.cartQuantityMax))
  return quantity
}
