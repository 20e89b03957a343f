import { createHash } from 'node:crypto'
import type { MailKind } from '../domain/mails.ts'
import type { Tx } from './database.ts'

/** What is counted, about whom, and how often it may happen within a window that begins with the first time. */
export interface AttemptRule {
  readonly kind: 'SIGN_IN' | 'SHOP_INVITES' | 'EMAIL_CHANGES' | MailKind
  /** An e-mail address, or the id of a shop or an account. */
  readonly about: string
  readonly max: number
  readonly windowMinutes: number
}

const take = `INSERT INTO attempt (kind, subject, count, ends_at) VALUES ($1, $2, 1, $4)
  ON CONFLICT (kind, subject) DO UPDATE SET
    count = CASE WHEN attempt.ends_at <= $3 THEN 1 ELSE least(attempt.count + 1, 1000000) END,
    ends_at = CASE WHEN attempt.ends_at <= $3 THEN excluded.ends_at ELSE attempt.ends_at END
  RETURNING count, ends_at AS "endsAt"`

const subjectOf = (about: string) => createHash('sha256').update(about).digest('hex')

/** Counts one more attempt in the database, so that replicas and restarts count together; says whether it was still allowed. */
export async function takeAttempt(
  db: Tx,
  { kind, about, max, windowMinutes }: AttemptRule,
  now: Date,
): Promise<{ allowed: boolean; endsAt: Date }> {
  const ends = new Date(now.getTime() + windowMinutes * 60_000)
  const [row] = await db.$queryRawUnsafe<{ count: number; endsAt: Date }[]>(take, kind, subjectOf(about), now, ends)
  return { allowed: row!.count <= max, endsAt: row!.endsAt }
}

export async function forgetAttempts(db: Tx, kind: AttemptRule['kind'], about: string): Promise<void> {
  await db.attempt.deleteMany({ where: { kind, subject: subjectOf(about) } })
}
