import { limits } from '@pasar/shared/limits'
import type { Tx } from './store/database.ts'
import { putEmailProof, type Proof } from './store/email-proofs.ts'
import { insertMailJob } from './store/mail-jobs.ts'

/** When the token of a mail that is made now is too old. */
export const proofExpiry = (at: Date): Date => new Date(at.getTime() + limits.emailProofHours * 3_600_000)

/** Has a mail sent by which an account proves an address, unless it got enough of them; says which, and when the hour ends. */
export async function askForProof(tx: Tx, at: Date, proof: Proof): Promise<{ allowed: boolean; endsAt: Date }> {
  const { emailKey, accountId } = proof
  const mail = await insertMailJob(tx, { kind: 'EMAIL_PROOF', emailKey, accountId, at })
  if (mail.allowed) await putEmailProof(tx, proof, proofExpiry(at))
  return mail
}
