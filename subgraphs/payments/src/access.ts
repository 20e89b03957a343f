import type { Id } from '@pasar/shared/ids'
import type { Viewer } from '@pasar/shared/identity/viewer'

/** Whether the shop's owner asks: who only helps there has nothing to do with its money. */
export const ownsShop = (viewer: Viewer, shopId: string): boolean =>
  viewer.kind === 'account' && viewer.shopIds.includes(shopId as Id<'shop'>)
