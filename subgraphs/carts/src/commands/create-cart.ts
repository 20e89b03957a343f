import { newId } from '@pasar/shared/ids'
import { guestCartEnd } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { addCart } from '../store/carts.ts'
import { hashCartToken, newCartToken } from '../token.ts'

export async function createCart({ db, clock }: CartsContext) {
  const [id, cartToken, now] = [newId('cart'), newCartToken(), clock.now()]
  await addCart(db, { id, owner: { tokenHash: hashCartToken(cartToken) }, now, expiresAt: guestCartEnd(now) })
  return { __typename: 'CreateCartSuccess', cartId: id, cartToken } as const
}
