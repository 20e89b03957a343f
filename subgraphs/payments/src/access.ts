import { parseBoundedText } from '@pasar/shared/bounded-text'
import type { Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { isStaff, type AccountViewer, type Viewer } from '@pasar/shared/viewer'
import { enqueue } from '@pasar/shared/outbox'
import type { Deps } from './context.ts'
import type { Tx } from './store/database.ts'

/** Whether an account of this id asks. */
export const isBuyer = (viewer: Viewer, buyerId: string): boolean => viewer.kind === 'account' && viewer.accountId === buyerId

/** Whether someone who may act for the shop asks. */
export const isOfShop = (viewer: Viewer, shopId: string): boolean =>
  viewer.kind === 'account' && viewer.shopIds.includes(shopId as Id<'shop'>)

/** Something that support looked at, for the audit log. */
export interface StaffLook {
  readonly action: string
  readonly subjectId: string
  readonly reason?: string | null
}

/** Trims and bounds the reason that support gives. */
export function parseReason(raw: string | null | undefined): string | null {
  const reason = parseBoundedText(raw ?? '', 'reason', [0, limits.reasonCharactersMax])
  return reason === '' ? null : reason
}

/** A reason that must be there, because others have to understand what was done. */
export const needReason = (raw: string, field: string): string => parseBoundedText(raw, field, [1, limits.reasonCharactersMax])

/** Something that staff did or looked at, for the audit log. */
export interface StaffAct {
  readonly accountId: string
  readonly action: string
  readonly subjectId: string
  readonly reason: string | null
}

/** Notes in the audit log, in the transaction of what was done, that staff did it. */
export const noteAct = (tx: Tx, { clock }: Pick<Deps, 'clock'>, { accountId, ...act }: StaffAct) =>
  enqueue(tx, clock, { type: 'StaffActed', aggregateId: accountId, payload: { actorId: accountId, ...act } })

/** Notes in the audit log (which users keeps) that support or admin looked at something. */
export const noteLook = (
  { transaction, clock }: Pick<Deps, 'transaction' | 'clock'>,
  { accountId }: AccountViewer,
  look: StaffLook,
) =>
  transaction((tx) =>
    noteAct(tx, { clock }, { accountId, action: look.action, subjectId: look.subjectId, reason: look.reason ?? null }),
  )

/** Whether the viewer may see something: its own people at once, support and admin with a note, nobody else. */
export async function maySee(
  deps: Deps,
  viewer: Viewer,
  { own, ...look }: StaffLook & { readonly own: boolean },
): Promise<boolean> {
  if (own) return true
  if (!isStaff(viewer)) return false
  await noteLook(deps, viewer, look)
  return true
}
