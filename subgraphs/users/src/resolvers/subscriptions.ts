import { streamed } from '@pasar/shared/subgraph/resolvers'
import type { Resolvers } from '../generated/resolvers.ts'
import { followNotifications } from '../subscriptions.ts'

/** Root fields that go on. */
export const subscriptionResolvers = { Subscription: { notificationAdded: streamed(followNotifications) } } satisfies Resolvers
