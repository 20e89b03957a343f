import { idParser } from '@pasar/shared/ids'
import type { ProductsDeps } from '../context.ts'
import { releaseHeld } from '../store/settle.ts'
import { restock } from './restock-order.ts'

/** Gives the units of a checkout back from whatever state, and keeps a reserve of it that comes late out. */
export async function releaseStock(deps: ProductsDeps, input: { readonly checkoutId: string }) {
  const checkoutId = idParser('checkout')(input.checkoutId, 'checkoutId')
  for (;;) {
    const { done, state } = await releaseHeld(deps.send, checkoutId, deps.clock.now())
    if (done || state === 'RELEASED' || state === 'EXPIRED') return { __typename: 'ProductsReleased', checkoutId } as const
    // The compensation of a sale. In any other state somebody else has just moved it, and the next look shows how.
    if (state === 'CONFIRMED')
      await deps.transaction((tx) => restock(tx, deps.clock, { checkoutId, units: null, reference: null }))
  }
}
