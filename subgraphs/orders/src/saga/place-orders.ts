import type { PlacePayload } from '@pasar/schema/events/orders'
import { newId } from '@pasar/shared/ids'
import { minorUnits } from '@pasar/shared/money'
import { enqueueAll } from '@pasar/shared/outbox'
import { problem } from '@pasar/shared/problems'
import type { Checkout } from '../domain/checkout.ts'
import { stateCodes, untouched, type Order, type OrderLine } from '../domain/order.ts'
import { itemsTotal, partsByShop, totals, type Origin, type ReservedLine, type ShopPart } from '../domain/plan-orders.ts'
import { jsonAmount, placedEvent } from '../order-events.ts'
import type { Tx } from '../store/client.ts'
import { addPlacedOrders } from '../store/placed-orders.ts'
import type { PlacedOrder, SagaContext } from './context.ts'
import { learned, type Outcome, type Work } from './step.ts'

/** One order per shop, in one transaction with the saga's row; refused where the buyer has seen another price. */
export async function placeOrders(work: Work): Promise<Outcome> {
  const { checkout, clock } = work
  const reserved = learned(work, 'reserved').lines
  const { lines: cart } = learned(work, 'cart')
  const { shownQuotes = [] } = work.saga.context
  const figures = totals({ cart, reserved, quotes: learned(work, 'quotes'), shownQuotes }, checkout.expectedTotal)
  if (!figures.agreed) {
    return { kind: 'refused', problem: problem('CheckoutPriceChanged', { expected: figures.expected, actual: figures.total }) }
  }
  const placed = partsByShop(reserved).map((part) => placedOrder(part, { work, placedAt: clock.now() }))
  const write = async (tx: Tx) => {
    await addPlacedOrders(tx, {
      checkout: { id: checkout.id, itemsTotal: figures.items, shippingTotal: figures.shipping },
      orders: placed.map(({ order }) => order),
      lines: placed.flatMap(({ lines }) => lines),
    })
    const events = placed.map(({ order, lines }) => placedEvent(order, lines))
    await enqueueAll(tx, clock, events)
  }
  return { kind: 'done', learned: { placed: placed.map(({ order }) => toPay(order)) }, write }
}

const toPay = ({ id, shopId, itemsTotal: items, shippingCost }: Order): PlacedOrder => ({
  orderId: id,
  shopId,
  itemsAmount: jsonAmount(items),
  shippingAmount: jsonAmount(shippingCost),
})

interface Placed {
  readonly order: Order
  readonly lines: readonly OrderLine[]
}

function placedOrder(part: ShopPart, { work, placedAt }: { readonly work: Work; readonly placedAt: Date }): Placed {
  const { shopId, lines, weightGrams } = part
  const { id: checkoutId, buyerId } = work.checkout
  const id = newId('order')
  const quote = ofShop(learned(work, 'quotes'), shopId)
  const order: Order = {
    id,
    checkoutId,
    shopId: shopId as Order['shopId'],
    buyerId,
    state: 'AWAITING_PAYMENT',
    code: stateCodes.AWAITING_PAYMENT,
    endReason: null,
    rejectReason: null,
    itemsTotal: itemsTotal(lines),
    shippingCost: minorUnits(quote.cost),
    courierServiceId: quote.courierServiceId,
    courierServiceName: quote.serviceName,
    weightGrams,
    origin: originOf(learned(work, 'reserved').origins, shopId),
    destination: learned(work, 'address'),
    reservedAs: null,
    shipLate: false,
    ...untouched,
    paidAt: null,
    placedAt,
    version: 1,
  }
  return { order, lines: lines.map((line) => orderLine(id, line)) }
}

const orderLine = (orderId: Order['id'], line: ReservedLine): OrderLine => ({
  id: newId('orderLine'),
  orderId,
  variantId: line.variantId,
  productId: line.productId,
  categoryId: line.categoryId ?? null,
  title: line.title,
  variantName: line.variantName,
  sku: line.sku,
  imageUrl: line.imageUrl,
  quantity: line.quantity,
  unitPrice: minorUnits(line.unitPrice),
  piece: pieceOf(line),
})

const pieceOf = ({ weightGrams, lengthMm, widthMm, heightMm }: ReservedLine) => ({ weightGrams, lengthMm, widthMm, heightMm })

/** What a list says of one shop; its absence is a fault of the participant that gave the list, and is tried again. */
export function ofShop<T extends { readonly shopId: string }>(list: readonly T[], shopId: string): T {
  const found = list.find((one) => one.shopId === shopId)
  if (!found) throw new Error(`nothing was said of ${shopId}`)
  return found
}

/** Where a shop's parcel leaves from. */
export function originOf(origins: readonly Origin[], shopId: string): PlacePayload {
  const { shopId: _, ...place } = ofShop(origins, shopId)
  return place
}

/** A checkout as its saga begins it. */
export const firstContext = (checkout: Pick<Checkout, 'id'>, payBy: Date): SagaContext => ({
  payBy: payBy.toISOString(),
  reservedAs: checkout.id,
})
