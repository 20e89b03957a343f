import { runCommand } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import type { Texts } from '@pasar/shared/locale'
import { isRefusal, NotSignedIn, problem, type Problem } from '@pasar/shared/problems'
import type { Stale } from '@pasar/shared/versions'
import type { CartsContext } from './context.ts'
import { guestCartDays } from './domain/cart.ts'
import { addCart, findCartOf, holdCart, type CartOwner, type CartRow } from './store/carts.ts'
import type { Tx } from './store/client.ts'
import { hashCartToken } from './token.ts'

/** The part of a mutation's input that says which cart is meant. */
export interface CartTarget {
  readonly cartToken?: string | null | undefined
  readonly expectedVersion?: number | null | undefined
}

export type CartNotFound = Problem<'CartNotFound', object>
export type StaleCart = Stale<'StaleCart'>
export type CartBeingCheckedOut = Problem<'CartBeingCheckedOut', { checkoutId: string }>

/** Why a cart cannot be changed. */
export type CartRefused = CartNotFound | StaleCart | CartBeingCheckedOut

/** A cart that this transaction may change. */
export interface HeldCart {
  readonly tx: Tx
  readonly cart: CartRow
  readonly now: Date
}

export const guestCartEnd = (now: Date): Date => new Date(now.getTime() + guestCartDays * 86_400_000)

const guestOrAccount: Texts = {
  id: 'Masuk dulu, atau kirim token keranjang tamu',
  en: 'Sign in, or send the token of a guest cart',
}

/** The token's cart, or the account's own. */
export function ownerOf({ viewer }: CartsContext, cartToken: string | null | undefined, field = 'cartToken'): CartOwner {
  if (cartToken != null) return { tokenHash: hashCartToken(cartToken, field) }
  if (viewer.kind !== 'account') throw new NotSignedIn(guestOrAccount)
  return { accountId: viewer.accountId }
}

/** An account's own cart is made when it is first used. */
export async function ensureCart(tx: Tx, owner: CartOwner, now: Date): Promise<void> {
  if ('accountId' in owner) await addCart(tx, { id: newId('cart'), owner, now, expiresAt: null })
}

/** Runs a change of one cart: changes of the same cart follow each other, each takes the next version, refusals change nothing. */
export function changeCart<R extends object>(
  ctx: CartsContext,
  target: CartTarget,
  work: (held: HeldCart) => Promise<R>,
): Promise<R | CartRefused> {
  const owner = ownerOf(ctx, target.cartToken)
  ctx.loaders.clear()
  return runCommand<Tx, R | CartRefused>(ctx.transaction, async (tx) => {
    const now = ctx.clock.now()
    await ensureCart(tx, owner, now)
    const cart = await hold(tx, { owner, expectedVersion: target.expectedVersion ?? null, now })
    return isRefusal(cart) ? (cart as CartRefused) : work({ tx, cart: cart as CartRow, now })
  })
}

/** Takes the cart for a change, or says why not. */
export async function hold(
  tx: Tx,
  request: { owner: CartOwner; expectedVersion: number | null; now: Date },
): Promise<CartRow | CartRefused> {
  const held = await holdCart(tx, { ...request, expiresAt: guestCartEnd(request.now) })
  return held ?? whyNot(await findCartOf(tx, request.owner), request.now)
}

function whyNot(cart: CartRow | undefined, now: Date): CartRefused {
  if (!cart || !isOpen(cart, now)) return problem('CartNotFound', {})
  if (cart.lockedBy !== null) return problem('CartBeingCheckedOut', { checkoutId: cart.lockedBy })
  return problem('StaleCart', { version: cart.version })
}

/** Whether a cart has neither been merged nor expired. */
export const isOpen = ({ mergedInto, expiresAt }: CartRow, now: Date): boolean =>
  mergedInto === null && (expiresAt === null || expiresAt > now)
