import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { changeCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { parseQuantity, withQuantity } from '../domain/cart.ts'
import type { ChangeQuantityInput } from '../generated/resolvers.ts'
import { setQuantity } from '../store/changes.ts'

const parseLineId = idParser('cartLine')

export function changeQuantity(ctx: CartsContext, input: ChangeQuantityInput) {
  const lineId = parseLineId(input.lineId, 'lineId')
  const quantity = parseQuantity(input.quantity)
  return changeCart(ctx, input, ({ cart, lines }) => {
    const line = lines.find(({ id }) => id === lineId)
    if (!line) return problem('CartLineNotFound', { lineId })
    const { variantId, active, available } = line
    if (!active) return problem('VariantNotSold', { variantId })
    if (quantity > available) return problem('NotEnoughStock', { variantId, available })
    const changed = withQuantity(line, quantity)
    return {
      write: setQuantity(changed),
      result: { __typename: 'ChangeQuantitySuccess', cartId: cart.id, lineId } as const,
      after: { lines: lines.map((each) => (each === line ? changed : each)) },
    }
  })
}
