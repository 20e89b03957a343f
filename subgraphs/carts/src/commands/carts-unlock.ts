import { idParser } from '@pasar/shared/ids'
import type { CartsDeps } from '../context.ts'
import { originsToLearn } from '../domain/lock.ts'
import type { CartsUnlockInput } from '../generated/resolvers.ts'
import { endLock, findLock } from '../store/locks.ts'

const parseCheckoutId = idParser('checkout')

/** A cart that showed another place than its parcels would have left from shows the true one from now on. */
export async function cartsUnlock({ db, send, clock }: CartsDeps, { checkoutId: raw, origins }: CartsUnlockInput) {
  const checkoutId = parseCheckoutId(raw, 'checkoutId')
  const content = origins?.length ? (await findLock(db, checkoutId))?.content : undefined
  const found = content ? originsToLearn(content, origins!) : []
  await endLock(send, { checkoutId, state: 'RELEASED', now: clock.now(), found })
  return { checkoutId }
}
