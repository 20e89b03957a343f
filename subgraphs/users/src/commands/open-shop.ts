import { runCommand } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/viewer'
import type { UsersContext } from '../context.ts'
import { parseShopProfile, parseSlug } from '../domain/shop.ts'
import type { OpenShopInput } from '../generated/resolvers.ts'
import { accessFor } from '../sessions.ts'
import { sessionGoesOn } from '../store/sessions.ts'
import { putShop } from './create-shop.ts'

export async function openShop(ctx: UsersContext, { slug, name, description, regencyCode }: OpenShopInput) {
  const { accountId, sessionId } = requireAccount(ctx.viewer)
  const profile = parseShopProfile({ name, description, regencyCode })
  if ('code' in profile) return profile
  const shop = { id: newId('shop'), ownerId: accountId, slug: parseSlug(slug), ...profile }
  return runCommand(ctx.transaction, async (tx) => {
    const refused = await putShop(tx, ctx.clock, shop)
    // The answer holds a new access token: an ended session must not get one. Asked here, while nobody can suspend the account, so that who
    // suspended it meanwhile leaves no shop that sells.
    if (!(await sessionGoesOn(tx, { id: sessionId, accountId, at: ctx.clock.now() }))) return problem('SessionEnded', {})
    if (refused) return refused
    return { __typename: 'OpenShopSuccess', shopId: shop.id, access: await accessFor(ctx, tx, { accountId, sessionId }) } as const
  })
}
