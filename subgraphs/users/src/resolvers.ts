import type { Complete } from '@pasar/shared/subgraph/resolvers'
import type { Resolvers, ResolversParentTypes } from './generated/resolvers.ts'
import { entityResolvers } from './resolvers/entities.ts'
import { mutationResolvers } from './resolvers/mutations.ts'
import { notificationResolvers } from './resolvers/notifications.ts'
import { queryResolvers } from './resolvers/queries.ts'
import { resultResolvers } from './resolvers/results.ts'
import { subscriptionResolvers } from './resolvers/subscriptions.ts'

/** The users SDL, field by field. */
export const resolvers = {
  ...queryResolvers,
  ...mutationResolvers,
  ...subscriptionResolvers,
  ...entityResolvers,
  ...notificationResolvers,
  ...resultResolvers,
} satisfies Complete<Resolvers, ResolversParentTypes>
