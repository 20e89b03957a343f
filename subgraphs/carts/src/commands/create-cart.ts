import { newId } from '@pasar/shared/ids'
import type { CartsContext } from '../context.ts'
import { untouchedCartDays } from '../domain/cart.ts'
import { addCart } from '../store/carts.ts'
import { hashCartToken, newCartToken } from '../token.ts'

export async function createCart({ db, clock }: CartsContext) {
  const [id, cartToken, now] = [newId('cart'), newCartToken(), clock.now()]
  const expiresAt = new Date(now.getTime() + untouchedCartDays * 86_400_000)
  await addCart(db, { id, owner: { tokenHash: hashCartToken(cartToken) }, now, expiresAt })
  return { __typename: 'CreateCartSuccess', cartId: id, cartToken } as const
}
