import { afterId, connection, parsePage, type PageArguments } from '@pasar/shared/subgraph/page'
import { findDistrict, findRegency } from '@pasar/shared/regions'
import { isAccount } from '@pasar/shared/identity/viewer'
import { mayReadAccount, mayReadMembers, mayReadOwner, readableAddress, type PresentAccount, type UserSource } from '../access.ts'
import type { UsersContext } from '../context.ts'
import { regencyCodeOf } from '../domain/address.ts'
import { displayNameOf } from '../domain/person.ts'
import { roleNamesOf } from '../domain/roles.ts'
import type {
  AddressResolvers,
  AuditEntryResolvers,
  ShopMemberResolvers,
  ShopResolvers,
  UserResolvers,
} from '../generated/resolvers.ts'
import { languageOf } from '../language.ts'
import { listNotifications, type NotificationArguments } from '../notifications.ts'
import { countUnread } from '../store/notifications.ts'

type Read<T, A> = (account: PresentAccount, ctx: UsersContext, args: A) => Promise<T> | T

/** A field that is null for everyone but the account's owner and staff. */
const ofOwner =
  <T, A = unknown>(read: Read<T, A>) =>
  async (account: UserSource, args: A, ctx: UsersContext) =>
    'email' in account && (await mayReadAccount(ctx, account)) ? read(account, ctx, args) : null

/** A field that is null for everyone but the account itself. */
const ofSelf =
  <T, A = unknown>(read: Read<T, A>) =>
  (account: UserSource, args: A, ctx: UsersContext) =>
    'email' in account && isAccount(ctx.viewer, account.id) ? read(account, ctx, args) : null

const stateOf = ({ suspendedAt }: { readonly suspendedAt: Date | null }) => (suspendedAt ? 'SUSPENDED' : 'ACTIVE')

const User = {
  __resolveReference: ({ id }, { loaders }) => loaders.accountById.load(id),
  displayName: ({ name, disclosed }, _, { viewer }) =>
    name === undefined || (viewer.kind === 'guest' && !disclosed) ? null : displayNameOf(name),
  name: ofOwner(({ name }) => name),
  email: ofOwner(({ email }) => email),
  emailVerified: ofOwner(({ emailVerified }) => emailVerified === true),
  phone: ofOwner(({ phone }) => phone),
  language: ofOwner(({ language }) => languageOf(language)),
  roles: ofOwner(async ({ id, roles, shopCount }, { loaders }) =>
    roleNamesOf(roles, shopCount || (await loaders.helpedShopsOf.load(id)).length),
  ),
  state: ofOwner(stateOf),
  registeredAt: ofOwner(({ createdAt }) => createdAt),
  addresses: ofOwner(async ({ id }, { loaders }, paging: PageArguments) => {
    const page = parsePage(paging, 1)
    const after = afterId(page) ?? ''
    const book = await loaders.addressBook.load(id)
    return connection(
      book.filter((address) => address.id > after),
      page,
      (address) => [address.id],
    )
  }),
  defaultAddress: ofOwner(
    async ({ id }, { loaders }) => (await loaders.addressBook.load(id)).find(({ isDefault }) => isDefault) ?? null,
  ),
  shops: ofOwner(({ id }, { loaders }) => loaders.shopsOf.load(id)),
  helpedShops: ofOwner(async ({ id }, { loaders }) => {
    const shops = await Promise.all((await loaders.helpedShopsOf.load(id)).map((helped) => loaders.shopById.load(helped.id)))
    return shops.filter((shop) => shop !== null)
  }),
  notifications: ofSelf(({ id }, ctx, args: NotificationArguments) => listNotifications(ctx, id, args)),
  unreadNotifications: ofSelf(({ id }, { db }) => countUnread(db, id)),
} satisfies UserResolvers

const Address = {
  __resolveReference: async ({ id }, ctx) => readableAddress(ctx, await ctx.loaders.addressById.load(id)),
  district: ({ districtCode }) => findDistrict(districtCode)!,
  regencyCode: ({ districtCode }) => regencyCodeOf(districtCode),
} satisfies AddressResolvers

const Shop = {
  __resolveReference: ({ id }, { loaders }) => loaders.shopById.load(id),
  regency: ({ regencyCode }) => findRegency(regencyCode)!,
  state: stateOf,
  openedAt: ({ createdAt }) => createdAt,
  owner: ({ ownerId }, _, ctx) => (mayReadOwner(ctx, ownerId) ? ctx.loaders.accountById.load(ownerId) : null),
  members: async (shop, _, ctx) => ((await mayReadMembers(ctx, shop)) ? ctx.loaders.membersOf.load(shop.id) : null),
  invitations: ({ id, ownerId }, _, ctx) => (isAccount(ctx.viewer, ownerId) ? ctx.loaders.invitationsTo.load(id) : null),
} satisfies ShopResolvers

const ShopMember = {
  account: async ({ accountId }, _, { loaders }) => (await loaders.accountById.load(accountId)) ?? { id: accountId },
} satisfies ShopMemberResolvers

/** An actor whose account is not here is still named by id. */
const AuditEntry = {
  actor: async ({ actorId }, _, { loaders }) => (await loaders.accountById.load(actorId)) ?? { id: actorId },
} satisfies AuditEntryResolvers

/** Entities and what belongs to them. */
export const entityResolvers = { User, Address, Shop, ShopMember, AuditEntry }
