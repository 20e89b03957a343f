import { runCommand } from '@pasar/shared/idempotency'
import { limits } from '@pasar/shared/limits'
import { NotSignedIn, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { askForProof } from '../email-proofs.ts'
import { holdSession } from '../sessions.ts'
import { findAccount } from '../store/accounts.ts'

export async function resendVerification({ viewer, transaction, clock }: UsersContext) {
  const asking = requireAccount(viewer)
  return runCommand(transaction, async (tx) => {
    if (!(await holdSession(tx, clock, asking))) return problem('SessionEnded', {})
    const account = await findAccount(tx, asking.accountId)
    if (!account) throw new NotSignedIn()
    const { id: accountId, email, emailKey, emailVerified } = account
    if (emailVerified) return problem('EmailAlreadyVerified', {})
    const mail = await askForProof(tx, clock.now(), { accountId, email, emailKey })
    if (!mail.allowed) return problem('VerificationMailLimited', { retryAt: mail.endsAt })
    return { __typename: 'ResendVerificationSuccess', expiresInHours: limits.emailProofHours } as const
  })
}
