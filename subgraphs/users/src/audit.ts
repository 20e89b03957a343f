import type { AccountViewer } from '@pasar/shared/viewer'
import type { Clock } from '@pasar/shared/clock'
import { insertAuditEntries } from './store/audit.ts'
import type { Tx } from './store/client.ts'

/** What staff did here. */
export interface StaffAct {
  readonly actor: AccountViewer
  readonly action: string
  readonly subjectId: string
  readonly reason: string | null
}

/** Puts a staff act into the audit log. */
export const recordAct = (tx: Tx, clock: Clock, { actor, action, subjectId, reason }: StaffAct): Promise<void> =>
  insertAuditEntries(tx, [{ occurredAt: clock.now(), actorId: actor.accountId, action, subjectId, reason, domain: 'users' }])
