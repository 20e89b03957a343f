import { timeAfter } from '@pasar/shared/expectations'
import { idParser } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { connection, parsePage, type PageArguments } from '@pasar/shared/subgraph/page'
import { BadInput, NotSignedIn } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import { readableAddress } from './access.ts'
import { recordAct } from './audit.ts'
import type { UsersContext } from './context.ts'
import { parseText } from './domain/text.ts'
import type { AuditFilter } from './generated/resolvers.ts'
import { parseSecret, secretHash } from './secrets.ts'
import { searchAccounts } from './store/accounts.ts'
import { findAuditEntries } from './store/audit.ts'
import type { AccountRow, ShopRow } from './store/database.ts'
import { sessionsThatGoOn } from './store/sessions.ts'
import { findInvited } from './store/shop-members.ts'
import { searchShops } from './store/shops.ts'

const parseSearch = (search: string | null | undefined) =>
  search == null || search.trim() === '' ? undefined : parseText(search, { field: 'search', max: limits.nameCharactersMax })

const byId = ({ id }: { readonly id: string }) => [id]

/** The account that asks; a token may outlive its account by minutes. */
export async function findMe({ viewer, loaders }: UsersContext): Promise<AccountRow> {
  const account = await loaders.accountById.load(requireAccount(viewer).accountId)
  if (!account) throw new NotSignedIn()
  return account
}

/** An address of the account that asks. */
export async function findAddress(ctx: UsersContext, raw: string) {
  return readableAddress(ctx, await ctx.loaders.addressById.load(idParser('address')(raw)))
}

/** The shop that the token of an invitation leads to. */
export async function findInvitingShop({ db, clock, loaders }: UsersContext, token: string): Promise<ShopRow | null> {
  const shopId = await findInvited(db, secretHash(parseSecret(token, 'token')), clock.now())
  return shopId === undefined ? null : loaders.shopById.load(shopId)
}

/** A page of shops that may sell. */
export async function listShops(
  { db }: UsersContext,
  { search, ...paging }: PageArguments & { readonly search?: string | null },
) {
  const page = parsePage(paging, 1)
  return connection(await searchShops(db, parseSearch(search), page), page, byId)
}

/** A page of accounts, for staff; what was looked for is not kept, who was found is (see loaders). */
export async function listUsers(
  { db, clock, viewer }: UsersContext,
  { search, ...paging }: PageArguments & { readonly search?: string | null },
) {
  const page = parsePage(paging, 1)
  const wanted = parseSearch(search)
  await recordAct(db, clock, { actor: requireAccount(viewer), action: 'user.search', subjectId: 'users', reason: null })
  return connection(await searchAccounts(db, wanted, page), page, byId)
}

/** An account, for staff; goes into the audit log also when nothing private of it is asked for. */
export async function findUser({ loaders }: UsersContext, raw: string): Promise<AccountRow | null> {
  const account = await loaders.accountById.load(idParser('account')(raw))
  if (account) await loaders.userRead.load(account.id)
  return account
}

function conditionsOf({ actorId, subjectId, action, from, to }: AuditFilter) {
  if (from && to && from >= to) throw new BadInput('filter.to', timeAfter('filter.from'))
  return {
    actorId: actorId == null ? undefined : idParser('account')(actorId, 'filter.actorId'),
    subjectId: subjectId == null ? undefined : parseText(subjectId, { field: 'filter.subjectId', max: 100 }),
    action: action == null ? undefined : parseText(action, { field: 'filter.action', max: 100 }),
    from: from ?? undefined,
    to: to ?? undefined,
  }
}

/** A page of the audit log, for admins. */
export async function listAuditEntries(
  { db }: UsersContext,
  { filter, ...paging }: PageArguments & { readonly filter?: AuditFilter | null },
) {
  const page = parsePage(paging)
  const entries = await findAuditEntries(db, conditionsOf(filter ?? {}), page)
  return connection(entries, page, ({ occurredAt, id }) => [occurredAt.toISOString(), id])
}

/** More than this is asked in several parts. */
const sessionsAtOnceMax = 500

/** Those of some sessions that go on no longer. */
export async function endedSessions({ db, clock }: UsersContext, ids: readonly string[]): Promise<string[]> {
  if (ids.length > sessionsAtOnceMax)
    throw new BadInput('ids', { id: `paling banyak ${sessionsAtOnceMax} id`, en: `at most ${sessionsAtOnceMax} ids` })
  const open = new Set(await sessionsThatGoOn(db, ids, clock.now()))
  return ids.filter((id) => !open.has(id))
}
