import { likeText } from '@pasar/shared/bounded-text'
import type { Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { afterId, type Page } from '@pasar/shared/subgraph/page'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { phoneIn } from '../domain/phone.ts'
import { unusableHash } from '../passwords.ts'
import type { AccountRow, Tx } from './database.ts'

/** An account that does not exist yet. */
export type NewAccount = Pick<
  AccountRow,
  'id' | 'email' | 'emailKey' | 'emailVerified' | 'name' | 'language' | 'passwordHash' | 'roles' | 'createdAt'
>

/** Says whether it was made: the e-mail address may be taken. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<boolean> {
  const { count } = await tx.account.createMany({ data: [account], skipDuplicates: true })
  return count === 1
}

export const findAccounts = (db: Tx, ids: readonly string[]): Promise<AccountRow[]> =>
  db.account.findMany({ where: { id: { in: [...ids] } } })

export const findAccount = (db: Tx, id: string): Promise<AccountRow | null> => db.account.findUnique({ where: { id } })

/** What an account may do, as its access tokens say it. */
export interface Rights {
  readonly roles: readonly string[]
  /** Its shops, and those of others in which it helps. */
  readonly own: readonly string[]
  readonly helped: readonly string[]
  /** The number of its last event: each change of the above is one. */
  readonly rights: number
}

/** In one statement, so that a token never says an older right with a newer number. */
const rightsOf = `SELECT a.roles, coalesce(s.seq, 0)::integer AS rights,
    ARRAY(SELECT id FROM shop WHERE owner_id = a.id ORDER BY id) AS own,
    ARRAY(SELECT shop_id FROM shop_member WHERE account_id = a.id ORDER BY shop_id) AS helped
  FROM account a LEFT JOIN aggregate_sequence s ON s.aggregate_id = a.id WHERE a.id = $1`

/** The rights of an account; none where it is gone. */
export async function findRights(db: Tx, id: string): Promise<Rights> {
  const [rights] = await db.$queryRawUnsafe<Rights[]>(rightsOf, id)
  return rights ?? { roles: [], own: [], helped: [], rights: 0 }
}

const hold = `SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE`

/** Whether there is such an account; nobody else changes or erases it until the transaction ends. */
export const holdAccount = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.$queryRawUnsafe<object[]>(hold, id)).length > 0

/** Whether any account has a password. */
export const hasPasswords = async (db: Tx): Promise<boolean> =>
  (await db.account.findFirst({ where: { passwordHash: { not: unusableHash } }, select: { id: true } })) !== null

export const findAccountByEmail = (db: Tx, emailKey: string): Promise<AccountRow | null> =>
  db.account.findUnique({ where: { emailKey } })

export const findAccountsByEmail = (db: Tx, emailKeys: readonly string[]): Promise<AccountRow[]> =>
  db.account.findMany({ where: { emailKey: { in: [...emailKeys] } } })

const conditionOf = (search: string) => {
  if (search.startsWith('usr_')) return { id: search }
  if (search.includes('@')) return { emailKey: { startsWith: likeText(search.toLowerCase()) } }
  const phone = phoneIn(search)
  if (phone !== undefined) return { phone }
  return { name: { contains: likeText(search), mode: 'insensitive' as const } }
}

/** Newest first; one more than asked for. */
export function searchAccounts(db: Tx, search: string | undefined, page: Page): Promise<AccountRow[]> {
  const after = afterId(page)
  const before = after === undefined ? {} : { id: { lt: after } }
  const where = { AND: [before, search === undefined ? {} : conditionOf(search)] }
  return db.account.findMany({ where, orderBy: { id: 'desc' }, take: page.first + 1 })
}

/** Says whether there is such an account. */
export async function updateProfile(
  tx: Tx,
  id: string,
  change: Partial<Pick<AccountRow, 'name' | 'phone' | 'language'>>,
): Promise<boolean> {
  const { count } = await tx.account.updateMany({ where: { id }, data: change })
  return count > 0
}

const stayHere = `DELETE FROM email_proof p USING account a WHERE p.account_id = $1 AND a.id = $1 AND p.email_key <> a.email_key`

/** Sets a password; with `from` only if it is still that one. Tokens that were mailed for the old one are void, as is a move to another address. */
export async function replacePassword(tx: Tx, id: string, { from, to }: { from?: string; to: string }): Promise<boolean> {
  const { count } = await tx.account.updateMany({
    where: { id, ...(from !== undefined && { passwordHash: from }) },
    data: { passwordHash: to },
  })
  if (count === 0) return false
  await tx.passwordReset.deleteMany({ where: { accountId: id } })
  await tx.$executeRawUnsafe(stayHere, id)
  return true
}

/** Puts down that somebody who acts for the account reads the mail of an address; says no where its address is another one. */
export async function proveEmail(tx: Tx, { id, emailKey }: Pick<AccountRow, 'id' | 'emailKey'>): Promise<boolean> {
  const { count } = await tx.account.updateMany({ where: { id, emailKey }, data: { emailVerified: true } })
  return count > 0
}

/**
 * Gives an account an address that it has proven. Whoever reads the mail of the one before can reset its password no longer. Fails where
 * somebody else has it (isTaken).
 */
export async function replaceEmail(
  tx: Tx,
  before: Pick<AccountRow, 'id' | 'emailKey'>,
  { email, emailKey }: Pick<AccountRow, 'email' | 'emailKey'>,
): Promise<void> {
  const { id } = before
  await tx.account.update({ where: { id }, data: { email, emailKey, emailVerified: true }, select: { id: true } })
  if (before.emailKey !== emailKey) await tx.passwordReset.deleteMany({ where: { accountId: id } })
}

/** Whether an account was asked to prove its address and has not done so. */
export const owesProof = async (db: Tx, id: string): Promise<boolean> =>
  (await db.account.count({ where: { id, emailVerified: false } })) > 0

/** A stronger hash of the same password; says no when the account has another hash by now. */
export async function rehashPassword(tx: Tx, id: string, { from, to }: { from: string; to: string }): Promise<boolean> {
  const { count } = await tx.account.updateMany({ where: { id, passwordHash: from }, data: { passwordHash: to } })
  return count > 0
}

const forSignIn = `SELECT suspended_at AS "suspendedAt" FROM account WHERE id = $1 AND password_hash = $2 FOR NO KEY UPDATE`

/**
 * An account that still has the password that was checked. Until the transaction ends nobody gives it another one, suspends it or signs in to
 * it: whoever comes to end its sessions sees the one that begins here.
 */
export async function holdForSignIn(tx: Tx, { id, passwordHash }: Pick<AccountRow, 'id' | 'passwordHash'>) {
  const [account] = await tx.$queryRawUnsafe<Pick<AccountRow, 'suspendedAt'>[]>(forSignIn, id, passwordHash)
  return account
}

const admin = `SELECT 1 FROM account a JOIN session s ON s.account_id = a.id
  WHERE a.id = $1 AND a.suspended_at IS NULL AND 'admin' = ANY (a.roles) AND s.id = $2 AND s.ended_at IS NULL AND s.expires_at > $3 FOR SHARE`

/** Whether an account is an admin's now, in a session that goes on. Whoever takes the role or ends the session waits until the transaction ends. */
export const holdAdmin = async (tx: Tx, { accountId, sessionId }: AccountViewer, at: Date): Promise<boolean> =>
  (await tx.$queryRawUnsafe<object[]>(admin, accountId, sessionId, at)).length > 0

/** Says whether it changed anything. */
export async function suspendAccount(tx: Tx, id: string, { at, reason }: { at: Date; reason: string }): Promise<boolean> {
  const { count } = await tx.account.updateMany({
    where: { id, suspendedAt: null },
    data: { suspendedAt: at, suspensionReason: reason },
  })
  return count > 0
}

/** Says whether it changed anything. */
export async function reinstateAccount(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.account.updateMany({
    where: { id, NOT: { suspendedAt: null } },
    data: { suspendedAt: null, suspensionReason: null },
  })
  return count > 0
}

const grant = `UPDATE account SET roles = array_append(roles, $2) WHERE id = $1 AND NOT $2 = ANY (roles)`
const revoke = `UPDATE account SET roles = array_remove(roles, $2) WHERE id = $1 AND $2 = ANY (roles)`

/** Says whether the account did not have the role before. */
export const addRole = async (tx: Tx, id: string, role: string): Promise<boolean> =>
  (await tx.$executeRawUnsafe(grant, id, role)) > 0

/** Says whether the account had the role. */
export const removeRole = async (tx: Tx, id: string, role: string): Promise<boolean> =>
  (await tx.$executeRawUnsafe(revoke, id, role)) > 0

export async function freeAddressPlace(tx: Tx, id: Id<'account'>): Promise<void> {
  await tx.account.update({ where: { id }, data: { addressCount: { decrement: 1 } } })
}

/** Counts one more shop of the account; says no when it has as many as it may have. */
export async function takeShopPlace(tx: Tx, id: Id<'account'>): Promise<boolean> {
  const { count } = await tx.account.updateMany({
    where: { id, shopCount: { lt: limits.shopsPerAccountMax } },
    data: { shopCount: { increment: 1 } },
  })
  return count > 0
}
