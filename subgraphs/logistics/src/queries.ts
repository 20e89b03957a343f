import { regencyCode } from '@pasar/shared/expectations'
import { idParser } from '@pasar/shared/ids'
import { paged } from '@pasar/shared/subgraph/keyset'
import { parseReason } from '@pasar/shared/subgraph/looks'
import { parsePage, type PageArguments } from '@pasar/shared/subgraph/page'
import { parcelOf } from '@pasar/shared/parcel'
import { BadInput } from '@pasar/shared/problems'
import { findRegency } from '@pasar/shared/regions'
import { maySeeShipment } from './access.ts'
import type { LogisticsContext } from './context.ts'
import { offers, type Journey, type Offer } from './domain/rates.ts'
import type { QueryShipmentArgs, ShippingRatesInput } from './generated/resolvers.ts'
import { listCouriers } from './store/couriers.ts'
import type { ShipmentRow } from './store/shipments.ts'

const parseShipmentId = idParser('shipment')

export async function findCouriers({ db }: LogisticsContext, args: PageArguments) {
  const page = parsePage(args)
  return paged(await listCouriers(db, page), page)
}

const weightGramsMax = 1_000_000
const sideMmMax = 10_000

export async function shippingRates({ loaders }: LogisticsContext, input: ShippingRatesInput): Promise<readonly Offer[]> {
  return offers(await loaders.services(), parseJourney(input))
}

function parseJourney(input: ShippingRatesInput): Journey {
  const { originRegencyCode, destinationRegencyCode, weightGrams } = input
  for (const field of ['originRegencyCode', 'destinationRegencyCode'] as const)
    if (!findRegency(input[field])) throw new BadInput(field, regencyCode)
  if (weightGrams < 1 || weightGrams > weightGramsMax)
    throw new BadInput('weightGrams', { id: `1 sampai ${weightGramsMax} gram`, en: `1 to ${weightGramsMax} grams` })
  for (const side of ['lengthMm', 'widthMm', 'heightMm'] as const)
    if (input[side] < 0 || input[side] > sideMmMax)
      throw new BadInput(side, { id: `0 sampai ${sideMmMax} milimeter`, en: `0 to ${sideMmMax} millimetres` })
  return { originRegencyCode, destinationRegencyCode, ...parcelOf([{ ...input, quantity: 1 }]) }
}

/** A shipment for those whom it concerns; support's look is put on record. */
export async function findShipment(ctx: LogisticsContext, look: QueryShipmentArgs): Promise<ShipmentRow | null> {
  const [id, reason] = [parseShipmentId(look.id), parseReason(look.reason)]
  const shipment = await ctx.loaders.shipment.load(id)
  return shipment && (await maySeeShipment(ctx, shipment, reason)) ? shipment : null
}

export async function findHistory({ loaders }: LogisticsContext, shipmentId: string, args: PageArguments) {
  const page = parsePage(args)
  return paged(await loaders.history(page).load(shipmentId), page)
}
