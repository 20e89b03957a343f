import type { Clock } from '@pasar/shared/clock'
import { newId, type Id } from '@pasar/shared/ids'
import { enqueue, type NewEvent } from '@pasar/shared/events/outbox'
import { limits } from '@pasar/shared/limits'
import type { UsersDeps } from '../context.ts'
import { parseEmail } from '../domain/email.ts'
import type { StaffRole } from '../domain/roles.ts'
import { parseText } from '../domain/text.ts'
import { unusableHash, type Passwords } from '../passwords.ts'
import { findAccountByEmail, insertAccount, type NewAccount } from '../store/accounts.ts'
import type { Tx } from '../store/database.ts'

/** An account that is made by something else than the graph. */
export interface AccountSeed {
  /** A new one when absent. */
  readonly id?: Id<'account'>
  readonly email: string
  readonly name: string
  /** Nobody can sign in without one before it is set by mail. */
  readonly password?: string
  readonly roles?: readonly StaffRole[]
}

/** The event of a new account. */
export const accountRegistered = (accountId: string): NewEvent => ({
  type: 'AccountRegistered',
  aggregateId: accountId,
  payload: { accountId },
})

/** Checks a seed and makes an account of it, of somebody who reads Indonesian. */
export async function accountOf(
  { id, email: rawEmail, name, password, roles = [] }: AccountSeed & { readonly id: Id<'account'> },
  passwords: Pick<Passwords, 'hash'>,
) {
  const email = parseEmail(rawEmail)
  const names = {
    email: email.address,
    emailKey: email.key,
    name: parseText(name, { field: 'name', max: limits.nameCharactersMax }),
  }
  const passwordHash = password === undefined ? unusableHash : await passwords.hash(password)
  return { id, ...names, emailVerified: null, language: 'id', passwordHash, roles: [...roles] }
}

/** Puts an account down and tells the market; says no when the e-mail address is taken. */
export async function putAccount(tx: Tx, clock: Clock, account: Omit<NewAccount, 'createdAt'>): Promise<boolean> {
  if (!(await insertAccount(tx, { ...account, createdAt: clock.now() }))) return false
  await enqueue(tx, clock, accountRegistered(account.id))
  return true
}

/** For proofs and journeys, not in the graph: makes an account, or finds the one with this e-mail address. */
export async function createAccount(deps: UsersDeps, seed: AccountSeed): Promise<Id<'account'>> {
  const known = await findAccountByEmail(deps.db, parseEmail(seed.email).key)
  if (known) return known.id as Id<'account'>
  const account = await accountOf({ ...seed, id: seed.id ?? newId('account') }, deps.passwords)
  if (await deps.transaction((tx) => putAccount(tx, deps.clock, account))) return account.id
  return createAccount(deps, seed)
}
