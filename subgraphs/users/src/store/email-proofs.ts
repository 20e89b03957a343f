import type { Tx } from './database.ts'

/** An address that an account is to prove. */
export interface Proof {
  readonly accountId: string
  readonly email: string
  readonly emailKey: string
}

const ask = `INSERT INTO email_proof (account_id, email, email_key, expires_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (account_id) DO UPDATE
    SET email = excluded.email, email_key = excluded.email_key, token_hash = NULL, expires_at = excluded.expires_at`

/** An account proves one address at a time: the token of what it was to prove before is void. */
export const putEmailProof = (tx: Tx, { accountId, email, emailKey }: Proof, expiresAt: Date): Promise<number> =>
  tx.$executeRawUnsafe(ask, accountId, email, emailKey, expiresAt)

/** An address to prove as its mail needs it. */
export interface ProofToSend {
  readonly email: string
  readonly language: string
}

const toSend = `UPDATE email_proof p SET token_hash = $3, expires_at = $5 FROM account a
  WHERE p.account_id = $1 AND p.email_key = $2 AND p.expires_at > $4 AND a.id = p.account_id
    AND NOT EXISTS (SELECT FROM account o WHERE o.email_key = p.email_key AND o.id <> p.account_id)
  RETURNING p.email, a.language`

/** Gives an address that is still to be proven the token that its mail will carry; none where it is somebody else's. */
export async function giveProofToken(
  db: Tx,
  { accountId, emailKey }: Pick<Proof, 'accountId' | 'emailKey'>,
  { hash, at, expiresAt }: { hash: string; at: Date; expiresAt: Date },
): Promise<ProofToSend | undefined> {
  const [proof] = await db.$queryRawUnsafe<ProofToSend[]>(toSend, accountId, emailKey, hash, at, expiresAt)
  return proof
}

const use = `DELETE FROM email_proof WHERE token_hash = $1 AND account_id = $2 AND expires_at > $3
  RETURNING email, email_key AS "emailKey"`

/** Uses the token of an account up; gives the address that it proves, if it was good. */
export async function useEmailProof(tx: Tx, hash: string, { accountId, at }: { accountId: string; at: Date }) {
  const [used] = await tx.$queryRawUnsafe<Pick<Proof, 'email' | 'emailKey'>[]>(use, hash, accountId, at)
  return used
}
