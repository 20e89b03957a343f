import { changeCart, type Changed } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import type { AcknowledgeChangesInput } from '../generated/resolvers.ts'
import { acknowledgeLines } from '../store/changes.ts'

export const acknowledgeChanges = (ctx: CartsContext, input: AcknowledgeChangesInput) =>
  changeCart<Changed<'AcknowledgeChangesSuccess'>, never>(ctx, input, ({ cart }) => ({
    write: acknowledgeLines(),
    result: { __typename: 'AcknowledgeChangesSuccess', cartId: cart.id },
  }))
