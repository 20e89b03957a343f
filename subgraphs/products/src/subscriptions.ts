import type { EventOf } from '@pasar/schema/events'
import { idParser } from '@pasar/shared/ids'
import { mapValues } from '@pasar/shared/flow/iterators'
import { followEvents, liveCursor, parseLiveCursor } from '@pasar/shared/events/live'
import { rupiah, type Money } from '@pasar/shared/money'
import { BadInput } from '@pasar/shared/problems'
import type { ProductsContext } from './context.ts'
import { bounds } from './domain/bounds.ts'
import { optionally, parseList } from './domain/input.ts'
import { findProduct, referencedProduct } from './queries.ts'

/** What to follow, as a client sends it. */
export interface ListingChangedArguments {
  readonly productId: string
  readonly variantIds?: readonly string[] | null
  readonly after?: string | null
}

const parseVariants = (raw: readonly string[]) =>
  new Set<string>(parseList(raw, 'variantIds', [1, bounds.variantsMax]).map((id) => idParser('variant')(id, 'variantIds')))

/** Changes of price and stock of one product's variants. */
export async function listingChanged(ctx: ProductsContext, { productId: rawId, variantIds, after }: ListingChangedArguments) {
  const key = idParser('product')(rawId, 'productId')
  const position = parseLiveCursor(after)
  const only = optionally(variantIds, parseVariants)
  // Whoever comes back may have missed that it was taken off sale.
  if (!(await (position === undefined ? findProduct : referencedProduct)(ctx, key)))
    throw new BadInput('productId', { id: 'produk yang sedang dijual', en: 'a product that is on sale' })
  const events = await followEvents(ctx.live, {
    key,
    after: position,
    accept: ({ type, aggregateId }) => type === 'ListingChanged' && (only?.has(aggregateId) ?? true),
  })
  return mapValues(events, (event) => frame(event as EventOf<'ListingChanged'>))
}

/** One frame of listingChanged, before the rest of its fields is read. */
export interface ListingFrame {
  readonly cursor: string
  readonly occurredAt: Date
  readonly variantId: string
  readonly productId: string
  readonly active: boolean
  readonly price: Money | null
  readonly available: number
}

/** Price and stock are those of the event, so that a frame needs no statement; off sale they are nobody's business. */
const frame = (event: EventOf<'ListingChanged'>): ListingFrame => {
  const { variantId, productId, active, price, available } = event.payload
  const occurredAt = new Date(event.occurredAt)
  const shown = active ? { price: rupiah(price), available } : { price: null, available: 0 }
  return { cursor: liveCursor(event), occurredAt, variantId, productId, active, ...shown }
}
