import { newId } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from '../context.ts'
import { parseEmail } from '../domain/email.ts'
import { parseNewPassword } from '../domain/password.ts'
import { parseText } from '../domain/text.ts'
import { askForProof } from '../email-proofs.ts'
import type { RegisterInput } from '../generated/resolvers.ts'
import { localeOf } from '../language.ts'
import { startSession, tokensFor } from '../sessions.ts'
import { putAccount } from './create-account.ts'

export async function register(ctx: UsersContext, input: RegisterInput) {
  const email = parseEmail(input.email)
  const name = parseText(input.name, { field: 'name', max: limits.nameCharactersMax })
  const password = parseNewPassword(input.password, 'password')
  if (typeof password !== 'string') return password
  const language = input.language ? localeOf(input.language) : ctx.locale
  const account = {
    id: newId('account'),
    email: email.address,
    emailKey: email.key,
    emailVerified: false,
    name,
    language,
    passwordHash: await ctx.passwords.hash(password),
    roles: [],
  }
  const result = await runCommand(ctx.transaction, async (tx) => {
    if (!(await putAccount(tx, ctx.clock, account))) return problem('EmailTaken', {})
    await askForProof(tx, ctx.clock.now(), { accountId: account.id, email: account.email, emailKey: account.emailKey })
    return startSession(tx, ctx.clock, account.id)
  })
  if ('code' in result) return result
  return { __typename: 'RegisterSuccess', accountId: account.id, tokens: await tokensFor(ctx, result) } as const
}
