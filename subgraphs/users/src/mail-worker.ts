import type { Clock } from '@pasar/shared/clock'
import { limits } from '@pasar/shared/limits'
import type { Log } from '@pasar/shared/log'
import type { Worker } from '@pasar/shared/process/worker'
import { mailText } from './domain/mails.ts'
import { refusalDetails, refusesAddress, type Mail, type Mailer } from './mailer.ts'
import { newSecret, secretHash } from './secrets.ts'
import { findAccountByEmail } from './store/accounts.ts'
import type { Db } from './store/database.ts'
import { claimMailJob, deleteMailJob, type MailJob } from './store/mail-jobs.ts'
import { insertPasswordReset } from './store/password-resets.ts'
import { giveToken } from './store/shop-members.ts'

/** What sending mail needs. */
export interface MailWorkerOptions {
  readonly db: Db
  readonly clock: Clock
  readonly mailer: Mailer
  readonly log: Log
}

/** The token of a reset is made here and goes into the mail only: nobody can read it from the database. */
async function newResetToken({ db, clock }: MailWorkerOptions, accountId: string): Promise<string> {
  const token = newSecret()
  const expiresAt = new Date(clock.now().getTime() + limits.resetTokenMinutes * 60_000)
  await insertPasswordReset(db, { hash: secretHash(token), accountId, expiresAt })
  return token
}

/** What a mail says and to whom; nothing where nobody is there to read it, or what it is about is over. */
async function compose(options: MailWorkerOptions, { kind, emailKey, invitationId }: MailJob): Promise<Mail | undefined> {
  const account = await findAccountByEmail(options.db, emailKey)
  const periods = { minutes: limits.resetTokenMinutes, days: limits.shopInvitationDays }
  if (invitationId !== null) {
    const token = newSecret()
    const invitation = await giveToken(options.db, invitationId, { hash: secretHash(token), at: options.clock.now() })
    const language = account?.language ?? invitation?.language ?? ''
    return invitation && { to: invitation.email, ...mailText(kind, { language, token, ...periods }) }
  }
  if (!account) return undefined
  const token = kind === 'PASSWORD_RESET' ? await newResetToken(options, account.id) : ''
  const { language, email } = account
  return { to: email, ...mailText(kind, { language, token, ...periods }) }
}

async function send(options: MailWorkerOptions, job: MailJob): Promise<void> {
  const mail = await compose(options, job)
  if (mail) await options.mailer.send(mail)
}

/** Nobody else says what a notice says; of a reset its owner knows, and asks again. Where an address is refused nobody reads either. */
const isLastTry = ({ kind, attempts, createdAt }: MailJob, error: unknown, now: Date): boolean =>
  kind === 'PASSWORD_RESET' || refusesAddress(error)
    ? attempts >= limits.mailAttemptsMax
    : now.getTime() - createdAt.getTime() >= limits.mailNoticeDays * 86_400_000

/** Sends one mail that is due; says whether there was one. */
async function sendNext(options: MailWorkerOptions): Promise<boolean> {
  const { db, clock, log } = options
  const job = await claimMailJob(db, clock.now())
  if (!job) return false
  const { id, kind, attempts } = job
  try {
    await send(options, job)
    await deleteMailJob(db, id)
  } catch (error) {
    const last = isLastTry(job, error, clock.now())
    log.warn({ ...refusalDetails(error), kind, attempts, last }, 'mail not sent')
    if (last) await deleteMailJob(db, id)
  }
  return true
}

/**
 * Sends mail that waits. A mail whose worker dies after sending is sent again: better twice than never. A server that answers nobody takes
 * seconds for each mail: whoever stops waits for one of them.
 */
export const mailWorker = (options: MailWorkerOptions): Worker => ({
  name: 'users mail',
  everyMs: limits.duePollMs,
  run: async (stopping) => {
    let done = 0
    while (!stopping?.aborted && (await sendNext(options))) done += 1
    return done
  },
})
