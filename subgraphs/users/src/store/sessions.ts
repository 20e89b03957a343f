import type { SpentToken } from '../domain/refresh.ts'
import type { Tx } from './database.ts'

/** Times of a session or a token. */
export interface Life {
  readonly createdAt: Date
  readonly expiresAt: Date
}

export async function insertSession(tx: Tx, session: { readonly id: string; readonly accountId: string } & Life): Promise<void> {
  await tx.session.create({ data: session })
}

export async function insertRefreshToken(
  tx: Tx,
  token: { readonly hash: string; readonly sessionId: string } & Life,
): Promise<void> {
  await tx.refreshToken.create({ data: token })
}

const use = `UPDATE refresh_token t SET used_at = $2, salt = $3 FROM session s, account a
  WHERE t.hash = $1 AND t.used_at IS NULL AND t.expires_at > $2 AND s.id = t.session_id AND s.ended_at IS NULL
    AND a.id = s.account_id AND a.suspended_at IS NULL
  RETURNING s.id AS "sessionId", a.id AS "accountId"`

/** Uses a token up, if it is good: of many who try at once exactly one succeeds. */
export async function useRefreshToken(tx: Tx, hash: string, { at, salt }: { at: Date; salt: string }) {
  const [used] = await tx.$queryRawUnsafe<{ sessionId: string; accountId: string }[]>(use, hash, at, salt)
  return used
}

export async function prolongSession(tx: Tx, id: string, expiresAt: Date): Promise<void> {
  await tx.session.update({ where: { id }, data: { expiresAt } })
}

/** A token that could not be used, with the session it belongs to. */
export interface FoundToken extends Omit<SpentToken, 'successorUsed'> {
  readonly sessionId: string
  readonly accountId: string
  readonly salt: string | null
}

export async function findRefreshToken(tx: Tx, hash: string): Promise<FoundToken | undefined> {
  const row = await tx.refreshToken.findUnique({
    where: { hash },
    include: { session: { include: { account: { select: { suspendedAt: true } } } } },
  })
  if (!row) return undefined
  const { sessionId, salt, usedAt, expiresAt, session } = row
  return {
    sessionId,
    accountId: session.accountId,
    salt,
    usedAt,
    expiresAt,
    sessionEndedAt: session.endedAt,
    suspendedAt: session.account.suspendedAt,
  }
}

/** Which sessions of an account end, and why. */
export interface Ending {
  readonly accountId: string
  readonly only?: string | undefined
  readonly except?: string | undefined
  /** So many go on: those that were used last. */
  readonly keep?: number | undefined
  readonly at: Date
  readonly reason:
    'SIGNED_OUT' | 'PASSWORD_CHANGED' | 'TOKEN_REUSED' | 'SUSPENDED' | 'ERASED' | 'ROLE_REVOKED' | 'MEMBER_REMOVED' | 'TOO_MANY'
}

const end = `UPDATE session SET ended_at = $2, end_reason = $3
  WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2 AND ($4::text IS NULL OR id = $4) AND ($5::text IS NULL OR id <> $5)
    AND ($6::integer IS NULL OR id NOT IN (SELECT id FROM session
      WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY expires_at DESC, id DESC LIMIT $6))
  RETURNING id`

/** Ends sessions that have not ended yet; gives their ids. */
export async function endSessionRows(tx: Tx, { accountId, at, reason, ...which }: Ending): Promise<string[]> {
  const { only = null, except = null, keep = null } = which
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(end, accountId, at, reason, only, except, keep)
  return rows.map(({ id }) => id)
}

/** Whether a session goes on at a time. */
export async function sessionGoesOn(
  tx: Tx,
  { id, accountId, at }: { id: string; accountId: string; at: Date },
): Promise<boolean> {
  const where = { id, accountId, endedAt: null, expiresAt: { gt: at }, account: { suspendedAt: null } }
  return (await tx.session.count({ where })) > 0
}

/** Those of some sessions that go on at a time. */
export async function sessionsThatGoOn(tx: Tx, ids: readonly string[], at: Date): Promise<string[]> {
  const where = { id: { in: [...ids] }, endedAt: null, expiresAt: { gt: at }, account: { suspendedAt: null } }
  return (await tx.session.findMany({ where, select: { id: true } })).map(({ id }) => id)
}
