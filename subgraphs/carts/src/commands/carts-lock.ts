import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import type { SqlSeam } from '@pasar/shared/seam'
import type { CartsDeps } from '../context.ts'
import { freeze, wasFrozen } from '../domain/lock.ts'
import { findCarts, type CartRow } from '../store/carts.ts'
import { findContents } from '../store/content.ts'
import { addLock, findLock, keepContent, takeCart } from '../store/locks.ts'

interface CartsLockInput {
  readonly checkoutId: string
  readonly accountId: string
  readonly cartId: string
  readonly expectedVersion: number
}

const parse = { checkoutId: idParser('checkout'), accountId: idParser('account'), cartId: idParser('cart') }

/** The row of the lock is the record of the command: the first word of a checkout about its cart decides, repeats get its outcome. */
export function cartsLock({ transaction, clock }: CartsDeps, input: CartsLockInput) {
  const checkoutId = parse.checkoutId(input.checkoutId, 'checkoutId')
  const take = {
    checkoutId,
    accountId: parse.accountId(input.accountId, 'accountId'),
    cartId: parse.cartId(input.cartId, 'cartId'),
  }
  return runCommand(transaction, async (tx: SqlSeam) => {
    if (!(await addLock(tx, { checkoutId, state: 'LOCKED', now: clock.now() }))) return repeated(tx, checkoutId)
    const cart = await takeCart(tx, take)
    if (!cart) return whyNot(tx, take)
    if (cart.version !== input.expectedVersion) return problem('CartsChanged', { version: cart.version })
    return freezeCart(tx, cart, checkoutId)
  })
}

async function repeated(tx: SqlSeam, checkoutId: string) {
  const { state, content } = await findLock(tx, checkoutId)
  return content === null || state === 'RELEASED' ? problem('CartsLockGone', {}) : locked(content)
}

async function whyNot(tx: SqlSeam, { cartId, accountId }: { cartId: string; accountId: string }) {
  const [cart] = await findCarts(tx, [cartId])
  if (cart?.accountId !== accountId) return problem('CartsUnknown', {})
  return problem('CartsBusy', { checkoutId: cart.lockedBy! })
}

async function freezeCart(tx: SqlSeam, { id, addressId }: CartRow, checkoutId: string) {
  const { lines, groups } = (await findContents(tx, [id]))[0]!
  const frozen = freeze({ cartId: id, addressId, lines, groups })
  if (!wasFrozen(frozen)) return frozen
  await keepContent(tx, checkoutId, frozen)
  return locked(frozen)
}

const locked = <T extends object>(content: T) => ({ ...content, __typename: 'CartsLocked' as const })
