import { isAccount, isStaff } from '@pasar/shared/identity/viewer'
import type { UsersContext } from './context.ts'
import type { AccountRow, AddressRow, ShopRow } from './store/database.ts'

/** An account that is here; `disclosed` where the answer goes to its owner, who is not signed in yet when the operation begins. */
export type PresentAccount = AccountRow & { readonly disclosed?: true }

/** One that is not here: erased, or another market's. */
interface AbsentAccount {
  readonly id: string
  readonly name?: never
  readonly disclosed?: never
}

/** An account, whether it is here or not. */
export type UserSource = PresentAccount | AbsentAccount

/** Whether the viewer may read what is private to an account. Staff may, and the audit log says so before they do. */
export async function mayReadAccount(ctx: UsersContext, { id, disclosed }: PresentAccount): Promise<boolean> {
  if (!isStaff(ctx.viewer)) return disclosed === true || isAccount(ctx.viewer, id)
  // Their own account too, so that a page with it among others is still loaded in one go; the log leaves it out.
  await ctx.loaders.userRead.load(id)
  return true
}

/** An address, if it exists for the viewer. */
export async function readableAddress(ctx: UsersContext, address: AddressRow | null): Promise<AddressRow | null> {
  if (!address || isAccount(ctx.viewer, address.accountId)) return address
  if (!isStaff(ctx.viewer)) return null
  await ctx.loaders.addressRead.load(address.id)
  return address
}

/** Whether the viewer may know whose shop it is. */
export const mayReadOwner = (ctx: UsersContext, ownerId: string): boolean => isAccount(ctx.viewer, ownerId) || isStaff(ctx.viewer)

/** Whether the viewer may read who helps in a shop. Staff may, and the audit log says so before they do. */
export async function mayReadMembers({ viewer, loaders }: UsersContext, { id, ownerId }: ShopRow): Promise<boolean> {
  if (isAccount(viewer, ownerId)) return true
  if (!isStaff(viewer)) return false
  await loaders.membersRead.load(id)
  return true
}
