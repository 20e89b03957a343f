import type { Complete } from '@pasar/shared/subgraph/resolvers'
import type { Resolvers, ResolversParentTypes } from './generated/resolvers.ts'
import { entityResolvers } from './resolvers/entities.ts'
import { mutationResolvers } from './resolvers/mutations.ts'
import { queryResolvers } from './resolvers/queries.ts'
import { resultResolvers } from './resolvers/results.ts'

/** The users SDL, field by field. */
export const resolvers = {
  ...queryResolvers,
  ...mutationResolvers,
  ...entityResolvers,
  ...resultResolvers,
} satisfies Complete<Resolvers, ResolversParentTypes>
