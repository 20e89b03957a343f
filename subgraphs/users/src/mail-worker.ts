import type { Clock } from '@pasar/shared/clock'
import { limits } from '@pasar/shared/limits'
import type { Log } from '@pasar/shared/log'
import type { Worker } from '@pasar/shared/process/worker'
import { mailText } from './domain/mails.ts'
import { proofExpiry } from './email-proofs.ts'
import { refusalDetails, refusesAddress, type Mail, type Mailer } from './mailer.ts'
import { newSecret, secretHash } from './secrets.ts'
import { findAccount, findAccountByEmail } from './store/accounts.ts'
import type { AccountRow, Db } from './store/database.ts'
import { giveProofToken } from './store/email-proofs.ts'
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
async function newResetToken({ db, clock }: MailWorkerOptions, account: AccountRow): Promise<string | undefined> {
  const token = newSecret()
  const expiresAt = new Date(clock.now().getTime() + limits.resetTokenMinutes * 60_000)
  return (await insertPasswordReset(db, { hash: secretHash(token), account, expiresAt })) ? token : undefined
}

const periods = { minutes: limits.resetTokenMinutes, days: limits.shopInvitationDays, hours: limits.emailProofHours }

/** What an account is told about an address that is not its own yet, or not any more. */
async function composeAbout(
  { db, clock }: MailWorkerOptions,
  { kind, emailKey, accountId }: MailJob & { readonly accountId: string },
): Promise<Mail | undefined> {
  if (kind === 'EMAIL_CHANGED') {
    const account = await findAccount(db, accountId)
    if (!account) return undefined
    return { to: emailKey, ...mailText(kind, { language: account.language, token: '', ...periods }) }
  }
  const token = newSecret()
  const at = clock.now()
  const given = { hash: secretHash(token), at, expiresAt: proofExpiry(at) }
  const proof = await giveProofToken(db, { accountId, emailKey }, given)
  return proof && { to: proof.email, ...mailText(kind, { language: proof.language, token, ...periods }) }
}

/** What a mail says and to whom; nothing where nobody is there to read it, or what it is about is over. */
async function compose(options: MailWorkerOptions, job: MailJob): Promise<Mail | undefined> {
  const { kind, emailKey, invitationId, accountId } = job
  if (accountId !== null) return composeAbout(options, { ...job, accountId })
  const account = await findAccountByEmail(options.db, emailKey)
  if (invitationId !== null) {
    const token = newSecret()
    const invitation = await giveToken(options.db, invitationId, { hash: secretHash(token), at: options.clock.now() })
    const language = account?.language ?? invitation?.language ?? ''
    return invitation && { to: invitation.email, ...mailText(kind, { language, token, ...periods }) }
  }
  // Whoever registered with a stranger's address has the market write to that stranger of nothing that happens to the account.
  if (!account || (account.emailVerified === false && kind !== 'PASSWORD_RESET')) return undefined
  const token = kind === 'PASSWORD_RESET' ? await newResetToken(options, account) : ''
  if (token === undefined) return undefined
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
