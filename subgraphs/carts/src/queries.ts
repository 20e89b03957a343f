import { isAccount } from '@pasar/shared/identity/viewer'
import { isOpen, ownerFor } from './change-cart.ts'
import type { CartsContext } from './context.ts'
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

/** Whether the viewer is the account whose cart a row belongs to. References carry no token, so guests see nothing through them. */
export const isOwn = ({ viewer }: CartsContext, { accountId }: { readonly accountId: string | null }): boolean =>
  isAccount(viewer, accountId)
