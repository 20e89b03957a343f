import type { MailKind } from '../domain/mails.ts'
import type { Tx } from './client.ts'

/** A mail that is to be sent. */
export interface MailJob {
  readonly id: bigint
  readonly kind: MailKind
  readonly emailKey: string
  readonly attempts: number
}

export async function insertMailJob(
  tx: Tx,
  { kind, emailKey, at }: { kind: MailKind; emailKey: string; at: Date },
): Promise<void> {
  await tx.mailJob.create({ data: { kind, emailKey, nextTryAt: at, createdAt: at } })
}

/** Whoever claims a job has it for a while; a job whose worker died is due again after that, later each time. */
const claim = `UPDATE mail_job SET attempts = attempts + 1, next_try_at = $1::timestamptz + least(3600, 30 * 2 ^ attempts) * interval '1 second'
  WHERE id = (SELECT id FROM mail_job WHERE next_try_at <= $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, kind, email_key AS "emailKey", attempts`

export async function claimMailJob(db: Tx, at: Date): Promise<MailJob | undefined> {
  const [job] = await db.$queryRawUnsafe<MailJob[]>(claim, at)
  return job
}

export async function deleteMailJob(db: Tx, id: bigint): Promise<void> {
  await db.mailJob.deleteMany({ where: { id } })
}
