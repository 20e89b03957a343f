import { parseIdempotencyKey, runOnce, type IdempotencyKeyReused } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { isRefusal, problem, type Problem } from '@pasar/shared/problems'
import { actsFor, requireAccount, type AccountViewer } from '@pasar/shared/identity/viewer'
import type { LogisticsContext } from '../context.ts'
import { pickupPossibleIn, type Status } from '../domain/shipment.ts'
import type { RequestPickupInput } from '../generated/resolvers.ts'
import type { Tx } from '../store/database.ts'
import { findShipments, savePickupRequested, type ShipmentRow } from '../store/shipments.ts'

type RequestPickupResult =
  | { readonly __typename: 'RequestPickupSuccess'; readonly shipmentId: string }
  | Problem<'ShipmentNotFound', { shipmentId: string }>
  | Problem<'PickupNotPossible', { shipmentId: string; status: Status }>

const parseShipmentId = idParser('shipment')

export async function requestPickup(
  ctx: LogisticsContext,
  input: RequestPickupInput,
): Promise<RequestPickupResult | IdempotencyKeyReused> {
  const sender = requireAccount(ctx.viewer)
  const shipmentId = parseShipmentId(input.shipmentId, 'shipmentId')
  const attempt = {
    scope: 'requestPickup',
    actor: sender.accountId,
    key: parseIdempotencyKey(input.idempotencyKey),
    input: { shipmentId },
  }
  const outcome = await runOnce<Tx, RequestPickupResult>(ctx, attempt, async (tx) => {
    const now = ctx.clock.now()
    const [shipment] = await findShipments(tx, [shipmentId])
    if (!shipment || !sends(sender, shipment)) return problem('ShipmentNotFound', { shipmentId })
    const isFirst = await savePickupRequested(tx, { id: shipmentId, now, status: pickupPossibleIn })
    if (!isFirst) return problem('PickupNotPossible', { shipmentId, status: shipment.status })
    return { __typename: 'RequestPickupSuccess', shipmentId }
  })
  if (isRefusal(outcome)) return outcome
  // A key may be older than its account's right to see the parcel.
  const shipment = await ctx.loaders.shipment.load(shipmentId)
  return shipment && sends(sender, shipment) ? outcome : problem('ShipmentNotFound', { shipmentId })
}

/** The shop sends an order, its buyer sends a return. */
const sends = (sender: AccountViewer, { direction, shopId, buyerId }: ShipmentRow) =>
  direction === 'RETURN' ? sender.accountId === buyerId : actsFor(sender, shopId)
