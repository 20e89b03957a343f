import { idParser } from '@pasar/shared/ids'
import type { CartsDeps } from '../context.ts'
import type { CartsClearInput } from '../generated/resolvers.ts'
import { endLock } from '../store/locks.ts'

const parseCheckoutId = idParser('checkout')

export async function cartsClear({ send, clock }: CartsDeps, input: CartsClearInput) {
  const checkoutId = parseCheckoutId(input.checkoutId, 'checkoutId')
  await endLock(send, { checkoutId, state: 'CLEARED', now: clock.now() })
  return { checkoutId }
}
