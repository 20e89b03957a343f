import type { Resolvers } from '@pasar/shared/subgraph-schema'
import { cartFields, cartGroupFields } from './resolvers/cart.ts'
import { cartLineFields, cartNoticeFields } from './resolvers/line.ts'
import { mutations, successFields } from './resolvers/mutations.ts'
import type { CartsContext } from './context.ts'
import { findCart, isOwn, wantedOf, type CartsWantedInput } from './queries.ts'

export const resolvers: Resolvers = {
  Query: {
    cart: (_: unknown, { token }: { token?: string | null }, ctx: CartsContext) => findCart(ctx, token),
    cartsWanted: (_: unknown, { input }: { input: CartsWantedInput }, ctx: CartsContext) => wantedOf(ctx, input),
  },
  Mutation: mutations,
  User: {
    cart: ({ id }: { id: string }, _: unknown, ctx: CartsContext) => (isOwn(ctx, { accountId: id }) ? findCart(ctx, null) : null),
  },
  Cart: cartFields,
  CartGroup: cartGroupFields,
  CartLine: cartLineFields,
  CartNotice: cartNoticeFields,
  ...successFields,
}
