import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { changeCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import type { RemoveLineInput } from '../generated/resolvers.ts'
import { removeLine as remove } from '../store/changes.ts'

const parseLineId = idParser('cartLine')

export function removeLine(ctx: CartsContext, input: RemoveLineInput) {
  const lineId = parseLineId(input.lineId, 'lineId')
  return changeCart(ctx, input, ({ cart, lines, groups }) => {
    const line = lines.find(({ id }) => id === lineId)
    if (!line) return problem('CartLineNotFound', { lineId })
    const rest = lines.filter((each) => each !== line)
    const isLast = !rest.some(({ groupId }) => groupId === line.groupId)
    return {
      write: remove(lineId, isLast ? line.groupId : null),
      result: { __typename: 'RemoveLineSuccess', cartId: cart.id } as const,
      after: { lines: rest, groups: groups.filter(({ id }) => !isLast || id !== line.groupId) },
    }
  })
}
