import { parseBoundedText } from '../bounded-text.ts'
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { byKeyOf } from './loader.ts'
import { enqueueAll } from '../events/outbox.ts'
import type { SqlSeam } from '../postgres/seam.ts'
import type { Transaction } from '../postgres/transaction.ts'
import { isStaff, type Viewer } from '../identity/viewer.ts'

/** What the audit log says of a look beside who looked at what. */
export interface LookEntry {
  readonly action: string
  readonly reason: string | null
}

/** What staff did, or looked at. */
export interface StaffAct extends LookEntry {
  readonly subjectId: string
}

/** The event that tells users, who keep the audit log, what staff did; it goes out with the change itself. */
export const staffActed = (actorId: string, act: StaffAct) =>
  ({ type: 'StaffActed', aggregateId: actorId, payload: { actorId, ...act } }) as const

/** Puts a look into the audit log; resolves when it is there, and only then may anything be shown. */
export type NoteLook = (subjectId: string, entry: LookEntry) => Promise<void>

/** Something that a viewer wants to see. */
export interface Look {
  readonly subjectId: string
  readonly action: string
  /** Whether the viewer may see it without being staff. */
  readonly own: boolean
  readonly reason?: string | null
}

/** Whether a viewer may see something: its own people at once, staff when the audit log says so, nobody else. */
export async function maySee(
  { viewer, noteLook }: { readonly viewer: Viewer; readonly noteLook: NoteLook },
  { subjectId, action, own, reason = null }: Look,
): Promise<boolean> {
  if (own) return true
  if (!isStaff(viewer)) return false
  await noteLook(subjectId, { action, reason })
  return true
}

/** Trims and bounds the reason that staff give where they need not give one. */
export function parseReason(raw: string | null | undefined): string | null {
  const reason = parseBoundedText(raw ?? '', 'reason', [0, limits.reasonCharactersMax])
  return reason === '' ? null : reason
}

/** A reason that staff must give: whoever it is done to may read it, and admins do in the audit log. */
export const needReason = (raw: string, field = 'reason'): string => parseBoundedText(raw, field, [1, limits.reasonCharactersMax])

/**
 * Tells users, who keep the audit log, what staff look into: once per request, subject and action, as it was first said, and all that one step
 * of a request looks at in one transaction.
 */
export function openLooks<Tx extends SqlSeam>(
  { transaction, clock }: { readonly transaction: Transaction<Tx>; readonly clock: Clock },
  viewer: Viewer,
): NoteLook {
  const entries = new Map<string, StaffAct>()
  const looks = byKeyOf(
    async (names: readonly string[]) => {
      if (viewer.kind !== 'account') throw new Error('nobody but staff looks at what is of others')
      const events = names.map((name) => staffActed(viewer.accountId, entries.get(name)!))
      await transaction((tx) => enqueueAll(tx, clock, events))
      return names
    },
    (name) => name,
  )
  return async (subjectId, entry) => {
    const name = `${entry.action} ${subjectId}`
    if (!entries.has(name)) entries.set(name, { ...entry, subjectId })
    await looks.load(name)
  }
}
