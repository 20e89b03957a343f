import type { Clock } from '@pasar/shared/clock'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from '../context.ts'
import { decideSpentToken } from '../domain/refresh.ts'
import type { RefreshSessionInput } from '../generated/resolvers.ts'
import { newSecret, parseSecret, secretHash, successorOf } from '../secrets.ts'
import { endSessions, refreshExpiry, tokensFor, type OpenSession } from '../sessions.ts'
import { findAccount } from '../store/accounts.ts'
import type { Tx } from '../store/database.ts'
import { insertMailJob } from '../store/mail-jobs.ts'
import { findRefreshToken, insertRefreshToken, prolongSession, useRefreshToken } from '../store/sessions.ts'

async function rotate(tx: Tx, clock: Clock, token: string): Promise<OpenSession | undefined> {
  const now = clock.now()
  const salt = newSecret()
  const used = await useRefreshToken(tx, secretHash(token), { at: now, salt })
  if (!used) return undefined
  const refreshToken = successorOf(token, salt)
  const expiresAt = refreshExpiry(now)
  await insertRefreshToken(tx, { hash: secretHash(refreshToken), sessionId: used.sessionId, createdAt: now, expiresAt })
  await prolongSession(tx, used.sessionId, expiresAt)
  return { ...used, refreshToken, refreshTokenExpiresAt: expiresAt }
}

async function answerSpent(tx: Tx, clock: Clock, token: string): Promise<OpenSession | undefined> {
  const found = await findRefreshToken(tx, secretHash(token))
  const refreshToken = successorOf(token, found?.salt ?? '')
  const successor = found && (await findRefreshToken(tx, secretHash(refreshToken)))
  const decision = decideSpentToken(found && { ...found, successorUsed: !successor || successor.usedAt !== null }, clock.now())
  if (!found || decision === 'ENDED') return undefined
  if (decision === 'STOLEN') {
    await endStolen(tx, clock, found)
    return undefined
  }
  return { sessionId: found.sessionId, accountId: found.accountId, refreshToken, refreshTokenExpiresAt: successor!.expiresAt }
}

/** The mail to the owner leaves in the same transaction in which the session ends. */
async function endStolen(tx: Tx, clock: Clock, { accountId, sessionId }: Pick<OpenSession, 'accountId' | 'sessionId'>) {
  const ended = await endSessions(tx, clock, { accountId, only: sessionId, reason: 'TOKEN_REUSED' })
  const account = await findAccount(tx, accountId)
  if (ended > 0 && account) await insertMailJob(tx, { kind: 'SESSION_STOLEN', emailKey: account.emailKey, at: clock.now() })
}

export async function refreshSession(ctx: UsersContext, input: RefreshSessionInput) {
  const token = parseSecret(input.refreshToken, 'refreshToken')
  const session = await ctx.transaction(
    async (tx) => (await rotate(tx, ctx.clock, token)) ?? (await answerSpent(tx, ctx.clock, token)),
  )
  if (!session) return problem('SessionEnded', {})
  return { __typename: 'RefreshSessionSuccess', accountId: session.accountId, tokens: await tokensFor(ctx, session) } as const
}
