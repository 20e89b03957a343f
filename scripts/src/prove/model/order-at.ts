import { newId } from '@pasar/shared/ids'
import { rowsOf } from '../world/acts.ts'
import type { Model } from './model.ts'
import type { ModelOrder, ModelOrderState } from './order.ts'
import { order, outside, taken, type Real } from './real.ts'

/** An order that something is about to happen to, in the model and in the market. */
export interface OrderAt {
  readonly model: Model
  readonly real: Real
  readonly one: ModelOrder
  readonly id: string
  /** Decides what the name of a step leaves open. */
  readonly dice: number
}

/** Something that people or a courier do with an order. */
export interface OrderStep {
  readonly name: string
  readonly from: readonly ModelOrderState[]
  readonly when?: (model: Model, one: ModelOrder) => boolean
  /** What leads on comes more often than what ends an order, or few would grow old. */
  readonly often?: number
  run(at: OrderAt): Promise<void>
}

type Who = 'buyer' | 'seller' | 'staff'

const as = (who: Who, { real, one }: OrderAt) =>
  ({ buyer: real.buyer.viewer, seller: real.goods[one.good]!.shop.owner, staff: real.staff })[who]

/** A mutation by somebody about an order. */
export const does = (at: OrderAt, who: Who, [field, input = {}]: readonly [field: string, input?: object]): Promise<void> =>
  order(at.real, as(who, at), [field, { orderId: at.id, idempotencyKey: newId('movement'), ...input }])

type Way = 'OUTBOUND' | 'RETURN'

/** The parcel that goes one way. */
async function parcelOf({ real, id }: OrderAt, way: Way) {
  const [parcel] = await rowsOf<{ id: string; tracking: string }>(real.world, 'logistics', {
    sql: 'SELECT id, tracking_number AS tracking FROM shipment WHERE order_id = $1 AND direction = $2',
    values: [id, way],
  })
  return parcel!
}

/** The buyer wants the parcel of a return to be fetched. */
export async function requestPickup(at: OrderAt): Promise<void> {
  const { real } = at
  const input = { shipmentId: (await parcelOf(at, 'RETURN')).id, idempotencyKey: newId('movement') }
  await taken(real, { domain: 'logistics', field: 'requestPickup', as: real.buyer.viewer, input })
}

/** The courier says something of the parcel that goes one way. */
export async function courierSays(at: OrderAt, way: Way, words: readonly string[]): Promise<void> {
  const { real } = at
  const { tracking } = await parcelOf(at, way)
  for (const status of words) {
    await outside(real.world, `courier/${tracking}/advance`, { status })
    await real.settle()
  }
}

/** Units of the order's one line, as the API takes them. */
export async function unitsOf({ real, id }: OrderAt, quantity: number): Promise<object> {
  const [line] = await rowsOf<{ id: string }>(real.world, 'orders', {
    sql: 'SELECT id FROM order_line WHERE order_id = $1',
    values: [id],
  })
  return { lines: [{ orderLineId: line!.id, quantity }] }
}
