import { limits } from '@pasar/shared/limits'
import type { MailKind } from '../domain/mails.ts'
import { takeAttempt } from './attempts.ts'
import type { Tx } from './database.ts'

/** A mail that is to be sent. */
export interface MailJob {
  readonly id: bigint
  readonly kind: MailKind
  readonly emailKey: string
  /** What it invites to. */
  readonly invitationId: string | null
  /** Whose address it is about, where that is not the address of the account. */
  readonly accountId: string | null
  readonly attempts: number
  readonly createdAt: Date
}

const perHour = { max: limits.mailsPerHourMax, windowMinutes: 60 } as const

/** A mail that somebody is to get. */
export type NewMail = Pick<MailJob, 'kind' | 'emailKey'> &
  Partial<Pick<MailJob, 'invitationId' | 'accountId'>> & { readonly at: Date }

/**
 * Puts a mail down, unless its address has had enough of them within the hour; says which, and when the hour ends. Each kind has a count
 * of its own: whoever asks for many resets must not keep the owner from hearing that the password was changed.
 */
export async function insertMailJob(tx: Tx, { at, ...mail }: NewMail): Promise<{ allowed: boolean; endsAt: Date }> {
  const taken = await takeAttempt(tx, { kind: mail.kind, about: mail.emailKey, ...perHour }, at)
  if (taken.allowed) await tx.mailJob.create({ data: { ...mail, nextTryAt: at, createdAt: at } })
  return taken
}

/**
 * Whoever claims a job has it for a while; a job whose worker died is due again after that, later each time. What was tried least goes first:
 * nobody's mail waits for notices that are tried for days at servers which take long to say nothing.
 */
const claim = `UPDATE mail_job SET attempts = attempts + 1, next_try_at = $1::timestamptz + least(3600, 30 * 2 ^ attempts) * interval '1 second'
  WHERE id = (SELECT id FROM mail_job WHERE next_try_at <= $1 ORDER BY attempts, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, kind, email_key AS "emailKey", invitation_id AS "invitationId", account_id AS "accountId", attempts,
    created_at AS "createdAt"`

export async function claimMailJob(db: Tx, at: Date): Promise<MailJob | undefined> {
  const [job] = await db.$queryRawUnsafe<MailJob[]>(claim, at)
  return job
}

export async function deleteMailJob(db: Tx, id: bigint): Promise<void> {
  await db.mailJob.deleteMany({ where: { id } })
}
