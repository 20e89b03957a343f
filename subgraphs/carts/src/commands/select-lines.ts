import { someLines } from '@pasar/shared/expectations'
import { idParser } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { BadInput, problem } from '@pasar/shared/problems'
import { changeCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import type { SelectLinesInput } from '../generated/resolvers.ts'
import { setSelected } from '../store/changes.ts'

const parseLineId = idParser('cartLine')

export function selectLines(ctx: CartsContext, input: SelectLinesInput) {
  const ids = parseLineIds(input.lineIds)
  return changeCart(ctx, input, ({ cart, lines }) => {
    const own = new Set(lines.map(({ id }) => id))
    const unknown = ids.find((id) => !own.has(id))
    if (unknown !== undefined) return problem('CartLineNotFound', { lineId: unknown })
    const { selected } = input
    return {
      write: setSelected(ids, selected),
      result: { __typename: 'SelectLinesSuccess', cartId: cart.id } as const,
      after: { lines: lines.map((line) => (ids.includes(line.id) ? { ...line, selected } : line)) },
    }
  })
}

function parseLineIds(raw: readonly string[]): string[] {
  if (raw.length === 0 || raw.length > limits.cartLinesMax) throw new BadInput('lineIds', someLines(limits.cartLinesMax))
  return [...new Set(raw.map((id) => parseLineId(id, 'lineIds')))]
}
