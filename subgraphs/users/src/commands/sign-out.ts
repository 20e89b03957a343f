import { BadInput } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { SignOutInput } from '../generated/resolvers.ts'
import { parseSecret, secretHash } from '../secrets.ts'
import { endSessions } from '../sessions.ts'
import type { Tx } from '../store/database.ts'
import { findRefreshToken } from '../store/sessions.ts'

async function sessionToEnd(tx: Tx, { viewer }: UsersContext, { refreshToken, everywhere }: SignOutInput) {
  if (everywhere) return { accountId: requireAccount(viewer).accountId }
  if (refreshToken != null) {
    const found = await findRefreshToken(tx, secretHash(parseSecret(refreshToken, 'refreshToken')))
    return found && { accountId: found.accountId, only: found.sessionId }
  }
  if (viewer.kind !== 'account')
    throw new BadInput('refreshToken', {
      id: 'refresh token sesi ini, atau access token di header',
      en: 'the refresh token of the session, or an access token in the headers',
    })
  return { accountId: viewer.accountId, only: viewer.sessionId }
}

export const signOut = (ctx: UsersContext, input: SignOutInput) =>
  ctx.transaction(async (tx) => {
    const target = await sessionToEnd(tx, ctx, input)
    const endedSessions = target ? await endSessions(tx, ctx.clock, { ...target, reason: 'SIGNED_OUT' }) : 0
    return { __typename: 'SignOutSuccess', endedSessions } as const
  })
