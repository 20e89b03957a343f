import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/events/outbox'
import { runCommand, runKeyed } from '@pasar/shared/idempotency'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { JoinShopInput } from '../generated/resolvers.ts'
import { parseSecret, secretHash } from '../secrets.ts'
import { accessFor, holdSession, rightsChanged } from '../sessions.ts'
import { owesProof, proveEmail } from '../store/accounts.ts'
import type { Tx } from '../store/database.ts'
import { addMember, findActedFor, isActedFor, useInvitation, withdrawInvitationTo } from '../store/shop-members.ts'

export async function joinShop(ctx: UsersContext, { token, idempotencyKey: key }: JoinShopInput) {
  const viewer = requireAccount(ctx.viewer)
  const { accountId, sessionId } = viewer
  const hash = secretHash(parseSecret(token, 'token'))
  const attempt = { scope: 'joinShop', actor: accountId, key, input: { hash } }
  return runCommand(ctx.transaction, async (tx) => {
    // The answer holds a new access token, also when it is asked for again: an ended session must not get one.
    if (!(await holdSession(tx, ctx.clock, viewer))) return problem('SessionEnded', {})
    const joined = await runKeyed({ transaction: (work) => work(tx), clock: ctx.clock }, attempt, () =>
      join(tx, ctx.clock, { accountId, hash }),
    )
    if ('code' in joined) return joined
    // Whoever has joined with a key may have left since, or been removed.
    if (!(await isActedFor(tx, accountId, joined.shopId))) return problem('ShopInvitationUnusable', {})
    return { ...joined, access: await accessFor(ctx, tx, { accountId, sessionId }) }
  })
}

/** Who joins, and what is kept of the token that they were mailed. */
interface Joining {
  readonly accountId: string
  readonly hash: string
}

async function join(tx: Tx, clock: Clock, { accountId, hash }: Joining) {
  const at = clock.now()
  const invited = await useInvitation(tx, hash, at)
  if (!invited) return problem('ShopInvitationUnusable', {})
  const { shopId, ownerId, emailKey } = invited
  // Members are known to their shop by their address: it has to be theirs. Where the mail went there, it is.
  if (!(await proveEmail(tx, { id: accountId, emailKey })) && (await owesProof(tx, accountId)))
    return problem('EmailNotVerified', {})
  const { helped } = await findActedFor(tx, accountId)
  if (ownerId === accountId || helped.includes(shopId)) return problem('AlreadyShopMember', {})
  if (helped.length >= limits.helpedShopsMax) return problem('TooManyHelpedShops', { max: limits.helpedShopsMax })
  await addMember(tx, { shopId, accountId, joinedAt: at })
  await withdrawInvitationTo(tx, { shopId, accountId })
  await enqueue(tx, clock, rightsChanged(accountId))
  return { __typename: 'JoinShopSuccess', shopId } as const
}
