import type { Clock } from './clock.ts'
import { byKey } from './loader.ts'
import { enqueueAll } from './outbox.ts'
import type { SqlSeam } from './seam.ts'
import type { Transaction } from './transaction.ts'
import type { Viewer } from './viewer.ts'

/** What the audit log says of a look beside who looked at what. */
export interface LookEntry {
  readonly action: string
  readonly reason: string | null
}

/** Puts a look into the audit log; resolves when it is there, and only then may anything be shown. */
export type NoteLook = (subjectId: string, entry: LookEntry) => Promise<void>

/**
 * Tells users, who keep the audit log, what staff look into: once per request and subject, as it was first said, and all that one step of a
 * request looks at in one transaction.
 */
export function openLooks<Tx extends SqlSeam>(
  { transaction, clock }: { readonly transaction: Transaction<Tx>; readonly clock: Clock },
  viewer: Viewer,
): NoteLook {
  const entries = new Map<string, LookEntry>()
  const looks = byKey(
    async (ids: readonly string[]) => {
      if (viewer.kind !== 'account') throw new Error('nobody but staff looks at what is of others')
      const { accountId } = viewer
      const events = ids.map((subjectId) => ({
        type: 'StaffActed' as const,
        aggregateId: accountId,
        payload: { actorId: accountId, subjectId, ...entries.get(subjectId)! },
      }))
      await transaction((tx) => enqueueAll(tx, clock, events))
      return ids
    },
    (id) => id,
  )
  return async (subjectId, entry) => {
    if (!entries.has(subjectId)) entries.set(subjectId, entry)
    await looks.load(subjectId)
  }
}
