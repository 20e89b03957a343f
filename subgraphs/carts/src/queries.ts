import { isOpen, ownerOf } from './change-cart.ts'
import type { CartsContext } from './context.ts'
import { findCartOf, type CartRow } from './store/carts.ts'

/** The cart of a token or, without one, of the viewer. */
export async function findCart(ctx: CartsContext, token: string | null | undefined): Promise<CartRow | null> {
  if (token == null && ctx.viewer.kind !== 'account') return null
  const cart = await findCartOf(ctx.db, ownerOf(ctx, token, 'token'))
  return cart && isOpen(cart, ctx.clock.now()) ? cart : null
}

/** Which cart checkouts look at. */
export interface CartsWantedInput {
  readonly accountId: string
  readonly cartId: string
}

/** What a cart wants to buy that no checkout holds. */
export const wantedOf = (
  { db }: CartsContext,
  { accountId, cartId }: CartsWantedInput,
): Promise<{ variantId: string; quantity: number }[]> =>
  db.$queryRawUnsafe(
    `SELECT l.variant_id AS "variantId", l.quantity FROM cart c JOIN cart_line l ON l.cart_id = c.id
     WHERE c.id = $1 AND c.account_id = $2 AND c.locked_by IS NULL AND l.selected`,
    cartId,
    accountId,
  )

/** Whether the viewer is the account whose cart a row belongs to. References carry no token, so guests see nothing through them. */
export const isOwn = ({ viewer }: CartsContext, { accountId }: { readonly accountId: string | null }): boolean =>
  viewer.kind === 'account' && viewer.accountId === accountId
