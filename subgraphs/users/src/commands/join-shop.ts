import { runCommand } from '@pasar/shared/idempotency'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { JoinShopInput } from '../generated/resolvers.ts'
import { parseSecret, secretHash } from '../secrets.ts'
import { accessFor, holdSession } from '../sessions.ts'
import { addMember, findActedFor, useInvitation, withdrawInvitationTo } from '../store/shop-members.ts'

export async function joinShop(ctx: UsersContext, input: JoinShopInput) {
  const viewer = requireAccount(ctx.viewer)
  const { accountId, sessionId } = viewer
  const hash = secretHash(parseSecret(input.token, 'token'))
  return runCommand(ctx.transaction, async (tx) => {
    const at = ctx.clock.now()
    // The answer holds a new access token: an ended session must not get one.
    if (!(await holdSession(tx, ctx.clock, viewer))) return problem('SessionEnded', {})
    const invited = await useInvitation(tx, hash, at)
    if (!invited) return problem('ShopInvitationUnusable', {})
    const { shopId, ownerId } = invited
    const { helped } = await findActedFor(tx, accountId)
    if (ownerId === accountId || helped.includes(shopId)) return problem('AlreadyShopMember', {})
    if (helped.length >= limits.helpedShopsMax) return problem('TooManyHelpedShops', { max: limits.helpedShopsMax })
    await addMember(tx, { shopId, accountId, joinedAt: at })
    await withdrawInvitationTo(tx, { shopId, accountId })
    return { __typename: 'JoinShopSuccess', shopId, access: await accessFor(ctx, tx, { accountId, sessionId }) } as const
  })
}
