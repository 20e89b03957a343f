import type { PlacePayload } from '@pasar/schema/events/orders'
import { newId } from '@pasar/shared/ids'
import { minorUnits } from '@pasar/shared/money'
import { problem } from '@pasar/shared/problems'
import type { Checkout } from '../domain/checkout.ts'
import { stateCodes, untouched, type Order, type OrderLine } from '../domain/order.ts'
import {
  discountsOf,
  itemsTotal,
  partsByShop,
  totals,
  type Origin,
  type ReservedLine,
  type ShopPart,
} from '../domain/plan-orders.ts'
import type { VoucherWish } from '../domain/voucher-terms.ts'
import { jsonAmount, placedEvent } from '../order-events.ts'
import type { Tx } from '../store/database.ts'
import { addPlacedOrders } from '../store/placed-orders.ts'
import type { PlacedOrder, SagaContext, UsedVoucher } from './context.ts'
import { learned, type Outcome, type Work } from './step.ts'
import { claimUses, discountFor, sumOf, vouchersOf } from './use-vouchers.ts'

/**
 * One order per shop, in one transaction with the saga's row and the vouchers that they use; refused where one of these cannot be used, and
 * where the buyer has seen another price.
 */
export async function placeOrders(work: Work): Promise<Outcome> {
  const { checkout, clock } = work
  const reserved = learned(work, 'reserved').lines
  const { lines: cart } = learned(work, 'cart')
  const { shownQuotes = [], vouchers: wishes = [] } = work.saga.context
  const parts = partsByShop(reserved)
  const judged = await vouchersOf(work, parts)
  if ('refusal' in judged) return { kind: 'refused', problem: judged.refusal }
  const { used } = judged
  const prices = { cart, reserved, quotes: learned(work, 'quotes'), shownQuotes, discount: sumOf(used) }
  const figures = totals(prices, checkout.expectedTotal)
  if (!figures.agreed) {
    return { kind: 'refused', problem: problem('CheckoutPriceChanged', { expected: figures.expected, actual: figures.total }) }
  }
  const now = clock.now()
  const placed = parts.map((part) => placedOrder(part, { work, used, placedAt: now }))
  const orders = placed.map(({ order }) => order)
  const beside = addPlacedOrders(clock, {
    checkout: { itemsTotal: figures.items, shippingTotal: figures.shipping, discount: prices.discount },
    orders,
    lines: placed.flatMap(({ lines }) => lines),
    events: placed.map(({ order, lines }) => placedEvent(order, lines)),
  })
  const learnt = { placed: orders.map(toPay) }
  if (used.length === 0) return { kind: 'done', learned: learnt, beside }
  const write = (tx: Tx) => claimUses(tx, { used, orders, wishes, parts, buyerId: checkout.buyerId, now })
  return { kind: 'done', learned: { ...learnt, used }, beside, write }
}

const toPay = ({ id, shopId, itemsTotal: items, discount, shippingCost }: Order): PlacedOrder => ({
  orderId: id,
  shopId,
  itemsAmount: jsonAmount(items - discount),
  shippingAmount: jsonAmount(shippingCost),
})

interface Placed {
  readonly order: Order
  readonly lines: readonly OrderLine[]
}

interface Placing {
  readonly work: Work
  readonly used: readonly UsedVoucher[]
  readonly placedAt: Date
}

function placedOrder(part: ShopPart, { work, used, placedAt }: Placing): Placed {
  const { shopId, lines, weightGrams } = part
  const { id: checkoutId, buyerId } = work.checkout
  const id = newId('order')
  const quote = ofShop(learned(work, 'quotes'), shopId)
  const discount = discountFor(used, shopId)
  const discounts = discountsOf(lines, discount)
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
    discount,
    voucherCode: used.find((one) => one.shopId === shopId)?.code ?? null,
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
  return { order, lines: lines.map((line, index) => ({ ...orderLine(id, line), discount: discounts[index]! })) }
}

const orderLine = (orderId: Order['id'], line: ReservedLine): Omit<OrderLine, 'discount'> => ({
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
export const firstContext = (checkout: Pick<Checkout, 'id'>, payBy: Date, vouchers: readonly VoucherWish[]): SagaContext => ({
  payBy: payBy.toISOString(),
  reservedAs: checkout.id,
  ...(vouchers.length > 0 && { vouchers }),
})
