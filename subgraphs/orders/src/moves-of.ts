import { isCancellable, type Checkout } from './domain/checkout.ts'
import type { Order } from './domain/order.ts'
import type { OrderMove } from './domain/transition.ts'

/** The moves of an order that its checkout leaves open: an unpaid order ends with its checkout, as long as that can be cancelled. */
export async function movesOf(
  { checkoutId }: Order,
  moves: readonly OrderMove[],
  checkoutOf: (id: string) => Promise<Checkout | null | undefined>,
): Promise<readonly OrderMove[]> {
  if (!moves.includes('CANCEL_CHECKOUT')) return moves
  const checkout = await checkoutOf(checkoutId)
  return checkout && isCancellable(checkout) ? moves : moves.filter((move) => move !== 'CANCEL_CHECKOUT')
}
