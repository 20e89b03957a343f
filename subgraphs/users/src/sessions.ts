import { newId, type Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { enqueueAll, type NewEvent } from '@pasar/shared/events/outbox'
import type { Clock } from '@pasar/shared/clock'
import { NotSignedIn } from '@pasar/shared/problems'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import type { AccessToken } from './access-tokens.ts'
import type { UsersDeps } from './context.ts'
import { rolesOf } from './domain/roles.ts'
import { newSecret, secretHash } from './secrets.ts'
import { findRights, holdAccount } from './store/accounts.ts'
import type { Tx } from './store/database.ts'
import { endSessionRows, insertRefreshToken, insertSession, sessionGoesOn, type Ending } from './store/sessions.ts'

/** A session as far as its client is concerned. */
export interface OpenSession {
  readonly sessionId: string
  readonly accountId: string
  readonly refreshToken: string
  readonly refreshTokenExpiresAt: Date
}

/** What a client keeps of a session. */
export interface SessionTokens extends Pick<OpenSession, 'refreshToken' | 'refreshTokenExpiresAt'> {
  readonly access: AccessToken
}

/** When a token made now is too old. */
export const refreshExpiry = (now: Date): Date => new Date(now.getTime() + limits.refreshTokenDays * 86_400_000)

/** Begins a session with its first refresh token. If its account has as many as it may have, the one that was unused for the longest ends. */
export async function startSession(tx: Tx, clock: Clock, accountId: string): Promise<OpenSession> {
  const sessionId: Id<'session'> = newId('session')
  const refreshToken = newSecret()
  const life = { createdAt: clock.now(), expiresAt: refreshExpiry(clock.now()) }
  await endSessions(tx, clock, { accountId, keep: limits.sessionsPerAccountMax - 1, reason: 'TOO_MANY' })
  await insertSession(tx, { id: sessionId, accountId, ...life })
  await insertRefreshToken(tx, { hash: secretHash(refreshToken), sessionId, ...life })
  return { sessionId, accountId, refreshToken, refreshTokenExpiresAt: life.expiresAt }
}

/**
 * Whether the viewer's session goes on: what outlives a token must not be done in one that has ended. Until the transaction ends nobody erases
 * the account, suspends it or gives it another password. Throws NotSignedIn for an account that is erased.
 */
export async function holdSession(tx: Tx, clock: Clock, { accountId, sessionId }: AccountViewer): Promise<boolean> {
  if (!(await holdAccount(tx, accountId))) throw new NotSignedIn()
  return sessionGoesOn(tx, { id: sessionId, accountId, at: clock.now() })
}

/** Ends sessions and says so to the market; gives how many. */
export async function endSessions(tx: Tx, clock: Clock, ending: Omit<Ending, 'at'>): Promise<number> {
  const { accountId } = ending
  const ended = await endSessionRows(tx, { ...ending, at: clock.now() })
  const revoked = (sessionId: string): NewEvent => ({
    type: 'SessionRevoked',
    aggregateId: sessionId,
    keys: [accountId],
    payload: { accountId, sessionId },
  })
  await enqueueAll(tx, clock, ended.map(revoked))
  return ended.length
}

/** The event by which tokens with other rights end; what changes them writes it in the same transaction, before it asks for a token. */
export const rightsChanged = (accountId: string): NewEvent => ({
  type: 'AccountRightsChanged',
  aggregateId: accountId,
  payload: { accountId },
})

/** An access token with the roles and shops that the account has now. */
export async function accessFor(
  { accessTokens }: UsersDeps,
  db: Tx,
  { accountId, sessionId }: Pick<OpenSession, 'accountId' | 'sessionId'>,
): Promise<AccessToken> {
  const { roles: given, own, helped, rights } = await findRights(db, accountId)
  const roles = rolesOf(given, own.length + helped.length)
  return accessTokens.issue({ accountId, sessionId, roles, shopIds: own, helpedShopIds: helped, rights })
}

/** Everything that a client keeps of a session. */
export const tokensFor = async (deps: UsersDeps, session: OpenSession): Promise<SessionTokens> => ({
  access: await accessFor(deps, deps.db, session),
  refreshToken: session.refreshToken,
  refreshTokenExpiresAt: session.refreshTokenExpiresAt,
})
