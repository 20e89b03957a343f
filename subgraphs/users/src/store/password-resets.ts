import type { Tx } from './client.ts'

export async function insertPasswordReset(
  tx: Tx,
  reset: { readonly hash: string; readonly accountId: string; readonly expiresAt: Date },
): Promise<void> {
  await tx.passwordReset.create({ data: reset })
}

const usable = (hash: string, at: Date) => ({ hash, usedAt: null, expiresAt: { gt: at } })

/** Whether a token could be used: looked at before the new password is hashed, because hashing is dear. */
export const passwordResetIsUsable = async (db: Tx, hash: string, at: Date): Promise<boolean> =>
  (await db.passwordReset.count({ where: usable(hash, at) })) > 0

/** Uses a token up; gives its account, if it was good. */
export async function usePasswordReset(tx: Tx, hash: string, at: Date): Promise<string | undefined> {
  const [used] = await tx.passwordReset.updateManyAndReturn({ where: usable(hash, at), data: { usedAt: at } })
  return used?.accountId
}
