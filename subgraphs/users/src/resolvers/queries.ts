import { idParser } from '@pasar/shared/ids'
import { districtsOf, provinces, regenciesOf, searchRegencies } from '@pasar/shared/regions'
import { parseText } from '../domain/text.ts'
import type { QueryResolvers } from '../generated/resolvers.ts'
import {
  endedSessions,
  findAddress,
  findInvitingShop,
  findMe,
  findUser,
  listAuditEntries,
  listShops,
  listUsers,
} from '../queries.ts'
import { findVoidTokens } from '../void-tokens.ts'

const Query = {
  me: (_, __, ctx) => findMe(ctx),
  address: (_, { id }, ctx) => findAddress(ctx, id),
  shop: (_, { id }, { loaders }) => loaders.shopById.load(idParser('shop')(id)),
  shopBySlug: (_, { slug }, { loaders }) => loaders.shopBySlug.load(parseText(slug, { field: 'slug', max: 50 })),
  invitingShop: (_, { token }, ctx) => findInvitingShop(ctx, token),
  shops: (_, args, ctx) => listShops(ctx, args),
  provinces: () => provinces(),
  regencies: (_, { provinceCode }) => regenciesOf(provinceCode),
  districts: (_, { regencyCode }) => districtsOf(regencyCode),
  searchRegencies: (_, { text }) => searchRegencies(parseText(text, { field: 'text', min: 0, max: 100 })),
  users: (_, args, ctx) => listUsers(ctx, args),
  user: (_, { id }, ctx) => findUser(ctx, id),
  auditLog: (_, args, ctx) => listAuditEntries(ctx, args),
  usersVoidTokens: (_, { before }, ctx) => findVoidTokens(ctx, before),
  usersEndedSessions: (_, { ids }, ctx) => endedSessions(ctx, ids),
} satisfies QueryResolvers

/** Root fields that read. */
export const queryResolvers = { Query }
