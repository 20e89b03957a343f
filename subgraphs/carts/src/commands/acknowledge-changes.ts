import { changeCart, type CartTarget } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { acknowledgeLines } from '../store/changes.ts'

export const acknowledgeChanges = (ctx: CartsContext, input: CartTarget) =>
  changeCart(ctx, input, ({ cart }) => ({
    write: acknowledgeLines(),
    result: { __typename: 'AcknowledgeChangesSuccess', cartId: cart.id } as const,
  }))
