import { isStaff, type Viewer } from '@pasar/shared/viewer'
import type { ShipmentRow } from './store/shipments.ts'

/** Whether the viewer acts for the shop whose order the shipment carries. */
export const isOfShop = (viewer: Viewer, { shopId }: Pick<ShipmentRow, 'shopId'>): boolean =>
  viewer.kind === 'account' && (viewer.shopIds as readonly string[]).includes(shopId)

/** Whether the viewer buys or sells what the shipment carries. */
export function isParty(viewer: Viewer, { buyerId, shopId }: Pick<ShipmentRow, 'buyerId' | 'shopId'>): boolean {
  return viewer.kind === 'account' && (viewer.accountId === buyerId || isOfShop(viewer, { shopId }))
}

export const maySee = (viewer: Viewer, shipment: Pick<ShipmentRow, 'buyerId' | 'shopId'>): boolean =>
  isParty(viewer, shipment) || isStaff(viewer)
