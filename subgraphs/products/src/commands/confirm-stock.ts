import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import type { ProductsDeps } from '../context.ts'
import { confirmHeld } from '../store/settle.ts'

/** Takes the reserved units of a checkout out of stock for good. The reservation's state makes a repeat harmless. */
export async function confirmStock({ send, clock }: ProductsDeps, input: { readonly checkoutId: string }) {
  const checkoutId = idParser('checkout')(input.checkoutId, 'checkoutId')
  for (;;) {
    const found = await confirmHeld(send, checkoutId, clock.now())
    if (found && (found.done || found.state === 'CONFIRMED')) {
      return { __typename: 'ProductsConfirmed', reservationId: found.id } as const
    }
    // Held and not ours: somebody else has just moved it, and the next look shows how.
    if (found?.state !== 'HELD') return problem('ProductsReservationGone', {})
  }
}
