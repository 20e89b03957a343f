import { isAccount } from '@pasar/shared/viewer'
import { isOpen, ownerFor } from './change-cart.ts'
import type { CartsContext } from './context.ts'
import type { CartsWantedInput } from './generated/resolvers.ts'
import type { CartRow } from './store/carts.ts'
import { findContentOf } from './store/content.ts'

/** The cart of a token or, without one, of the viewer; with what is in it, for whoever reads a cart reads on. */
export async function findCart(ctx: CartsContext, token: string | null | undefined): Promise<CartRow | null> {
  if (token == null && ctx.viewer.kind !== 'account') return null
  const content = await findContentOf(ctx.db, ownerFor(ctx, token, 'token'))
  if (!content || !isOpen(content.cart, ctx.clock.now())) return null
  ctx.loaders.know(content)
  return content.cart
}

/** What carts want to buy that no checkout holds. */
export const wantedOf = (
  { db }: CartsContext,
  { carts }: CartsWantedInput,
): Promise<{ cart: number; variantId: string; quantity: number }[]> =>
  db.$queryRawUnsafe(
    `SELECT (asked.place - 1)::integer AS cart, l.variant_id AS "variantId", l.quantity
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (cart_id, account_id, place)
     JOIN cart c ON c.id = asked.cart_id AND c.account_id = asked.account_id AND c.locked_by IS NULL
     JOIN cart_line l ON l.cart_id = c.id AND l.selected
     ORDER BY asked.place, l.variant_id, l.quantity`,
    carts.map(({ cartId }) => cartId),
    carts.map(({ accountId }) => accountId),
  )

/** Whether the viewer is the account whose cart a row belongs to. References carry no token, so guests see nothing through them. */
export const isOwn = ({ viewer }: CartsContext, { accountId }: { readonly accountId: string | null }): boolean =>
  isAccount(viewer, accountId)
