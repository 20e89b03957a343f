import type { Complete } from '@pasar/shared/subgraph/resolvers'
import type { Resolvers, ResolversParentTypes } from './generated/resolvers.ts'
import { books } from './resolvers/books.ts'
import { entries } from './resolvers/entries.ts'
import { payments } from './resolvers/payments.ts'
import { roots } from './resolvers/roots.ts'
import { shops } from './resolvers/shops.ts'

/** The resolvers of the payments graph. */
export const resolvers = { ...roots, ...payments, ...shops, ...entries, ...books } satisfies Complete<
  Resolvers,
  ResolversParentTypes
>
