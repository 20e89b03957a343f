import { runCommand } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import type { Texts } from '@pasar/shared/locale'
import { isRefusal, NotSignedIn, problem, type Problem } from '@pasar/shared/problems'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { sendWithin, type Send } from '@pasar/shared/postgres/statement'
import { ifStale, type Stale } from '@pasar/shared/subgraph/versions'
import type { CartsContext } from './context.ts'
import { guestCartDays } from './domain/cart.ts'
import { addCart, lockCart, type CartOwner, type CartRow } from './store/carts.ts'
import { changeAsRead, type Write } from './store/changes.ts'
import { findContentOf, type Content } from './store/content.ts'
import { hashCartToken } from './token.ts'

/** The part of a mutation's input that says which cart is meant. */
export interface CartTarget {
  readonly cartToken?: string | null | undefined
  readonly expectedVersion?: number | null | undefined
  /** The variant whose listing is read beside the cart. */
  readonly variantBeside?: string
}

export type CartNotFound = Problem<'CartNotFound', object>
export type StaleCart = Stale<'StaleCart'>
export type CartBeingCheckedOut = Problem<'CartBeingCheckedOut', { checkoutId: string }>

/** Why a cart cannot be changed. */
export type CartRefused = CartNotFound | StaleCart | CartBeingCheckedOut

/** A success says which cart it changed. */
export interface InCart {
  readonly cartId: string
}

/** A success that says nothing else. */
export interface Changed<T extends string> extends InCart {
  readonly __typename: T
}

/** The cart that a guest's has gone into, and the variants that did not fit. */
export interface MergedCart extends InCart {
  readonly leftOut: readonly string[]
}

/** A cart that may be changed, as it was read. */
export type OpenCart = Content

/** What a change writes and answers, and what the cart has in it then; read again where that is not said. */
export interface CartChange<R> {
  readonly write: Write
  readonly result: R
  readonly after?: Partial<Content>
}

/** What a change of a cart comes to: a refusal, or something to write. */
export type Decide<R, P> = (cart: OpenCart) => CartChange<R> | P | Promise<CartChange<R> | P>

const guestCartEnd = (now: Date): Date => new Date(now.getTime() + guestCartDays * 86_400_000)

const guestOrAccount: Texts = {
  id: 'Masuk dulu, atau kirim token keranjang tamu',
  en: 'Sign in, or send the token of a guest cart',
}

/** The token's cart, or the account's own. */
export function ownerFor({ viewer }: CartsContext, cartToken: string | null | undefined, field = 'cartToken'): CartOwner {
  if (cartToken != null) return { tokenHash: hashCartToken(cartToken, field) }
  if (viewer.kind !== 'account') throw new NotSignedIn(guestOrAccount)
  return { accountId: viewer.accountId }
}

/** One try of a change: on the pool, or in a transaction that has the cart to itself. */
interface Try {
  readonly owner: CartOwner
  readonly expectedVersion: number | null
  readonly variantBeside: string | undefined
  readonly now: Date
  readonly db: SqlSeam
  readonly send: Send
}

/**
 * Changes one cart: it is read, and what was decided is written if it still has the version that was read, so changes of the same cart
 * follow each other and each takes the next version. What loses against another change, and the first one of an account's cart, is done
 * in a transaction that holds the cart from the beginning. Refusals change nothing.
 */
export async function changeCart<R extends object, P extends object>(
  ctx: CartsContext,
  target: CartTarget,
  decide: Decide<R, P>,
): Promise<R | P | CartRefused> {
  const owner = ownerFor(ctx, target.cartToken)
  const { expectedVersion = null, variantBeside } = target
  const wish = { owner, expectedVersion, variantBeside, now: ctx.clock.now() }
  const first = await tryChange(ctx, { ...wish, db: ctx.db, send: ctx.send }, decide)
  if (first !== undefined) return first
  return runCommand(ctx.transaction, async (tx) => {
    await takeCart(tx, wish)
    const second = await tryChange(ctx, { ...wish, db: tx, send: sendWithin(tx) }, decide)
    return second ?? problem('CartNotFound', {})
  })
}

/** Has the cart to itself; an account's own is made when it is first used. */
async function takeCart(tx: SqlSeam, { owner, now }: Pick<Try, 'owner' | 'now'>): Promise<void> {
  if ('accountId' in owner) await addCart(tx, { id: newId('cart'), owner, now, expiresAt: null })
  await lockCart(tx, owner)
}

/** The outcome; undefined where the cart is not there yet, or was changed after it was read. */
async function tryChange<R extends object, P extends object>(
  { loaders }: CartsContext,
  { owner, expectedVersion, variantBeside, now, db, send }: Try,
  decide: Decide<R, P>,
): Promise<R | P | CartRefused | undefined> {
  const content = await findContentOf(db, owner, variantBeside)
  if (!content && 'accountId' in owner) return undefined
  const refused = whyNot(content?.cart, now, expectedVersion)
  if (refused) return refused
  const change = await decide(content!)
  if (isRefusal(change)) return change as P
  const { write, result, after } = change as CartChange<R>
  const expiresAt = guestCartEnd(now)
  if (!(await changeAsRead(send, content!.cart, { ...write, now, expiresAt }))) return undefined
  if (after) loaders.know({ ...content!, ...after, cart: nextVersion(after.cart ?? content!.cart, expiresAt) })
  return result
}

const nextVersion = (cart: CartRow, end: Date): CartRow => ({
  ...cart,
  version: cart.version + 1,
  expiresAt: cart.expiresAt && end,
})

/** Why a cart cannot be changed, if it cannot. */
export function whyNot(cart: CartRow | undefined, now: Date, expectedVersion: number | null): CartRefused | undefined {
  if (!cart || !isOpen(cart, now)) return problem('CartNotFound', {})
  if (cart.lockedBy !== null) return problem('CartBeingCheckedOut', { checkoutId: cart.lockedBy })
  return ifStale('StaleCart', cart, expectedVersion)
}

/** Whether a cart has neither been merged nor expired. */
export const isOpen = ({ mergedInto, expiresAt }: CartRow, now: Date): boolean =>
  mergedInto === null && (expiresAt === null || expiresAt > now)
