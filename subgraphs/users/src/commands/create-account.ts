import type { Clock } from '@pasar/shared/clock'
import { newId, type Id } from '@pasar/shared/ids'
import type { Locale } from '@pasar/shared/locale'
import { enqueue } from '@pasar/shared/outbox'
import { limits } from '@pasar/shared/limits'
import type { Deps } from '../deps.ts'
import { parseEmail } from '../domain/email.ts'
import type { StaffRole } from '../domain/roles.ts'
import { parseText } from '../domain/text.ts'
import { unusableHash } from '../passwords.ts'
import { findAccountByEmail, insertAccount, type NewAccount } from '../store/accounts.ts'
import type { Tx } from '../store/client.ts'

/** An account that seeds and imports make. */
export interface AccountSeed {
  /** A new one when absent. */
  readonly id?: Id<'account'>
  readonly email: string
  readonly name: string
  /** Nobody can sign in without one before it is set by mail. */
  readonly password?: string
  readonly language?: Locale
  readonly roles?: readonly StaffRole[]
}

/** Puts an account down and tells the market; says no when the e-mail address is taken. */
export async function putAccount(tx: Tx, clock: Clock, account: Omit<NewAccount, 'createdAt'>): Promise<boolean> {
  if (!(await insertAccount(tx, { ...account, createdAt: clock.now() }))) return false
  await enqueue(tx, clock, { type: 'AccountRegistered', aggregateId: account.id, payload: { accountId: account.id } })
  return true
}

/** For seeds and imports, not in the graph: makes an account, or finds the one with this e-mail address. */
export async function createAccount({ db, transaction, clock, passwords }: Deps, seed: AccountSeed): Promise<Id<'account'>> {
  const email = parseEmail(seed.email)
  const known = await findAccountByEmail(db, email.key)
  if (known) return known.id as Id<'account'>
  const { id = newId('account'), language = 'id', roles = [] } = seed
  const name = parseText(seed.name, { field: 'name', max: limits.nameCharactersMax })
  const passwordHash = seed.password === undefined ? unusableHash : await passwords.hash(seed.password)
  const account = { id, email: email.address, emailKey: email.key, name, language, passwordHash, roles: [...roles] }
  if (await transaction((tx) => putAccount(tx, clock, account))) return id
  return createAccount({ db, transaction, clock, passwords } as Deps, seed)
}
