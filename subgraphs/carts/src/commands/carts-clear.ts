import { idParser } from '@pasar/shared/ids'
import type { CartsDeps } from '../context.ts'
import { addLock, endLock, giveBackWithoutBought } from '../store/locks.ts'

const parseCheckoutId = idParser('checkout')

export function cartsClear({ transaction, clock }: CartsDeps, input: { readonly checkoutId: string }) {
  const checkoutId = parseCheckoutId(input.checkoutId, 'checkoutId')
  return transaction(async (tx) => {
    const isFirst = await addLock(tx, { checkoutId, state: 'CLEARED', now: clock.now() })
    const held = isFirst ? undefined : await endLock(tx, checkoutId, 'CLEARED')
    if (held) await giveBackWithoutBought(tx, checkoutId, held)
    return { checkoutId }
  })
}
