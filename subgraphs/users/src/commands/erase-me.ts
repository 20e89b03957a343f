import type { Clock } from '@pasar/shared/clock'
import { runCommand } from '@pasar/shared/idempotency'
import { minorUnits } from '@pasar/shared/money'
import { enqueue } from '@pasar/shared/events/outbox'
import { Conflict, NotSignedIn, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parsePassword } from '../domain/password.ts'
import { roleNamesOf } from '../domain/roles.ts'
import type { EraseMeInput } from '../generated/resolvers.ts'
import { endSessions } from '../sessions.ts'
import { findAccount } from '../store/accounts.ts'
import type { AccountRow, Tx } from '../store/database.ts'
import { holdForErasure, removeAccount } from '../store/erasure.ts'
import { findUnfinished } from '../unfinished.ts'
import { checkPassword, isAccount } from './sign-in.ts'

/** Why an account stays, whatever is under way: its records are the market's, or erasing would undo a suspension. */
function whyKept({ suspendedAt, roles, shopCount }: AccountRow) {
  if (suspendedAt) return problem('SignInSuspended', {})
  const all = roleNamesOf(roles, shopCount)
  return all.length > 0 ? problem('AccountKeepsBusiness', { shops: shopCount, roles: all }) : undefined
}

async function present({ db }: UsersContext, accountId: string): Promise<AccountRow> {
  const account = await findAccount(db, accountId)
  if (!account) throw new NotSignedIn()
  return account
}

export async function eraseMe(ctx: UsersContext, input: EraseMeInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const password = parsePassword(input.password, 'password')
  const leaving = { accountId, givenUp: minorUnits(input.giveUpBalance ?? 0n, 'giveUpBalance') }
  const { emailKey } = await present(ctx, accountId)
  const found = await checkPassword(ctx, emailKey, password)
  if (found && !isAccount(found)) return found
  // It may be erased by now, and its address be somebody else's.
  if (found?.id !== accountId) await present(ctx, accountId)
  if (found?.id !== accountId) return problem('PasswordWrong', {})
  const refused = whyKept(found) ?? (await findUnfinished(ctx, leaving))
  return refused ?? runCommand(ctx.transaction, (tx) => erase(tx, ctx.clock, found))
}

async function erase(tx: Tx, clock: Clock, checked: AccountRow) {
  const account = await holdForErasure(tx, checked)
  if (!account) throw await lost(tx, checked)
  const kept = whyKept(account)
  if (kept) return kept
  const { id: accountId } = account
  const endedSessions = await endSessions(tx, clock, { accountId, reason: 'ERASED' })
  await removeAccount(tx, account)
  await enqueue(tx, clock, { type: 'AccountErased', aggregateId: accountId, payload: { accountId } })
  return { __typename: 'EraseMeSuccess', endedSessions } as const
}

/** Somebody else was quicker: with the same, or with another password. */
const lost = async (tx: Tx, { id }: AccountRow) =>
  (await findAccount(tx, id))
    ? new Conflict({ id: 'Kata sandi diubah pada saat yang sama', en: 'The password was changed at the same time' })
    : new NotSignedIn()
