import type { Complete } from '@pasar/shared/subgraph/resolvers'
import type { Resolvers, ResolversParentTypes } from './generated/resolvers.ts'
import { catalogue } from './resolvers/catalogue.ts'
import { flashSales } from './resolvers/flash-sale.ts'
import { results } from './resolvers/results.ts'
import { roots } from './resolvers/roots.ts'
import { stock } from './resolvers/stock.ts'

/** The resolvers of the products graph. */
export const resolvers = { ...roots, ...catalogue, ...stock, ...flashSales, ...results } satisfies Complete<
  Resolvers,
  ResolversParentTypes
>
