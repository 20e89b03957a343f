import { enqueue } from '@pasar/shared/outbox'
import type { AccountViewer } from '@pasar/shared/viewer'
import type { LogisticsDeps } from './context.ts'

/** Tells users, who keep the audit log, that support looked at a shipment. */
export const recordLook = (
  { transaction, clock }: Pick<LogisticsDeps, 'transaction' | 'clock'>,
  { accountId }: AccountViewer,
  look: { readonly shipmentId: string; readonly reason: string | null },
): Promise<void> =>
  transaction((tx) => {
    const payload = { actorId: accountId, action: 'logistics.shipment.view', subjectId: look.shipmentId, reason: look.reason }
    return enqueue(tx, clock, { type: 'StaffActed', aggregateId: accountId, payload })
  })
