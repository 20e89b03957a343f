import type { Clock } from '@pasar/shared/clock'
import { byKey } from '@pasar/shared/loader'
import { enqueueAll } from '@pasar/shared/outbox'
import type { Transaction } from '@pasar/shared/transaction'
import type { Viewer } from '@pasar/shared/viewer'
import type { Tx } from './store/client.ts'

/**
 * Tells users, who keep the audit log, that staff looked at a shipment, before anything of it is shown: once per request and shipment, with
 * the first reason that is given, and all that one step of a request looks at in one transaction.
 */
export function openLooks({ transaction, clock }: { transaction: Transaction<Tx>; clock: Clock }, viewer: Viewer) {
  const reasons = new Map<string, string | null>()
  const looks = byKey(
    async (ids: readonly string[]) => {
      if (viewer.kind !== 'account') throw new Error('nobody but staff looks at the shipments of others')
      const { accountId } = viewer
      const entryOf = (subjectId: string) => ({
        subjectId,
        action: 'logistics.shipment.view',
        reason: reasons.get(subjectId) ?? null,
      })
      const events = ids.map((id) => ({
        type: 'StaffActed' as const,
        aggregateId: accountId,
        payload: { actorId: accountId, ...entryOf(id) },
      }))
      await transaction((tx) => enqueueAll(tx, clock, events))
      return ids
    },
    (id) => id,
  )
  return async (shipmentId: string, reason: string | null = null): Promise<void> => {
    if (!reasons.has(shipmentId)) reasons.set(shipmentId, reason)
    await looks.load(shipmentId)
  }
}
