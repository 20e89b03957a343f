import type { Complete } from '@pasar/shared/subgraph/resolvers'
import type { Resolvers, ResolversParentTypes } from './generated/resolvers.ts'
import { afterSale } from './resolvers/after-sale.ts'
import { checkouts } from './resolvers/checkouts.ts'
import { orders } from './resolvers/orders.ts'
import { results } from './resolvers/results.ts'
import { roots } from './resolvers/roots.ts'
import { vouchers } from './resolvers/vouchers.ts'

/** The SDL of orders, one line per field. */
export const resolvers = { ...roots, ...checkouts, ...orders, ...afterSale, ...vouchers, ...results } satisfies Complete<
  Resolvers,
  ResolversParentTypes
>
