import { rupiah } from '@pasar/shared/money'
import type { CartsContext } from '../context.ts'
import { availabilityOf, lineTotal, noticesOf, type Notice } from '../domain/cart.ts'
import type { CartLineResolvers, CartNoticeResolvers } from '../generated/resolvers.ts'
import { isOwn } from '../queries.ts'
import type { OwnedLine } from '../store/lines.ts'

async function resolveLine({ id }: { readonly id: string }, ctx: CartsContext): Promise<OwnedLine | null> {
  const line = await ctx.loaders.line.load(id)
  return line && isOwn(ctx, line) ? line : null
}

export const cartLineFields = {
  __resolveReference: resolveLine,
  variant: ({ variantId }) => ({ __typename: 'Variant', id: variantId }),
  product: ({ productId }) => ({ __typename: 'Product', id: productId }),
  unitPrice: ({ price }) => rupiah(price),
  lineTotal: (line) => rupiah(lineTotal(line)),
  availability: availabilityOf,
  available: ({ active, available }) => (active ? available : 0),
  notices: noticesOf,
} satisfies CartLineResolvers

const priceIn = (notice: Notice, end: 'from' | 'to') => (notice.kind === 'PRICE_CHANGED' ? rupiah(notice[end]) : null)

export const cartNoticeFields = {
  from: (notice) => priceIn(notice, 'from'),
  to: (notice) => priceIn(notice, 'to'),
} satisfies CartNoticeResolvers
