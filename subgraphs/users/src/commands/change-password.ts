import { Conflict, NotSignedIn, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parseNewPassword, parsePassword } from '../domain/password.ts'
import type { ChangePasswordInput } from '../generated/resolvers.ts'
import { endSessions } from '../sessions.ts'
import { findAccount, replacePassword } from '../store/accounts.ts'
import { insertMailJob } from '../store/mail-jobs.ts'
import { checkPassword, isAccount } from './sign-in.ts'

export async function changePassword(ctx: UsersContext, input: ChangePasswordInput) {
  const { accountId, sessionId } = requireAccount(ctx.viewer)
  const current = parsePassword(input.currentPassword, 'currentPassword')
  const password = parseNewPassword(input.newPassword, 'newPassword')
  if (typeof password !== 'string') return password
  const account = await findAccount(ctx.db, accountId)
  if (!account) throw new NotSignedIn()
  const found = await checkPassword(ctx, account.emailKey, current)
  if (!found) return problem('PasswordWrong', {})
  if (!isAccount(found)) return found
  const to = await ctx.passwords.hash(password)
  return ctx.transaction(async (tx) => {
    if (!(await replacePassword(tx, accountId, { from: found.passwordHash, to })))
      throw new Conflict({ id: 'Kata sandi diubah pada saat yang sama', en: 'The password was changed at the same time' })
    await insertMailJob(tx, { kind: 'PASSWORD_CHANGED', emailKey: account.emailKey, at: ctx.clock.now() })
    const endedSessions = await endSessions(tx, ctx.clock, { accountId, except: sessionId, reason: 'PASSWORD_CHANGED' })
    return { __typename: 'ChangePasswordSuccess', endedSessions } as const
  })
}
