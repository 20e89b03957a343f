import type { Tx } from './client.ts'

/** Reuse of a token is noticed for as long as its row is there: a week beyond its life. */
const keptAfterEndMs = 7 * 86_400_000

/** Removes what has no meaning any more; says how many rows. */
export async function removeExpired(db: Tx, now: Date): Promise<number> {
  const past = { lt: new Date(now.getTime() - keptAfterEndMs) }
  const attempts = await db.attempt.deleteMany({ where: { endsAt: { lt: now } } })
  const resets = await db.passwordReset.deleteMany({ where: { expiresAt: past } })
  const tokens = await db.refreshToken.deleteMany({ where: { expiresAt: past } })
  const sessions = await db.session.deleteMany({ where: { expiresAt: past } })
  const records = await db.idempotencyRecord.deleteMany({ where: { expiresAt: { lt: now } } })
  return attempts.count + resets.count + tokens.count + sessions.count + records.count
}
