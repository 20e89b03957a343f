import { actsFor, isAccount, isStaff, type Viewer } from '@pasar/shared/viewer'
import type { LogisticsContext } from './context.ts'
import type { ShipmentRow } from './store/shipments.ts'

/** Whether the viewer acts for the shop whose order the shipment carries. */
export const isOfShop = (viewer: Viewer, { shopId }: Pick<ShipmentRow, 'shopId'>): boolean => actsFor(viewer, shopId)

/** Whether the viewer buys or sells what the shipment carries. */
export const isParty = (viewer: Viewer, { buyerId, shopId }: Pick<ShipmentRow, 'buyerId' | 'shopId'>): boolean =>
  isAccount(viewer, buyerId) || isOfShop(viewer, { shopId })

/** Whether the viewer may see a shipment. Staff may see those of others, and the audit log says so before they do. */
export async function maySee(
  { viewer, noteLook }: LogisticsContext,
  shipment: Pick<ShipmentRow, 'id' | 'buyerId' | 'shopId'>,
  reason: string | null = null,
): Promise<boolean> {
  if (isParty(viewer, shipment)) return true
  if (!isStaff(viewer)) return false
  await noteLook(shipment.id, { action: 'logistics.shipment.view', reason })
  return true
}
