import { runCommand } from '@pasar/shared/idempotency'
import { Forbidden } from '@pasar/shared/problems'
import { requireAccount, type AccountViewer } from '@pasar/shared/viewer'
import type { UsersContext } from './context.ts'
import { holdAdmin } from './store/accounts.ts'
import type { Tx } from './store/client.ts'

/**
 * Runs a command of an admin; throws Forbidden for whoever is one no longer. A token goes on for minutes after its account was suspended or
 * lost the role, so the account itself is asked, and stays as it is until the command is done: of two admins who take each other's role, one
 * remains.
 */
export function runAsAdmin<R extends object>(
  { viewer, transaction }: UsersContext,
  work: (tx: Tx, actor: AccountViewer) => Promise<R>,
): Promise<R> {
  const actor = requireAccount(viewer)
  return runCommand(transaction, async (tx) => {
    if (!(await holdAdmin(tx, actor.accountId))) throw new Forbidden()
    return work(tx, actor)
  })
}
