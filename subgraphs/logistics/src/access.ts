import { maySee } from '@pasar/shared/subgraph/looks'
import { actsFor, isAccount, type Viewer } from '@pasar/shared/identity/viewer'
import type { LogisticsContext } from './context.ts'
import type { ShipmentRow } from './store/shipments.ts'

/** Whether the viewer acts for the shop whose order the shipment carries. */
export const isOfShop = (viewer: Viewer, { shopId }: Pick<ShipmentRow, 'shopId'>): boolean => actsFor(viewer, shopId)

/** Whether the viewer may see a shipment: whoever buys or sells what it carries, and staff, of whom the audit log says so before they do. */
export const maySeeShipment = (
  ctx: LogisticsContext,
  { id: subjectId, buyerId, shopId }: Pick<ShipmentRow, 'id' | 'buyerId' | 'shopId'>,
  reason: string | null = null,
): Promise<boolean> => {
  const own = isAccount(ctx.viewer, buyerId) || isOfShop(ctx.viewer, { shopId })
  return maySee(ctx, { subjectId, action: 'logistics.shipment.view', own, reason })
}
