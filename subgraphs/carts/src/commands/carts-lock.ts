import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import type { CartsDeps } from '../context.ts'
import { freeze, wasFrozen } from '../domain/lock.ts'
import type { CartsLockInput } from '../generated/resolvers.ts'
import { findContents, type Content } from '../store/content.ts'
import { addLock, findLock } from '../store/locks.ts'

const parse = { checkoutId: idParser('checkout'), accountId: idParser('account'), cartId: idParser('cart') }

/**
 * The row of the lock is the record of the command: the first word of a checkout about its cart decides, repeats get its outcome. A cart is
 * read, and locked if it still is as it was read.
 */
export async function cartsLock({ db, send, clock }: CartsDeps, input: CartsLockInput) {
  const checkoutId = parse.checkoutId(input.checkoutId, 'checkoutId')
  const accountId = parse.accountId(input.accountId, 'accountId')
  const cartId = parse.cartId(input.cartId, 'cartId')
  for (;;) {
    const [content] = await findContents(db, [cartId])
    const frozen = freezeFor(content, { accountId, expectedVersion: input.expectedVersion })
    if (wasFrozen(frozen)) {
      const { version } = content!.cart
      if (await addLock(send, { checkoutId, accountId, version, content: frozen, now: clock.now() })) return locked(frozen)
    }
    const before = await findLock(db, checkoutId)
    if (before)
      return before.content === null || before.state === 'RELEASED' ? problem('CartsLockGone', {}) : locked(before.content)
    if (!wasFrozen(frozen)) return frozen
  }
}

/** The cart's content as a checkout takes it, or why it cannot. */
function freezeFor(content: Content | undefined, asked: { readonly accountId: string; readonly expectedVersion: number }) {
  if (content?.cart.accountId !== asked.accountId) return problem('CartsUnknown', {})
  const { cart, lines, groups } = content
  if (cart.lockedBy !== null) return problem('CartsBusy', { checkoutId: cart.lockedBy })
  if (cart.version !== asked.expectedVersion) return problem('CartsChanged', { version: cart.version })
  return freeze({ cartId: cart.id, addressId: cart.addressId, lines, groups })
}

const locked = <T extends object>(content: T) => ({ ...content, __typename: 'CartsLocked' as const })
