import { idParser } from '@pasar/shared/ids'
import type { CartsDeps } from '../context.ts'
import { addLock, endLock, giveBackCart } from '../store/locks.ts'

const parseCheckoutId = idParser('checkout')

export function cartsUnlock({ transaction, clock }: CartsDeps, input: { readonly checkoutId: string }) {
  const checkoutId = parseCheckoutId(input.checkoutId, 'checkoutId')
  return transaction(async (tx) => {
    const isFirst = await addLock(tx, { checkoutId, state: 'RELEASED', now: clock.now() })
    if (!isFirst && (await endLock(tx, checkoutId, 'RELEASED'))) await giveBackCart(tx, checkoutId)
    return { checkoutId }
  })
}
