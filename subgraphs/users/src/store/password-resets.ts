import type { AccountRow, Tx } from './database.ts'

const insertion = `INSERT INTO password_reset (hash, account_id, expires_at)
  SELECT $1, id, $4 FROM account WHERE id = $2 AND email_key = $3 FOR KEY SHARE`

/** Says no where the account has left the address that the token is to be mailed to, which has no say in it any more. */
export const insertPasswordReset = async (
  tx: Tx,
  { hash, account, expiresAt }: { hash: string; account: Pick<AccountRow, 'id' | 'emailKey'>; expiresAt: Date },
): Promise<boolean> => (await tx.$executeRawUnsafe(insertion, hash, account.id, account.emailKey, expiresAt)) > 0

/** Whether a token could be used: looked at before the new password is hashed, because hashing is dear. */
export const passwordResetIsUsable = async (db: Tx, hash: string, at: Date): Promise<boolean> =>
  (await db.passwordReset.count({ where: { hash, expiresAt: { gt: at } } })) > 0

const use = `DELETE FROM password_reset WHERE hash = $1 AND expires_at > $2 RETURNING account_id AS "accountId"`

/** Uses a token up; gives its account, if it was good. */
export async function usePasswordReset(tx: Tx, hash: string, at: Date): Promise<string | undefined> {
  const [used] = await tx.$queryRawUnsafe<{ accountId: string }[]>(use, hash, at)
  return used?.accountId
}
