import type { AccountRow, Tx } from './database.ts'
import { findAccount } from './accounts.ts'

const hold = `SELECT 1 FROM account WHERE id = $1 AND password_hash = $2 FOR UPDATE`

/**
 * An account that still has the password that was checked. Until the transaction ends nobody signs in to it, opens a shop for it, suspends
 * it or gives it a role: they wait, and find none.
 */
export async function holdForErasure(tx: Tx, { id, passwordHash }: Pick<AccountRow, 'id' | 'passwordHash'>) {
  const [held] = await tx.$queryRawUnsafe<object[]>(hold, id, passwordHash)
  return held && findAccount(tx, id)
}

/** Removes an account with everything that users keeps of it. */
export async function removeAccount(tx: Tx, { id, emailKey }: Pick<AccountRow, 'id' | 'emailKey'>): Promise<void> {
  await tx.shopMember.deleteMany({ where: { accountId: id } })
  await tx.shopInvitation.deleteMany({ where: { emailKey } })
  await tx.mailJob.deleteMany({ where: { OR: [{ emailKey }, { accountId: id }] } })
  await tx.emailProof.deleteMany({ where: { accountId: id } })
  await tx.passwordReset.deleteMany({ where: { accountId: id } })
  // Whoever adds a notification holds the box: none comes behind it.
  await tx.notificationBox.deleteMany({ where: { accountId: id } })
  await tx.notification.deleteMany({ where: { accountId: id } })
  await tx.session.deleteMany({ where: { accountId: id } })
  await tx.address.deleteMany({ where: { accountId: id } })
  // The hash of an address is as good as the address to whoever has a guess.
  await tx.idempotencyRecord.deleteMany({ where: { scope: 'addAddress', actor: id } })
  await tx.account.delete({ where: { id } })
}
