import type { Complete } from '@pasar/shared/subgraph/resolvers'
import { cartFields, cartGroupFields } from './resolvers/cart.ts'
import { cartLineFields, cartNoticeFields } from './resolvers/line.ts'
import { mutations, successFields } from './resolvers/mutations.ts'
import type { QueryResolvers, Resolvers, ResolversParentTypes, UserResolvers } from './generated/resolvers.ts'
import { findCart, isOwn } from './queries.ts'
import { findWanted } from './store/lines.ts'

const queries = {
  cart: (_, { token }, ctx) => findCart(ctx, token),
  cartsWanted: (_, { input }, ctx) => findWanted(ctx.db, input.carts),
} satisfies QueryResolvers

const userFields = {
  cart: ({ id }, _, ctx) => (isOwn(ctx, { accountId: id }) ? findCart(ctx, null) : null),
} satisfies UserResolvers

export const resolvers = {
  Query: queries,
  Mutation: mutations,
  User: userFields,
  Cart: cartFields,
  CartGroup: cartGroupFields,
  CartLine: cartLineFields,
  CartNotice: cartNoticeFields,
  ...successFields,
} satisfies Complete<Resolvers, ResolversParentTypes>
