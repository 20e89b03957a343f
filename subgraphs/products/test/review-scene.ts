import { newId } from '@pasar/shared/ids'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { act, checkoutId, text, type TestMarket, type TestProduct, type TestShop } from './support.ts'

/** Who bought what. */
interface Bought {
  readonly buyer: AccountViewer
  readonly product: TestProduct
}

/** An order line of the buyer that is completed. */
export async function completedLine(market: TestMarket, { shopId }: TestShop, { buyer, product }: Bought): Promise<string> {
  const { productId, variantIds } = product
  const orderLineId = newId('orderLine')
  const line = { orderLineId, variantId: variantIds[0]!, productId, sku: 'x', title: 'x', quantity: 1, unitPrice: 1 }
  const order = { orderId: newId('order'), checkoutId: checkoutId(), buyerId: buyer.accountId, shopId }
  await market.deliver('orders', { type: 'OrderCompleted', id: `orders:${orderLineId}`, payload: { ...order, lines: [line] } })
  return orderLineId
}

/** A review of something that was bought; its id. */
export async function writtenReview(market: TestMarket, shop: TestShop, { rating = 5, ...bought }: Bought & { rating?: number }) {
  const orderLineId = await completedLine(market, shop, bought)
  const input = { orderLineId, rating, text: 'Barang bagus' }
  return text(
    await act(market, bought.buyer, ['submitReview', input, '... on SubmitReviewSuccess { review { id } }']),
    'review',
    'id',
  )
}
