import type { Question, Who } from './others.ts'
import type { Belongings } from './read-belongings.ts'

/** Fields of what is asked for alone: another's object behind them would be refused, and hide that this one was not. */
const ofOrder = `id version state total { amount formatted } address { name phone street } history { event note }
  lines { quantity unitPrice { amount } } shipments { id trackingNumber status } settlement { held { amount } } buyer { id }`
const ofCheckout = 'id state total { amount formatted } paymentMethod orders { id address { name phone street } }'
const ofPayment =
  'id state method amount { amount formatted } instructions { vaNumber } capturedAt refunds(first: 5) { edges { cursor } }'
const ofShipment = 'id trackingNumber status events(first: 5) { edges { cursor } }'
const ofCart = 'id version total { amount } lines { id quantity } destination { recipient phone street }'

/** The rest of a question: where its answer stands, and whose it is. */
interface Rest {
  readonly at: readonly string[]
  readonly owners: readonly Who[]
}

/** A question by its text. */
export const ask = (query: string, variables: Readonly<Record<string, string>>, { at, owners }: Rest): Question => ({
  name: `${at.join('.')} over ${query.split(' ')[0]}`,
  way: query.startsWith('subscription') ? 'ws' : 'http',
  what: { query, variables },
  at,
  owners,
})

const parties: readonly Who[] = ['seller', 'helper', 'buyer']
const alone: readonly Who[] = ['buyer']
/** Whoever acts for a shop. */
export const ofShop: readonly Who[] = ['seller', 'helper']

/** Everything that can be asked about an order by its ids. */
export function questionsAbout(about: Belongings): readonly Question[] {
  const { orderId, checkoutId, paymentId, shipmentId = '', shopId, addressId } = about
  const byId = (field: string, fields: string) => `query ($id: ID!) { ${field}(id: $id) { ${fields} } }`
  const live = (field: string, argument: string, fields: string) =>
    `subscription ($id: ID!) { ${field}(${argument}: $id, after: "START") { cursor ${fields} } }`
  const throughOrder = (fields: string, at: readonly string[]) =>
    ask(byId('order', fields), { id: orderId }, { at: ['order', ...at], owners: alone })
  return [
    ask(byId('order', ofOrder), { id: orderId }, { at: ['order'], owners: parties }),
    ask(byId('checkout', ofCheckout), { id: checkoutId }, { at: ['checkout'], owners: alone }),
    ask(byId('payment', ofPayment), { id: paymentId }, { at: ['payment'], owners: alone }),
    ask(byId('shipment', ofShipment), { id: shipmentId }, { at: ['shipment'], owners: parties }),
    ask(byId('address', 'recipient phone street'), { id: addressId }, { at: ['address'], owners: alone }),
    ask(
      byId('shop', `orders(first: 5) { edges { node { ${ofOrder} } } }`),
      { id: shopId },
      { at: ['shop', 'orders'], owners: ofShop },
    ),
    ask(byId('shop', 'orderCounts { state count }'), { id: shopId }, { at: ['shop', 'orderCounts'], owners: ofShop }),
    throughOrder(`buyer { cart { ${ofCart} } }`, ['buyer', 'cart']),
    ask(
      byId('shipment', 'order { id total { amount } address { street } }'),
      { id: shipmentId },
      { at: ['shipment', 'order'], owners: parties },
    ),
    ask(byId('payment', `checkout { ${ofCheckout} }`), { id: paymentId }, { at: ['payment', 'checkout'], owners: alone }),
    throughOrder('buyer { email }', ['buyer', 'email']),
    throughOrder('buyer { addresses { edges { node { street } } } }', ['buyer', 'addresses']),
    throughOrder('buyer { orders(first: 5) { edges { node { id } } } }', ['buyer', 'orders']),
    throughOrder('buyer { orderCounts { state count } }', ['buyer', 'orderCounts']),
    throughOrder(`buyer { checkouts(first: 5) { edges { node { ${ofCheckout} } } } }`, ['buyer', 'checkouts']),
    ask(byId('order', 'origin { name phone street }'), { id: orderId }, { at: ['order', 'origin'], owners: ofShop }),
    throughOrder(`checkout { ${ofCheckout} payment { ${ofPayment} } }`, ['checkout']),
    ask(
      live('orderUpdated', 'orderId', `event order { ${ofOrder} }`),
      { id: orderId },
      { at: ['orderUpdated'], owners: parties },
    ),
    ask(
      live('checkoutUpdated', 'checkoutId', `event checkout { ${ofCheckout} }`),
      { id: checkoutId },
      { at: ['checkoutUpdated'], owners: alone },
    ),
    ask(
      live('paymentUpdated', 'paymentId', `event payment { ${ofPayment} }`),
      { id: paymentId },
      { at: ['paymentUpdated'], owners: alone },
    ),
    ask(
      live('shipmentTracked', 'shipmentId', `status shipment { ${ofShipment} }`),
      { id: shipmentId },
      { at: ['shipmentTracked'], owners: parties },
    ),
    ask(
      live('shopOrderUpdated', 'shopId', `event order { ${ofOrder} }`),
      { id: shopId },
      { at: ['shopOrderUpdated'], owners: ofShop },
    ),
  ]
}
