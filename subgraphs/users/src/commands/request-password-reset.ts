import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from '../context.ts'
import { parseEmail } from '../domain/email.ts'
import type { RequestPasswordResetInput } from '../generated/resolvers.ts'
import { insertMailJob } from '../store/mail-jobs.ts'

/** Does not look whether there is such an account: whoever sends the mail does. So the answer cannot tell, nor the time it takes. */
export async function requestPasswordReset({ db, clock }: UsersContext, input: RequestPasswordResetInput) {
  const { key: emailKey } = parseEmail(input.email)
  const { allowed, endsAt } = await insertMailJob(db, { kind: 'PASSWORD_RESET', emailKey, at: clock.now() })
  if (!allowed) return problem('ResetMailLimited', { retryAt: endsAt })
  return { __typename: 'RequestPasswordResetSuccess', expiresInMinutes: limits.resetTokenMinutes } as const
}
