import type { AccountViewer } from '@pasar/shared/identity/viewer'
import type { Clock } from '@pasar/shared/clock'
import { insertAuditEntries } from './store/audit.ts'
import type { Tx } from './store/database.ts'

/** What staff did here. */
export interface StaffAct {
  readonly actor: AccountViewer
  readonly action: string
  readonly subjectId: string
  readonly reason: string | null
}

/** Puts staff acts into the audit log. */
export function recordActs(tx: Tx, clock: Clock, acts: readonly StaffAct[]): Promise<void> {
  const occurredAt = clock.now()
  return insertAuditEntries(
    tx,
    acts.map(({ actor, ...act }) => ({ ...act, occurredAt, actorId: actor.accountId, domain: 'users' })),
  )
}

/** Puts a staff act into the audit log. */
export const recordAct = (tx: Tx, clock: Clock, act: StaffAct): Promise<void> => recordActs(tx, clock, [act])
