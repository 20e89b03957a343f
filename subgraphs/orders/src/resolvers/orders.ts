import { rupiah } from '@pasar/shared/money'
import { findDistrict } from '@pasar/shared/regions'
import { maySeeAddress, maySeeOrigin, partiesOf, visibleCheckout } from '../access.ts'
import { orderTotal } from '../domain/order.ts'
import { allowedMoves } from '../domain/order-moves.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { movesOf } from '../moves-of.ts'
import {
  checkoutsOfUser,
  countsOfShop,
  countsOfUser,
  ordersOfShop,
  ordersOfUser,
  quantityLeft,
  referredOrder,
} from '../queries.ts'
import { vouchersOfShop } from '../voucher-queries.ts'

/** Orders, and who has them. */
export const orders = {
  Order: {
    __resolveReference: (reference, context) => referredOrder(context, reference),
    checkout: async ({ checkoutId }, _, context) => visibleCheckout(context, await context.loaders.checkout.load(checkoutId)),
    shop: ({ shopId }) => ({ id: shopId }),
    buyer: ({ buyerId }) => ({ id: buyerId }),
    lines: ({ id }, _, { loaders }) => loaders.lines.load(id),
    itemsTotal: ({ itemsTotal }) => rupiah(itemsTotal),
    discount: ({ discount }) => rupiah(discount),
    shippingCost: ({ shippingCost }) => rupiah(shippingCost),
    total: (order) => rupiah(orderTotal(order)),
    paymentMethod: async ({ checkoutId }, _, { loaders }) => (await loaders.checkout.load(checkoutId))!.paymentMethod,
    origin: (order, _, { viewer }) => (maySeeOrigin(viewer, order) ? order.origin : null),
    address: (order, _, { viewer }) => (maySeeAddress(viewer, order) ? order.destination : null),
    history: ({ id }, _, { loaders }) => loaders.history.load(id),
    allowedMoves: (order, _, { viewer, loaders }) =>
      movesOf(order, allowedMoves(order, partiesOf(viewer, order)), (id) => loaders.checkout.load(id)),
    deadlines: ({ id }, _, { loaders }) => loaders.deadlines.load(id),
    refunded: ({ refundedItems, refundedShipping }) => rupiah(refundedItems + refundedShipping),
    return: ({ id, returnSolution }, _, { loaders }) => (returnSolution === null ? null : loaders.returnOfOrder.load(id)),
  },
  OrderAddress: {
    name: ({ name }) => name || null,
    phone: ({ phone }) => phone || null,
    street: ({ street }) => street || null,
    district: ({ districtCode }) => findDistrict(districtCode) ?? null,
  },
  OrderLine: {
    product: ({ productId }) => ({ id: productId }),
    variant: ({ variantId }) => ({ id: variantId }),
    unitPrice: ({ unitPrice }) => rupiah(unitPrice),
    lineTotal: ({ unitPrice, quantity }) => rupiah(unitPrice * BigInt(quantity)),
    discount: ({ discount }) => rupiah(discount),
    quantityLeft: (line, _, context) => quantityLeft(context, line),
  },
  OrderHistoryEntry: { by: ({ party }) => party },
  User: {
    orders: ({ id }, args, context) => ordersOfUser(context, id, args),
    orderCounts: ({ id }, args, context) => countsOfUser(context, id, args),
    checkouts: ({ id }, args, context) => checkoutsOfUser(context, id, args),
  },
  Shop: {
    vouchers: ({ id }, args, context) => vouchersOfShop(context, id, args),
    listedVouchers: ({ id }, _, { loaders }) => loaders.listedOfShop.load(id),
    orders: ({ id }, args, context) => ordersOfShop(context, id, args),
    orderCounts: ({ id }, args, context) => countsOfShop(context, id, args),
  },
} satisfies Resolvers
