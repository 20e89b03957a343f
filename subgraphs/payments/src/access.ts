import { parseBoundedText } from '@pasar/shared/bounded-text'
import type { Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import type { Viewer } from '@pasar/shared/viewer'

/** Whether the shop's owner asks: who only helps there has nothing to do with its money. */
export const ownsShop = (viewer: Viewer, shopId: string): boolean =>
  viewer.kind === 'account' && viewer.shopIds.includes(shopId as Id<'shop'>)

/** A reason that must be there, because others have to understand what was done. */
export const needReason = (raw: string, field: string): string => parseBoundedText(raw, field, [1, limits.reasonCharactersMax])
