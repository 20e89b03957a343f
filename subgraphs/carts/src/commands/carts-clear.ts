import { idParser } from '@pasar/shared/ids'
import type { CartsDeps } from '../context.ts'
import { removeLines } from '../store/lines.ts'
import { addLock, endLock, findLock, giveBackChangedCart } from '../store/locks.ts'

const parseCheckoutId = idParser('checkout')

export function cartsClear({ transaction, clock }: CartsDeps, input: { readonly checkoutId: string }) {
  const checkoutId = parseCheckoutId(input.checkoutId, 'checkoutId')
  return transaction(async (tx) => {
    const isFirst = await addLock(tx, { checkoutId, state: 'CLEARED', now: clock.now() })
    if (isFirst || !(await endLock(tx, checkoutId, 'CLEARED'))) return { checkoutId }
    const { content } = await findLock(tx, checkoutId)
    const bought = content!.lines.map(({ lineId }) => lineId)
    await removeLines(tx, content!.cartId, bought)
    await giveBackChangedCart(tx, checkoutId)
    return { checkoutId }
  })
}
