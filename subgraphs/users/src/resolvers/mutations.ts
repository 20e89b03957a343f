import { command } from '@pasar/shared/subgraph/resolvers'
import { addAddress } from '../commands/add-address.ts'
import { changeAddress } from '../commands/change-address.ts'
import { changeEmail } from '../commands/change-email.ts'
import { changePassword } from '../commands/change-password.ts'
import { changeProfile } from '../commands/change-profile.ts'
import { changeShop } from '../commands/change-shop.ts'
import { chooseDefaultAddress } from '../commands/choose-default-address.ts'
import { eraseMe } from '../commands/erase-me.ts'
import { freezeAddress } from '../commands/freeze-address.ts'
import { grantRole } from '../commands/grant-role.ts'
import { inviteShopMember } from '../commands/invite-shop-member.ts'
import { joinShop } from '../commands/join-shop.ts'
import { leaveShop } from '../commands/leave-shop.ts'
import { markNotificationsRead } from '../commands/mark-notifications-read.ts'
import { openShop } from '../commands/open-shop.ts'
import { refreshSession } from '../commands/refresh-session.ts'
import { register } from '../commands/register.ts'
import { reinstateShop } from '../commands/reinstate-shop.ts'
import { reinstateUser } from '../commands/reinstate-user.ts'
import { removeAddress } from '../commands/remove-address.ts'
import { removeShopMember } from '../commands/remove-shop-member.ts'
import { requestPasswordReset } from '../commands/request-password-reset.ts'
import { resendVerification } from '../commands/resend-verification.ts'
import { resetPassword } from '../commands/reset-password.ts'
import { revokeRole } from '../commands/revoke-role.ts'
import { signIn } from '../commands/sign-in.ts'
import { signOut } from '../commands/sign-out.ts'
import { suspendShop } from '../commands/suspend-shop.ts'
import { suspendUser } from '../commands/suspend-user.ts'
import { verifyEmail } from '../commands/verify-email.ts'
import { withdrawShopInvitation } from '../commands/withdraw-shop-invitation.ts'
import type { MutationResolvers } from '../generated/resolvers.ts'

/** Root fields that change. */
export const mutationResolvers = {
  Mutation: {
    register: command(register),
    signIn: command(signIn),
    refreshSession: command(refreshSession),
    signOut: command(signOut),
    changePassword: command(changePassword),
    requestPasswordReset: command(requestPasswordReset),
    resetPassword: command(resetPassword),
    verifyEmail: command(verifyEmail),
    resendVerification: (_, __, ctx) => resendVerification(ctx),
    changeEmail: command(changeEmail),
    eraseMe: command(eraseMe),
    changeProfile: command(changeProfile),
    addAddress: command(addAddress),
    changeAddress: command(changeAddress),
    removeAddress: command(removeAddress),
    chooseDefaultAddress: command(chooseDefaultAddress),
    markNotificationsRead: command(markNotificationsRead),
    openShop: command(openShop),
    changeShop: command(changeShop),
    inviteShopMember: command(inviteShopMember),
    withdrawShopInvitation: command(withdrawShopInvitation),
    joinShop: command(joinShop),
    removeShopMember: command(removeShopMember),
    leaveShop: command(leaveShop),
    suspendUser: command(suspendUser),
    reinstateUser: command(reinstateUser),
    grantRole: command(grantRole),
    revokeRole: command(revokeRole),
    suspendShop: command(suspendShop),
    reinstateShop: command(reinstateShop),
    usersFreezeAddress: command(freezeAddress),
  } satisfies MutationResolvers,
}
