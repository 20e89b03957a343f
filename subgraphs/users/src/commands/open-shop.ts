import { runCommand, runKeyed } from '@pasar/shared/idempotency'
import { enqueue } from '@pasar/shared/events/outbox'
import { newId } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parseShopProfile, parseSlug } from '../domain/shop.ts'
import type { OpenShopInput } from '../generated/resolvers.ts'
import { accessFor, rightsChanged } from '../sessions.ts'
import { holdAccount, owesProof } from '../store/accounts.ts'
import type { Tx } from '../store/database.ts'
import { sessionGoesOn } from '../store/sessions.ts'
import { putShop } from './create-shop.ts'

export async function openShop(ctx: UsersContext, { idempotencyKey: key, ...raw }: OpenShopInput) {
  const { accountId, sessionId } = requireAccount(ctx.viewer)
  const profile = parseShopProfile(raw)
  if ('code' in profile) return profile
  const wanted = { slug: parseSlug(raw.slug), ...profile }
  const attempt = { scope: 'openShop', actor: accountId, key, input: wanted }
  const open = async (tx: Tx) => {
    const shop = { id: newId('shop'), ownerId: accountId, ...wanted }
    const refused = await putShop(tx, ctx.clock, shop)
    if (refused) return refused
    await enqueue(tx, ctx.clock, rightsChanged(accountId))
    return { __typename: 'OpenShopSuccess', shopId: shop.id } as const
  }
  return runCommand(ctx.transaction, async (tx) => {
    // The answer holds a new access token, also when it is asked for again: an ended session must not get one. Asked here, while nobody can
    // suspend the account, so that who suspended it meanwhile leaves no shop that sells.
    await holdAccount(tx, accountId)
    if (!(await sessionGoesOn(tx, { id: sessionId, accountId, at: ctx.clock.now() }))) return problem('SessionEnded', {})
    if (await owesProof(tx, accountId)) return problem('EmailNotVerified', {})
    const opened = await runKeyed({ transaction: (work) => work(tx), clock: ctx.clock }, attempt, open)
    if ('code' in opened) return opened
    // No token is recorded with a key.
    return { ...opened, access: await accessFor(ctx, tx, { accountId, sessionId }) }
  })
}
