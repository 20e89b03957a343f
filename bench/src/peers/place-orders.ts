import { openClient, type Client } from '@pasar/scripts/demo/client'
import { acceptOrder, pressBuy, readCheckout } from '@pasar/scripts/demo/order-operations'
import { addToCart, chooseShipping, readCart, setDestination, stockOfProduct } from '@pasar/scripts/demo/shopping-operations'
import { simulatorsAt } from '@pasar/scripts/demo/simulator-endpoints'
import { openMarket } from '@pasar/scripts/market'
import { systemClock } from '@pasar/shared/clock'
import { listen } from '@pasar/shared/http/server'
import type { Domain } from '@pasar/shared/domains'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { readSettings } from '@pasar/shared/process/settings'
import { buyer, productId } from '../market/plan.ts'
import type { MarketEnvironment } from './market-settings.ts'
import { openViewers } from './viewers.ts'

/** How many orders are placed: what a seller's list shows on one page. */
const orders = 20
/** Each fortieth product is the first shop's. */
const productsApart = 40
const scans = 3

interface Placing {
  readonly environment: MarketEnvironment
  readonly databaseUrls: Readonly<Record<Domain, string>>
  readonly dataDir: string
}

/** Lets the buyer buy of the first shop, through a market with simulators: paid, accepted and on the way. Returns the orders' ids. */
export async function placeOrders({ environment, databaseUrls, dataDir }: Placing): Promise<string[]> {
  const settings = readSettings({ ...environment, NODE_ENV: 'development' })
  const log = openLog(settings.LOG_LEVEL, 'bench')
  const http = await listen({ host: '127.0.0.1', port: 0, log })
  const common = { settings, log, http, bus: memoryBus(), dataDir, clock: systemClock, background: false, accounts: [] }
  const market = await openMarket({ ...common, databaseUrl: (domain) => databaseUrls[domain] })
  const guest = openClient(market.url)
  try {
    await market.settle()
    const viewers = await openViewers(environment)
    const signedIn = (name: 'buyer' | 'seller') => guest.signedIn(viewers[name].authorization.replace('Bearer ', ''))
    const people = { buyer: signedIn('buyer'), seller: signedIn('seller') }
    const placed: string[] = []
    for (let index = 0; index < orders; index += 1) placed.push(await placeOne({ ...people, ...market, index }))
    return placed
  } finally {
    await guest.stop()
    await market.stop()
  }
}

interface One {
  readonly buyer: Client
  readonly seller: Client
  readonly url: string
  readonly index: number
  settle(): Promise<unknown>
}

async function placeOne({ buyer: client, seller, url, index, settle }: One): Promise<string> {
  const simulators = simulatorsAt(url)
  const product = await client.ask(stockOfProduct, { productId: productId(index * productsApart) })
  await client.ask(addToCart, { input: { variantId: product!.variants[index % 2]!.id, quantity: 1 } })
  await client.ask(setDestination, { input: { addressId: buyer.addressId } })
  const group = (await client.ask(readCart))!.groups[0]!
  await client.ask(chooseShipping, {
    input: { groupId: group.id, courierServiceId: group.shippingOptions[0]!.courierService.id },
  })
  const { id: cartId, version: expectedCartVersion } = (await client.ask(readCart))!
  const input = { cartId, expectedCartVersion, paymentMethod: 'BCA_VA', idempotencyKey: `bench-${index}` }
  const { checkout } = await client.ask(pressBuy, { input })
  await settle()
  const { payment, orders: placed } = (await client.ask(readCheckout, { id: checkout.id }))!
  await simulators.pay(payment!.id)
  await settle()
  const { id } = placed[0]!
  await seller.ask(acceptOrder, { input: { orderId: id, idempotencyKey: `accept-${index}` } })
  await settle()
  const trackingNumber = await client.ask<{ shipments: readonly { trackingNumber: string }[] }>(
    `query Parcel($id: ID!) { order(id: $id) { shipments { trackingNumber } } }`,
    { id },
  )
  for (let scan = 0; scan < scans; scan += 1) await simulators.advance(trackingNumber.shipments[0]!.trackingNumber)
  await settle()
  return id
}
