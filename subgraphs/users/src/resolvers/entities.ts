import { connection, parsePage, type PageArguments } from '@pasar/shared/page'
import { findDistrict, findRegency } from '@pasar/shared/regions'
import { mayReadAccount, mayReadOwner, readableAddress, type UserSource } from '../access.ts'
import type { UsersContext } from '../context.ts'
import { regencyCodeOf } from '../domain/address.ts'
import { displayNameOf } from '../domain/person.ts'
import { rolesOf } from '../domain/roles.ts'
import { languageOf } from '../language.ts'
import type { AddressRow, AuditRow, ShopRow } from '../store/client.ts'

type Read<T, A> = (account: UserSource, ctx: UsersContext, args: A) => T

/** A field that is null for everyone but the account's owner and staff. */
const ofOwner =
  <T, A = unknown>(read: Read<T, A>) =>
  async (account: UserSource, args: A, ctx: UsersContext) =>
    'email' in account && (await mayReadAccount(ctx, account)) ? read(account, ctx, args) : null

const stateOf = ({ suspendedAt }: { readonly suspendedAt: Date | null }) => (suspendedAt ? 'SUSPENDED' : 'ACTIVE')

const User = {
  __resolveReference: ({ id }: { id: string }, { loaders }: UsersContext) => loaders.accountById.load(id),
  displayName: ({ name, disclosed }: UserSource, _: unknown, { viewer }: UsersContext) =>
    name === undefined || (viewer.kind === 'guest' && !disclosed) ? null : displayNameOf(name),
  name: ofOwner(({ name }) => name),
  email: ofOwner(({ email }) => email),
  phone: ofOwner(({ phone }) => phone),
  language: ofOwner(({ language }) => languageOf(language)),
  roles: ofOwner(({ roles, shopCount }) => rolesOf(roles, shopCount).map((role) => role.toUpperCase())),
  state: ofOwner(stateOf),
  registeredAt: ofOwner(({ createdAt }) => createdAt),
  addresses: ofOwner(async ({ id }, { loaders }, paging: PageArguments) => {
    const page = parsePage(paging, 1)
    const after = page.after === undefined ? '' : String(page.after[0])
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
}

const Address = {
  __resolveReference: async ({ id }: { id: string }, ctx: UsersContext) =>
    readableAddress(ctx, await ctx.loaders.addressById.load(id)),
  district: ({ districtCode }: AddressRow) => findDistrict(districtCode),
  regencyCode: ({ districtCode }: AddressRow) => regencyCodeOf(districtCode),
}

const Shop = {
  __resolveReference: ({ id }: { id: string }, { loaders }: UsersContext) => loaders.shopById.load(id),
  regency: ({ regencyCode }: ShopRow) => findRegency(regencyCode),
  state: stateOf,
  openedAt: ({ createdAt }: ShopRow) => createdAt,
  owner: ({ ownerId }: ShopRow, _: unknown, ctx: UsersContext) =>
    mayReadOwner(ctx, ownerId) ? ctx.loaders.accountById.load(ownerId) : null,
}

/** An actor whose account is not here (erased, or another market's) is still named by id. */
const AuditEntry = {
  actor: async ({ actorId }: AuditRow, _: unknown, { loaders }: UsersContext) =>
    (await loaders.accountById.load(actorId)) ?? { __typename: 'User', id: actorId },
}

/** Entities and what belongs to them. */
export const entityResolvers = { User, Address, Shop, AuditEntry }
