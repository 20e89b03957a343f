import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from '../context.ts'
import { parseNewPassword } from '../domain/password.ts'
import type { ResetPasswordInput } from '../generated/resolvers.ts'
import { parseSecret, secretHash } from '../secrets.ts'
import { endSessions } from '../sessions.ts'
import { findAccount, proveEmail, replacePassword } from '../store/accounts.ts'
import { forgetAttempts } from '../store/attempts.ts'
import { insertMailJob } from '../store/mail-jobs.ts'
import { passwordResetIsUsable, usePasswordReset } from '../store/password-resets.ts'

export async function resetPassword(ctx: UsersContext, input: ResetPasswordInput) {
  const hash = secretHash(parseSecret(input.token, 'token'))
  const password = parseNewPassword(input.newPassword, 'newPassword')
  if (typeof password !== 'string') return password
  const now = ctx.clock.now()
  if (!(await passwordResetIsUsable(ctx.db, hash, now))) return problem('ResetTokenUnusable', {})
  const to = await ctx.passwords.hash(password)
  return runCommand(ctx.transaction, async (tx) => {
    const account = await findAccount(tx, (await usePasswordReset(tx, hash, now)) ?? '')
    if (!account) return problem('ResetTokenUnusable', {})
    await replacePassword(tx, account.id, { to })
    await proveEmail(tx, account)
    await forgetAttempts(tx, 'SIGN_IN', account.emailKey)
    await insertMailJob(tx, { kind: 'PASSWORD_CHANGED', emailKey: account.emailKey, at: now })
    const endedSessions = await endSessions(tx, ctx.clock, { accountId: account.id, reason: 'PASSWORD_CHANGED' })
    return { __typename: 'ResetPasswordSuccess', endedSessions } as const
  })
}
