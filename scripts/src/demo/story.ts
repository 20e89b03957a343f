import { availableNow, browse, fillGuestCart, type Pick } from './basket.ts'
import { addHome, chooseCouriers, signUp } from './buyer.ts'
import type { Client } from './client.ts'
import { expectThat } from './deviation.ts'
import { confirmReceipt, settledOrder, trialBalance } from './order-operations.ts'
import { acceptIncoming, deliver, handOver, type Parcel } from './parcels.ts'
import { buy, pay, type Purchase, type WatchedOrder } from './purchase.ts'
import { earnedBy, openShopDashboard, signInAs, type Seller } from './sellers.ts'
import type { Stage } from './stage.ts'
import type { OrderSummary, StockSummary, Summary } from './summary.ts'

/** An order with those who have to do with it. */
interface Deal {
  readonly order: WatchedOrder
  readonly seller: Seller
  readonly parcel: Parcel
}

/** The whole story: from a guest's look at the shelves to the last rupiah in the books. */
export async function playStory(stage: Stage): Promise<Omit<Summary, 'ok' | 'market'>> {
  const sellers = await Promise.all(stage.cast.sellers.map((account) => openShopDashboard(stage, account)))
  stage.tell('A guest looks around in two shops')
  const picks = (await Promise.all(sellers.map(({ shopId }, index) => browse(stage, shopId, index === 0 ? [2] : [1, 1])))).flat()
  const cartToken = await fillGuestCart(stage, picks)
  const buyer = await signUp(stage, cartToken)
  await addHome(stage, buyer)
  const cart = await chooseCouriers(stage, buyer)
  const purchase = await buy(stage, buyer, cart)
  stage.tell('The buyer pays; the provider notifies the market')
  await pay(stage, purchase)
  const deals = await shipAll(stage, { purchase, sellers, buyer })
  await finishAll(stage, buyer, { purchase, deals })
  return summarise(stage, { purchase, deals, picks })
}

interface Shipping {
  readonly purchase: Purchase
  readonly sellers: readonly Seller[]
  readonly buyer: Client
}

function shipAll(stage: Stage, { purchase, sellers, buyer }: Shipping): Promise<Deal[]> {
  stage.tell('The sellers accept and hand over; the couriers drive')
  return Promise.all(
    purchase.orders.map(async (order) => {
      const seller = sellers.find(({ shopId }) => shopId === order.shop.id)
      expectThat(seller !== undefined, `Order ${order.id} belongs to ${order.shop.name}, from which nothing was bought`)
      const parcel = await acceptIncoming(stage, seller, { order, buyer })
      await handOver(stage, seller, parcel)
      await deliver(stage, parcel)
      return { order, seller, parcel }
    }),
  )
}

interface Ending {
  readonly purchase: Purchase
  readonly deals: readonly Deal[]
}

async function finishAll(stage: Stage, buyer: Client, { purchase, deals }: Ending): Promise<void> {
  for (const { order } of deals) {
    const delivered = await order.updates.waitFor(`order ${order.id} being delivered`, ({ event }) => event === 'DELIVERED')
    stage.tell(`The buyer confirms order ${order.id}`)
    const input = { orderId: order.id, expectedVersion: delivered.order.version, idempotencyKey: stage.fresh() }
    await buyer.ask(confirmReceipt, { input })
    await order.updates.waitFor(`order ${order.id} being finished`, ({ event }) => event === 'COMPLETED')
  }
  await purchase.payment.waitForCount('the escrow of both orders being released', 2, ({ event }) => event === 'ESCROW_RELEASED')
}

async function summarise(stage: Stage, { purchase, deals, picks }: Ending & { readonly picks: readonly Pick[] }) {
  const admin = await signInAs(stage, stage.cast.admin)
  const { sum } = await admin.ask(trialBalance, { reason: 'npm run demo' })
  return {
    checkoutId: purchase.checkoutId,
    paid: purchase.total,
    orders: await Promise.all(deals.map(summariseOrder)),
    frames: stage.live.count(),
    ledgerSum: sum.amount,
    stock: await Promise.all(picks.map((pick) => summariseStock(stage, pick))),
  }
}

const charges = ['COMMISSION', 'PAYMENT_FEE', 'VAT', 'INCOME_TAX']

/** What a settlement took from the seller, as a positive amount. */
const chargedIn = (rows: readonly { readonly kind: string; readonly amount: { readonly amount: number } }[]) =>
  rows.reduce((sum, { kind, amount }) => (charges.includes(kind) ? sum - amount.amount : sum), 0)

async function summariseOrder({ order, seller, parcel }: Deal): Promise<OrderSummary> {
  const settled = await seller.client.ask(settledOrder, { id: order.id })
  expectThat(settled?.settlement != null, `The seller cannot see what became of the money of order ${order.id}`)
  return {
    id: order.id,
    shop: order.shop.name,
    state: settled.state,
    trackingNumber: parcel.trackingNumber,
    delivered: parcel.scans.frames.some(({ status }) => status === 'DELIVERED'),
    events: order.updates.frames.map(({ event }) => event),
    items: order.itemsTotal.amount,
    shipping: order.shippingCost.amount,
    total: order.total.amount,
    held: settled.settlement.held.amount,
    charged: chargedIn(settled.settlement.rows),
    earned: (await earnedBy(seller)) - seller.earnedBefore,
  }
}

async function summariseStock(stage: Stage, pick: Pick): Promise<StockSummary> {
  const { variantId, title, quantity, availableBefore } = pick
  return { variantId, title, bought: quantity, before: availableBefore, after: await availableNow(stage, pick) }
}
