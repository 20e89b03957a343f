import { parseBoundedText } from '@pasar/shared/bounded-text'
import type { Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { isStaff, type Viewer } from '@pasar/shared/viewer'
import type { PaymentsContext } from './context.ts'

/** Whether the shop's owner asks: who only helps there has nothing to do with its money. */
export const ownsShop = (viewer: Viewer, shopId: string): boolean =>
  viewer.kind === 'account' && viewer.shopIds.includes(shopId as Id<'shop'>)

/** A reason that must be there, because others have to understand what was done. */
export const needReason = (raw: string, field: string): string => parseBoundedText(raw, field, [1, limits.reasonCharactersMax])

/** Something that a viewer wants to see. */
export interface Look {
  readonly action: string
  readonly subjectId: string
  /** Whether the viewer may see it without being staff. */
  readonly own: boolean
  readonly reason?: string | null
}

/** Whether the viewer may see something: its own people at once, support and admin with a note, nobody else. */
export async function maySee({ viewer, noteLook }: PaymentsContext, look: Look): Promise<boolean> {
  if (look.own) return true
  if (!isStaff(viewer)) return false
  await noteLook(look.subjectId, { action: look.action, reason: look.reason ?? null })
  return true
}
