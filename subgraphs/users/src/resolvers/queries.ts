import { idParser } from '@pasar/shared/ids'
import type { PageArguments } from '@pasar/shared/page'
import { districtsOf, provinces, regenciesOf, searchRegencies } from '@pasar/shared/regions'
import type { UsersContext } from '../context.ts'
import { parseText } from '../domain/text.ts'
import type { AuditFilter } from '../generated/resolvers.ts'
import { endedSessions, findAddress, findMe, findUser, listAuditEntries, listShops, listUsers } from '../queries.ts'

type Field<A = unknown> = (root: unknown, args: A, ctx: UsersContext) => unknown

const me: Field = (_, __, ctx) => findMe(ctx)
const address: Field<{ id: string }> = (_, { id }, ctx) => findAddress(ctx, id)
const shop: Field<{ id: string }> = (_, { id }, { loaders }) => loaders.shopById.load(idParser('shop')(id))
const shopBySlug: Field<{ slug: string }> = (_, { slug }, { loaders }) =>
  loaders.shopBySlug.load(parseText(slug, { field: 'slug', max: 50 }))
const shops: Field<PageArguments & { search?: string | null }> = (_, args, ctx) => listShops(ctx, args)
const regencies: Field<{ provinceCode: string }> = (_, { provinceCode }) => regenciesOf(provinceCode)
const districts: Field<{ regencyCode: string }> = (_, { regencyCode }) => districtsOf(regencyCode)
const search: Field<{ text: string }> = (_, { text }) => searchRegencies(parseText(text, { field: 'text', min: 0, max: 100 }))
const users: Field<PageArguments & { search?: string | null }> = (_, args, ctx) => listUsers(ctx, args)
const user: Field<{ id: string }> = (_, { id }, ctx) => findUser(ctx, id)
const auditLog: Field<PageArguments & { filter?: AuditFilter | null }> = (_, args, ctx) => listAuditEntries(ctx, args)

const usersEndedSessions: Field<{ ids: readonly string[] }> = (_, { ids }, ctx) => endedSessions(ctx, ids)

/** Root fields that read. */
export const queryResolvers = {
  Query: {
    me,
    address,
    shop,
    shopBySlug,
    shops,
    provinces: () => provinces(),
    regencies,
    districts,
    searchRegencies: search,
    users,
    user,
    auditLog,
    usersEndedSessions,
  },
}
