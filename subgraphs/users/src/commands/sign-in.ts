import { runCommand } from '@pasar/shared/idempotency'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from '../context.ts'
import { parseEmail } from '../domain/email.ts'
import { parsePassword } from '../domain/password.ts'
import type { SignInInput } from '../generated/resolvers.ts'
import { startSession, tokensFor } from '../sessions.ts'
import { findAccountByEmail, holdForSignIn, rehashPassword } from '../store/accounts.ts'
import { forgetAttempts, takeAttempt } from '../store/attempts.ts'
import type { AccountRow } from '../store/database.ts'

const rule = { kind: 'SIGN_IN', max: limits.signInFailuresMax, windowMinutes: limits.signInWindowMinutes } as const

/** The account with this password, hashed by today's parameters. */
async function findByPassword(ctx: UsersContext, emailKey: string, password: string): Promise<AccountRow | undefined> {
  const { passwords, db } = ctx
  const account = await findAccountByEmail(db, emailKey)
  if (!(await passwords.matches(account?.passwordHash, password)) || !account) return undefined
  const { id, passwordHash: from } = account
  const to = await passwords.renewed(from, password)
  if (to === undefined) return account
  // Another hash came between: of another sign-in, or of another password.
  if (!(await rehashPassword(db, id, { from, to }))) return findByPassword(ctx, emailKey, password)
  return { ...account, passwordHash: to }
}

/**
 * Checks a password under the limit of wrong ones. It counts before it looks, inside of a slot, so that guesses sent at once are counted
 * one by one; unknown addresses are counted and take as long as known ones.
 */
export const checkPassword = (ctx: UsersContext, emailKey: string, password: string) =>
  ctx.passwords.inSlot(async () => {
    const { db, clock } = ctx
    const { allowed, endsAt } = await takeAttempt(db, { ...rule, about: emailKey }, clock.now())
    if (!allowed) return problem('SignInLimited', { retryAt: endsAt })
    const account = await findByPassword(ctx, emailKey, password)
    if (account) await forgetAttempts(db, rule.kind, emailKey)
    return account
  })

/** Whether a password check found the account. */
export const isAccount = (found: object): found is AccountRow => !('code' in found)

export async function signIn(ctx: UsersContext, input: SignInInput) {
  const { key } = parseEmail(input.email)
  const found = await checkPassword(ctx, key, parsePassword(input.password, 'password'))
  if (!found) return problem('SignInRefused', {})
  if (!isAccount(found)) return found
  const session = await runCommand(ctx.transaction, async (tx) => {
    const account = await holdForSignIn(tx, found)
    if (!account) return problem('SignInRefused', {})
    return account.suspendedAt ? problem('SignInSuspended', {}) : startSession(tx, ctx.clock, found.id)
  })
  if ('code' in session) return session
  return { __typename: 'SignInSuccess', accountId: found.id, tokens: await tokensFor(ctx, session) } as const
}
