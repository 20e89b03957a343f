import { isStaff, type Viewer } from '@pasar/shared/viewer'
import type { ShipmentRow } from './store/shipments.ts'

/** Whether the viewer buys or sells what the shipment carries. */
export function isParty(viewer: Viewer, { buyerId, shopId }: Pick<ShipmentRow, 'buyerId' | 'shopId'>): boolean {
  if (viewer.kind !== 'account') return false
  const shops: readonly string[] = viewer.shopIds
  return viewer.accountId === buyerId || shops.includes(shopId)
}

export const maySee = (viewer: Viewer, shipment: Pick<ShipmentRow, 'buyerId' | 'shopId'>): boolean =>
  isParty(viewer, shipment) || isStaff(viewer)
