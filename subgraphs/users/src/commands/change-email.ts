import { runCommand } from '@pasar/shared/idempotency'
import { limits } from '@pasar/shared/limits'
import { NotSignedIn, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parseEmail } from '../domain/email.ts'
import { parsePassword } from '../domain/password.ts'
import { askForProof } from '../email-proofs.ts'
import type { ChangeEmailInput } from '../generated/resolvers.ts'
import { holdSession } from '../sessions.ts'
import { findAccount } from '../store/accounts.ts'
import { takeAttempt } from '../store/attempts.ts'
import { checkPassword, isAccount } from './sign-in.ts'

/** Nobody must have the market write to strangers, one after the other. */
const perDay = { kind: 'EMAIL_CHANGES', max: limits.emailChangesPerDayMax, windowMinutes: 24 * 60 } as const

/** Does not look whether somebody else has the address: whoever sends the mail does. So the answer cannot tell, nor the time it takes. */
export async function changeEmail(ctx: UsersContext, input: ChangeEmailInput) {
  const viewer = requireAccount(ctx.viewer)
  const { accountId } = viewer
  const { address: email, key: emailKey } = parseEmail(input.newEmail, 'newEmail')
  const password = parsePassword(input.password, 'password')
  const account = await findAccount(ctx.db, accountId)
  if (!account) throw new NotSignedIn()
  const found = await checkPassword(ctx, account.emailKey, password)
  if (found && !isAccount(found)) return found
  // The address may be somebody else's by now.
  if (found?.id !== accountId) return problem('PasswordWrong', {})
  return runCommand(ctx.transaction, async (tx) => {
    const at = ctx.clock.now()
    if (!(await holdSession(tx, ctx.clock, viewer))) return problem('SessionEnded', {})
    const ofAccount = await takeAttempt(tx, { ...perDay, about: accountId }, at)
    if (!ofAccount.allowed) return problem('VerificationMailLimited', { retryAt: ofAccount.endsAt })
    const mail = await askForProof(tx, at, { accountId, email, emailKey })
    if (!mail.allowed) return problem('VerificationMailLimited', { retryAt: mail.endsAt })
    return { __typename: 'ChangeEmailSuccess', expiresInHours: limits.emailProofHours } as const
  })
}
