import { idParser, type Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { minorUnits, sum, type Minor } from '@pasar/shared/money'
import { BadInput } from '@pasar/shared/problems'
import { shareTotal } from '../domain/journals.ts'
import type { PaymentMethod } from '../domain/methods.ts'
import type { PaymentsCreateInput } from '../generated/resolvers.ts'
import type { CategoryShare, OrderWithCategories } from '../store/terms.ts'

/** What orders wants to be paid, checked. */
export interface PaymentToCreate {
  readonly checkoutId: Id<'checkout'>
  readonly buyerId: Id<'account'>
  readonly method: PaymentMethod
  readonly amount: Minor
  readonly expiresAt: Date
  readonly orders: readonly OrderWithCategories[]
}

const ids = {
  checkout: idParser('checkout'),
  order: idParser('order'),
  shop: idParser('shop'),
  account: idParser('account'),
  category: idParser('category'),
}

function atLeast(least: bigint, amount: bigint, field: string): Minor {
  if (amount < least) throw new BadInput(field, { id: `paling sedikit ${least}`, en: `at least ${least}` })
  return minorUnits(amount, field)
}

type OrderInput = PaymentsCreateInput['orders'][number]

/** The categories of an order's items, which decide the market's commission; one unknown category where orders names none. */
function parseCategories({ categories, itemsAmount }: OrderInput): readonly CategoryShare[] {
  if (!categories || categories.length === 0) return [{ categoryId: null, amount: minorUnits(itemsAmount) }]
  const shares = categories.map(({ categoryId, path, amount }) => ({
    categoryId: ids.category(categoryId, 'orders.categories.categoryId'),
    ...(path && { path: path.map((id) => ids.category(id, 'orders.categories.path')) }),
    amount: atLeast(0n, amount, 'orders.categories.amount'),
  }))
  if (sum(shares.map(({ amount }) => amount)) !== itemsAmount)
    throw new BadInput('orders.categories', {
      id: 'jumlah seluruhnya sama dengan itemsAmount',
      en: 'amounts that sum to itemsAmount',
    })
  return shares
}

/** Checks what orders sends: amounts are whole, not negative and sum to the payment's, and every order is named once. */
export function parsePayment(input: PaymentsCreateInput): PaymentToCreate {
  const { orders, method, expiresAt } = input
  const buyerId = ids.account(input.buyerId, 'buyerId')
  // A cart of the largest size has at most as many shops as lines.
  if (orders.length === 0 || orders.length > limits.cartLinesMax)
    throw new BadInput('orders', { id: `1 sampai ${limits.cartLinesMax} pesanan`, en: `1 to ${limits.cartLinesMax} orders` })
  if (new Set(orders.map(({ orderId }) => orderId)).size < orders.length)
    throw new BadInput('orders', { id: 'setiap pesanan satu kali', en: 'each order once' })
  const payment = {
    checkoutId: ids.checkout(input.checkoutId, 'checkoutId'),
    buyerId,
    method,
    expiresAt,
    amount: atLeast(1n, input.amount, 'amount'),
    orders: orders.map((order) => ({
      orderId: ids.order(order.orderId, 'orders.orderId'),
      shopId: ids.shop(order.shopId, 'orders.shopId'),
      buyerId,
      itemsAmount: atLeast(1n, order.itemsAmount, 'orders.itemsAmount'),
      shippingAmount: atLeast(0n, order.shippingAmount, 'orders.shippingAmount'),
      categories: parseCategories(order),
    })),
  }
  if (sum(payment.orders.map(shareTotal)) !== payment.amount)
    throw new BadInput('amount', { id: 'total semua pesanan', en: "the sum of the orders' amounts" })
  return payment
}
