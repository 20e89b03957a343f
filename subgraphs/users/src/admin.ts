import { runCommand } from '@pasar/shared/idempotency'
import { Forbidden } from '@pasar/shared/problems'
import { requireAccount, type AccountViewer } from '@pasar/shared/viewer'
import type { UsersContext } from './context.ts'
import { holdAdmin } from './store/accounts.ts'
import type { Tx } from './store/client.ts'

/**
 * Runs a command of an admin; throws Forbidden for whoever is one no longer. A token goes on for minutes after its account was suspended or
 * lost the role, or its session was ended because it was stolen, so both are asked themselves, and stay as they are until the command is
 * done: of two admins who take each other's role, one remains.
 */
export function runAsAdmin<R extends object>(
  { viewer, transaction, clock }: UsersContext,
  work: (tx: Tx, actor: AccountViewer) => Promise<R>,
): Promise<R> {
  const actor = requireAccount(viewer)
  return runCommand(transaction, async (tx) => {
    if (!(await holdAdmin(tx, actor, clock.now()))) throw new Forbidden()
    return work(tx, actor)
  })
}
