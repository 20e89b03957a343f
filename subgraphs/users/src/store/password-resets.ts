import type { Tx } from './database.ts'

export async function insertPasswordReset(
  tx: Tx,
  reset: { readonly hash: string; readonly accountId: string; readonly expiresAt: Date },
): Promise<void> {
  await tx.passwordReset.create({ data: reset })
}

/** Whether a token could be used: looked at before the new password is hashed, because hashing is dear. */
export const passwordResetIsUsable = async (db: Tx, hash: string, at: Date): Promise<boolean> =>
  (await db.passwordReset.count({ where: { hash, expiresAt: { gt: at } } })) > 0

const use = `DELETE FROM password_reset WHERE hash = $1 AND expires_at > $2 RETURNING account_id AS "accountId"`

/** Uses a token up; gives its account, if it was good. */
export async function usePasswordReset(tx: Tx, hash: string, at: Date): Promise<string | undefined> {
  const [used] = await tx.$queryRawUnsafe<{ accountId: string }[]>(use, hash, at)
  return used?.accountId
}
