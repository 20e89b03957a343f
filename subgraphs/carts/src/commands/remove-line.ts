import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { changeCart, type CartTarget } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { removeLines } from '../store/lines.ts'

const parseLineId = idParser('cartLine')

export function removeLine(ctx: CartsContext, input: CartTarget & { readonly lineId: string }) {
  const lineId = parseLineId(input.lineId, 'lineId')
  return changeCart(ctx, input, async ({ tx, cart }) => {
    if ((await removeLines(tx, cart.id, [lineId])) === 0) return problem('CartLineNotFound', { lineId })
    return { __typename: 'RemoveLineSuccess', cartId: cart.id } as const
  })
}
