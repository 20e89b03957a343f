import { changeCart, type CartTarget } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { acknowledgeLines } from '../store/lines.ts'

export const acknowledgeChanges = (ctx: CartsContext, input: CartTarget) =>
  changeCart(ctx, input, async ({ tx, cart }) => {
    await acknowledgeLines(tx, cart.id)
    return { __typename: 'AcknowledgeChangesSuccess', cartId: cart.id } as const
  })
