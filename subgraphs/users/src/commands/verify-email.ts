import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { requireAccount, type AccountViewer } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { VerifyEmailInput } from '../generated/resolvers.ts'
import { parseSecret, secretHash } from '../secrets.ts'
import { holdSession } from '../sessions.ts'
import { findAccount, replaceEmail } from '../store/accounts.ts'
import { isTaken, type Tx } from '../store/database.ts'
import { useEmailProof } from '../store/email-proofs.ts'
import { insertMailJob } from '../store/mail-jobs.ts'

/**
 * Only in a session of the account: whoever registers with somebody's address must not have its owner prove it, who takes the mail for one
 * of their own.
 */
export async function verifyEmail(ctx: UsersContext, input: VerifyEmailInput) {
  const viewer = requireAccount(ctx.viewer)
  const hash = secretHash(parseSecret(input.token, 'token'))
  try {
    return await runCommand(ctx.transaction, (tx) => verify(tx, ctx, { viewer, hash }))
  } catch (error) {
    // Said to whoever reads the mail of the address, and to nobody else.
    if (isTaken(error)) return problem('EmailTaken', {})
    throw error
  }
}

async function verify(tx: Tx, { clock }: UsersContext, { viewer, hash }: { viewer: AccountViewer; hash: string }) {
  const { accountId } = viewer
  const at = clock.now()
  if (!(await holdSession(tx, clock, viewer))) return problem('SessionEnded', {})
  const proven = await useEmailProof(tx, hash, { accountId, at })
  const account = await findAccount(tx, accountId)
  if (!proven || !account) return problem('VerificationUnusable', {})
  await replaceEmail(tx, account, proven)
  const { emailKey, emailVerified } = account
  if (emailKey !== proven.emailKey && emailVerified !== false)
    await insertMailJob(tx, { kind: 'EMAIL_CHANGED', emailKey, accountId, at })
  return { __typename: 'VerifyEmailSuccess', accountId } as const
}
