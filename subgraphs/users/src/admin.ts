import { runCommand } from '@pasar/shared/idempotency'
import { Forbidden, NotSignedIn } from '@pasar/shared/problems'
import { requireAccount, type AccountViewer } from '@pasar/shared/identity/viewer'
import type { UsersContext } from './context.ts'
import { findAccount, holdAdmin } from './store/accounts.ts'
import type { Tx } from './store/database.ts'

/**
 * Runs a command of an admin; throws Forbidden for whoever is one no longer, and NotSignedIn for whoever only has to sign in again. A token
 * goes on for minutes after its account was suspended or lost the role, or its session was ended because it was stolen, so both are asked
 * themselves, and stay as they are until the command is done: of two admins who take each other's role, one remains.
 */
export function runAsAdmin<R extends object>(
  { viewer, transaction, clock }: UsersContext,
  work: (tx: Tx, actor: AccountViewer) => Promise<R>,
): Promise<R> {
  const actor = requireAccount(viewer)
  return runCommand(transaction, async (tx) => {
    if (!(await holdAdmin(tx, actor, clock.now()))) throw await whyNot(tx, actor)
    return work(tx, actor)
  })
}

async function whyNot(tx: Tx, { accountId }: AccountViewer): Promise<Error> {
  const account = await findAccount(tx, accountId)
  return account?.roles.includes('admin') && !account.suspendedAt ? new NotSignedIn() : new Forbidden()
}
