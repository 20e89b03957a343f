import { runCommand } from '@pasar/shared/idempotency'
import { idParser, newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parseEmail } from '../domain/email.ts'
import type { InviteShopMemberInput } from '../generated/resolvers.ts'
import { holdSession } from '../sessions.ts'
import { takeAttempt } from '../store/attempts.ts'
import { insertMailJob } from '../store/mail-jobs.ts'
import { countPlaces, holdOwnShop, isOfShop, putInvitation } from '../store/shop-members.ts'

const perDay = { kind: 'SHOP_INVITES', windowMinutes: 24 * 60 } as const
const lifeMs = limits.shopInvitationDays * 86_400_000

/** Does not look whether there is an account with the address: whoever can read its mail may join with any account. */
export async function inviteShopMember({ viewer, transaction, clock }: UsersContext, input: InviteShopMemberInput) {
  const owner = requireAccount(viewer)
  const shopId = idParser('shop')(input.shopId, 'shopId')
  const { address: email, key: emailKey } = parseEmail(input.email)
  return runCommand(transaction, async (tx) => {
    const at = clock.now()
    // Whoever had the session of an owner must not stay in the shop with an account of their own.
    if (!(await holdSession(tx, clock, owner))) return problem('SessionEnded', {})
    if (!(await holdOwnShop(tx, shopId, owner.accountId))) return problem('ShopNotFound', { shopId })
    if (await isOfShop(tx, shopId, emailKey)) return problem('AlreadyShopMember', {})
    if ((await countPlaces(tx, shopId, { emailKey, at })) >= limits.shopMembersMax)
      return problem('TooManyShopMembers', { max: limits.shopMembersMax })
    const ofShop = await takeAttempt(tx, { ...perDay, about: shopId, max: limits.shopInvitationsPerDayMax }, at)
    if (!ofShop.allowed) return problem('ShopInvitationsLimited', { retryAt: ofShop.endsAt })
    // Who has many shops must not flood an address by turns.
    const toAddress = await takeAttempt(tx, { ...perDay, about: emailKey, max: limits.shopInvitationsToAddressPerDayMax }, at)
    if (!toAddress.allowed) return problem('ShopInvitationsLimited', { retryAt: toAddress.endsAt })
    const expiresAt = new Date(at.getTime() + lifeMs)
    const invitationId = await putInvitation(tx, { id: newId('invitation'), shopId, email, emailKey, invitedAt: at, expiresAt })
    const mail = await insertMailJob(tx, { kind: 'SHOP_INVITATION', emailKey, invitationId, at })
    if (!mail.allowed) return problem('ShopInvitationsLimited', { retryAt: mail.endsAt })
    return { __typename: 'InviteShopMemberSuccess', shopId } as const
  })
}
