import { rupiah } from '@pasar/shared/money'
import type { CartsContext } from '../context.ts'
import { availabilityOf, lineTotal, noticesOf, type Line, type Notice } from '../domain/cart.ts'
import { isOwn } from '../queries.ts'
import type { OwnedLine } from '../store/lines.ts'

async function resolveLine({ id }: { readonly id: string }, ctx: CartsContext): Promise<OwnedLine | null> {
  const line = await ctx.loaders.line.load(id)
  return line && isOwn(ctx, line) ? line : null
}

export const cartLineFields = {
  __resolveReference: resolveLine,
  variant: ({ variantId }: Line) => ({ __typename: 'Variant', id: variantId }),
  product: ({ productId }: Line) => ({ __typename: 'Product', id: productId }),
  unitPrice: ({ price }: Line) => rupiah(price),
  lineTotal: (line: Line) => rupiah(lineTotal(line)),
  availability: availabilityOf,
  available: ({ active, available }: Line) => (active ? available : 0),
  notices: noticesOf,
}

const priceIn = (notice: Notice, end: 'from' | 'to') => (notice.kind === 'PRICE_CHANGED' ? rupiah(notice[end]) : null)

export const cartNoticeFields = {
  from: (notice: Notice) => priceIn(notice, 'from'),
  to: (notice: Notice) => priceIn(notice, 'to'),
}
