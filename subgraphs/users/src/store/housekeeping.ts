import { limits } from '@pasar/shared/limits'
import type { SqlSeam } from '@pasar/shared/postgres/seam'

/** Few enough that one statement stays short. */
const removedAtOnce = 500

const removeFrom = (table: string, endsAt: string) =>
  `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${table} WHERE ${endsAt} < $1 ORDER BY ${endsAt} LIMIT ${removedAtOnce} FOR UPDATE SKIP LOCKED))`

const attempts = removeFrom('attempt', 'ends_at')
/** They hold addresses of people who may have no account. */
const addresses = ['shop_invitation', 'email_proof'].map((table) => removeFrom(table, 'expires_at'))
const notifications = removeFrom('notification', 'occurred_at')
/** A session after its tokens: it ends with its last one. */
const secrets = ['password_reset', 'refresh_token', 'session'].map((table) => removeFrom(table, 'expires_at'))

async function removeAll(db: SqlSeam, statement: string, before: Date): Promise<number> {
  let all = 0
  for (let removed = removedAtOnce; removed === removedAtOnce; all += removed)
    removed = await db.$executeRawUnsafe(statement, before)
  return all
}

/** Reuse of a token is noticed for as long as its row is there: a week beyond its life. */
const keptAfterEndMs = 7 * 86_400_000

/** Removes what has no meaning any more; says how many rows. */
export async function removeExpired(db: SqlSeam, now: Date): Promise<number> {
  let all = 0
  for (const statement of [attempts, ...addresses]) all += await removeAll(db, statement, now)
  for (const statement of secrets) all += await removeAll(db, statement, new Date(now.getTime() - keptAfterEndMs))
  all += await removeAll(db, notifications, new Date(now.getTime() - limits.notificationsKeptDays * 86_400_000))
  return all
}
