import { newId } from '@pasar/shared/ids'
import type { Asked, Market } from './market.ts'

/** Orders says that an order comes back, and who bears its way. */
export function returnApproved(market: Market, asked: Asked, bearer: 'SELLER' | 'MARKET' | undefined): Promise<void> {
  const { orderId, shopId } = asked.orders[0]!
  const place = { name: '', phone: '', street: '', districtCode: '', regencyCode: '', postalCode: '' }
  const ref = { orderId, shopId, checkoutId: asked.checkoutId, buyerId: asked.buyerId, returnId: newId('return') }
  const way = { courierServiceId: 'jne_reg', shippingCost: 15_000, weightGrams: 1, origin: place, destination: place, lines: [] }
  const payload = { ...ref, ...way, ...(bearer && { wayBackBorneBy: bearer }) }
  return market.deliver('orders', { type: 'ReturnApproved', payload })
}
