import type { UsersContext } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'

type Of<K extends string> = Readonly<Record<K, string>>

const account = async ({ accountId }: Of<'accountId'>, _: unknown, { loaders }: UsersContext) =>
  (await loaders.accountById.load(accountId))!
/** Whoever gets tokens for an account may read it, although the operation began as a guest's. */
const ownAccount = async (result: Of<'accountId'>, _: unknown, ctx: UsersContext) => {
  const row = await account(result, _, ctx)
  return row && { ...row, disclosed: true as const }
}
const address = async ({ addressId }: Of<'addressId'>, _: unknown, { loaders }: UsersContext) =>
  (await loaders.addressById.load(addressId))!
const shop = async ({ shopId }: Of<'shopId'>, _: unknown, { loaders }: UsersContext) => (await loaders.shopById.load(shopId))!

/** Fields of results that are read afresh. */
export const resultResolvers = {
  RegisterSuccess: { account: ownAccount },
  SignInSuccess: { account: ownAccount },
  RefreshSessionSuccess: { account: ownAccount },
  VerifyEmailSuccess: { account },
  ChangeProfileSuccess: { account },
  AddAddressSuccess: { address },
  ChangeAddressSuccess: { address },
  RemoveAddressSuccess: { account },
  ChooseDefaultAddressSuccess: { address },
  MarkNotificationsReadSuccess: { account },
  OpenShopSuccess: { shop },
  ChangeShopSuccess: { shop },
  StaleShop: { shop },
  InviteShopMemberSuccess: { shop },
  WithdrawShopInvitationSuccess: { shop },
  JoinShopSuccess: { shop },
  RemoveShopMemberSuccess: { shop },
  LeaveShopSuccess: { account },
  SuspendUserSuccess: { account },
  ReinstateUserSuccess: { account },
  GrantRoleSuccess: { account },
  RevokeRoleSuccess: { account },
  SuspendShopSuccess: { shop },
  ReinstateShopSuccess: { shop },
} satisfies Resolvers
