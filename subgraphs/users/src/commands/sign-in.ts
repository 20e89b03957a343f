import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from '../context.ts'
import { parseEmail } from '../domain/email.ts'
import { parsePassword } from '../domain/password.ts'
import type { SignInInput } from '../generated/resolvers.ts'
import { startSession, tokensFor } from '../sessions.ts'
import { findAccountByEmail, rehashPassword } from '../store/accounts.ts'
import { forgetAttempts, takeAttempt } from '../store/attempts.ts'
import type { AccountRow } from '../store/client.ts'

const rule = { kind: 'SIGN_IN', max: limits.signInFailuresMax, windowMinutes: limits.signInWindowMinutes } as const

/**
 * Checks a password under the limit of wrong ones. It counts before it looks, inside of a slot, so that guesses sent at once are counted
 * one by one; unknown addresses are counted and take as long as known ones.
 */
export const checkPassword = ({ passwords, db, clock }: UsersContext, emailKey: string, password: string) =>
  passwords.inSlot(async () => {
    const { allowed, endsAt } = await takeAttempt(db, { ...rule, emailKey }, clock.now())
    if (!allowed) return problem('SignInLimited', { retryAt: endsAt })
    const account = await findAccountByEmail(db, emailKey)
    if (!(await passwords.matches(account?.passwordHash, password)) || !account) return undefined
    await forgetAttempts(db, rule.kind, emailKey)
    const to = await passwords.renewed(account.passwordHash, password)
    if (to !== undefined) await rehashPassword(db, account.id, { from: account.passwordHash, to })
    return to === undefined ? account : { ...account, passwordHash: to }
  })

/** Whether a password check found the account. */
export const isAccount = (found: object): found is AccountRow => !('code' in found)

export async function signIn(ctx: UsersContext, input: SignInInput) {
  const { key } = parseEmail(input.email)
  const found = await checkPassword(ctx, key, parsePassword(input.password, 'password'))
  if (!found) return problem('SignInRefused', {})
  if (!isAccount(found)) return found
  if (found.suspendedAt) return problem('SignInSuspended', {})
  const session = await ctx.transaction((tx) => startSession(tx, ctx.clock, found.id))
  return { __typename: 'SignInSuccess', accountId: found.id, tokens: await tokensFor(ctx, session) } as const
}
