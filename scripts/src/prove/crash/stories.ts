import { newId } from '@pasar/shared/ids'
import { rowsOf } from '../world/acts.ts'
import { countStock } from '../world/people.ts'
import { clickOn } from '../world/shopping.ts'
import type { Ending } from './ending.ts'
import { moneyStories } from './money-stories.ts'
import type { Scene } from './scene.ts'
import {
  accepted,
  both,
  bringing,
  buy,
  byShop,
  delivered,
  hour,
  paid,
  paidBack,
  sold,
  unpaid,
  type Ordered,
  type Story,
} from './story.ts'

async function completed(scene: Scene): Promise<Ending> {
  for (const { id } of await delivered(scene)) await scene.buyerDoes('confirmReceipt', { orderId: id })
  return { checkout: 'PAID', paidBy: 'QRIS', orders: both(sold) }
}

async function cancelled(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.buyerDoes('cancelCheckout', { checkoutId })
  return { checkout: 'CANCELLED', orders: both(unpaid) }
}

async function expired(scene: Scene): Promise<Ending> {
  await buy(scene)
  await scene.wait(25 * hour)
  return { checkout: 'EXPIRED', orders: both(unpaid) }
}

async function denied(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.pay(checkoutId, 'deny')
  return { checkout: 'FAILED', orders: both(unpaid) }
}

/** Paid after the end, and the goods are still there: bought after all. */
async function late(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.wait(25 * hour)
  await scene.pay(checkoutId)
  return { checkout: 'PAID', orders: both(paid) }
}

/** Paid after the end, and the goods are gone: the money goes back by itself. */
async function tooLate(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene, { paymentMethod: 'QRIS' })
  await scene.wait(25 * hour)
  await scene.calmly(() => countStock(scene.world, scene.wanted[0]![0], 0))
  await scene.pay(checkoutId)
  const reasons = await rowsOf<{ end_reason: string }>(scene.world, 'orders', {
    sql: 'SELECT end_reason FROM shop_order WHERE checkout_id = $1',
    values: [checkoutId],
  })
  if (reasons.some(({ end_reason: reason }) => reason !== 'PAID_TOO_LATE'))
    throw new Error(`the orders say ${JSON.stringify(reasons)}`)
  return { checkout: 'EXPIRED', paidBy: 'QRIS', orders: both(paidBack) }
}

const discount = 1_001

/** The one use of a voucher: not paid in time it comes back, paid late it is taken again; then its shop ends the voucher. */
async function withVoucher(scene: Scene): Promise<Ending> {
  const { shopId } = scene.wanted[0]![0].shop
  const code = `K${newId('voucher').slice(-12).toUpperCase()}`
  const endsAt = new Date(scene.world.clock.now().getTime() + 100 * hour).toISOString()
  await scene.seller(shopId, 'createVoucher', { shopId, code, amount: discount, uses: 1, endsAt })
  const checkoutId = await buy(scene, { vouchers: [{ shopId, code }] })
  await scene.wait(25 * hour)
  await scene.pay(checkoutId)
  const [voucher] = await rowsOf<{ id: string }>(scene.world, 'orders', {
    sql: 'SELECT id FROM voucher WHERE shop_id = $1 AND code = $2',
    values: [shopId, code],
  })
  await scene.seller(shopId, 'endVoucher', { voucherId: voucher!.id })
  return { checkout: 'PAID', discount, orders: both(paid) }
}

async function rejected(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene, { paymentMethod: 'QRIS' })
  await scene.pay(checkoutId)
  for (const { id, shopId } of await scene.orders(checkoutId))
    await scene.seller(shopId, 'rejectOrder', { orderId: id, reason: 'OUT_OF_STOCK', note: 'Maaf, habis.' })
  return { checkout: 'PAID', paidBy: 'QRIS', orders: both(paidBack) }
}

/** The seller says nothing for two days. */
async function lapsed(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.pay(checkoutId)
  await scene.wait(49 * hour)
  return { checkout: 'PAID', orders: both(paidBack) }
}

/** Nothing is left when the button is pressed. */
async function soldOut(scene: Scene): Promise<Ending> {
  const { world } = scene
  await scene.calmly(async () => {
    await countStock(world, scene.wanted[0]![0], 0)
    // Who remembers that a thing was gone a moment ago would refuse before a checkout has begun.
    await world.kill(['orders', 'orders 2'])
    await world.revive()
  })
  const checkoutId = await scene.press(clickOn(scene.cart))
  if (checkoutId !== undefined) throw new Error('goods that are not there were sold')
  return { checkout: 'FAILED', orders: [] }
}

/** The buyer has seen another total. */
async function otherTotal(scene: Scene): Promise<Ending> {
  const checkoutId = await scene.press(clickOn(scene.cart, { expectedTotal: 1 }))
  if (checkoutId !== undefined) throw new Error('a total that the buyer has not seen was accepted')
  return { checkout: 'FAILED', orders: [] }
}

/** The buyer changes her mind: the one seller has not accepted yet, the other one is asked, and the courier stops the parcel. */
async function calledOff(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene, { paymentMethod: 'QRIS' })
  await scene.pay(checkoutId)
  const [first, second] = (await scene.orders(checkoutId)) as [Ordered, Ordered]
  await scene.buyerDoes('cancelOrder', { orderId: first.id })
  await scene.seller(second.shopId, 'acceptOrder', { orderId: second.id })
  await scene.buyerDoes('requestCancel', { orderId: second.id, note: 'Salah ukuran.' })
  await scene.seller(second.shopId, 'answerCancelRequest', { orderId: second.id, grant: true })
  return { checkout: 'PAID', paidBy: 'QRIS', orders: both(paidBack) }
}

/** The seller agrees to cancel when a driver has the parcel already: the buyer gets the goods, and the seller the money. */
async function fetchedMeanwhile(scene: Scene): Promise<Ending> {
  const orders = await accepted(scene)
  for (const order of orders) {
    await scene.buyerDoes('requestCancel', { orderId: order.id, note: 'Salah ukuran.' })
    await scene.fetched(order)
    // Who hears of the driver first sees that it is too late.
    await scene.sellerTries(order.shopId, 'answerCancelRequest', { orderId: order.id, grant: true })
  }
  await scene.courier(orders, ['delivered'])
  for (const { id } of orders) await scene.buyerDoes('confirmReceipt', { orderId: id })
  return { checkout: 'PAID', paidBy: 'QRIS', orders: both(sold) }
}

/** One parcel comes back to the shop, the other one is lost. */
async function notBrought(scene: Scene): Promise<Ending> {
  const orders = await accepted(scene)
  const [first, other] = byShop(scene, orders)
  await scene.courier([first], ['picked', 'return_in_transit', 'returned'])
  await scene.courier([other], ['picked', 'lost'])
  return {
    checkout: 'PAID',
    paidBy: 'QRIS',
    orders: [
      { ...paidBack, parcel: 'came back' },
      { ...paidBack, parcel: 'lost' },
    ],
  }
}

/** A unit of an order's one thing goes back. */
const one = { units: [1] }

/** One unit cannot be sent, and one that was sent comes back; the other order's buyer thinks better of it. */
async function returned(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene, { paymentMethod: 'QRIS' })
  await scene.pay(checkoutId)
  const orders = await scene.orders(checkoutId)
  const [first, other] = byShop(scene, orders)
  const less = { orderId: first.id, ...(await scene.units(first.id, 1)), reason: 'OUT_OF_STOCK', note: 'Sisa satu.' }
  await scene.seller(first.shopId, 'cancelLines', less)
  for (const { id, shopId } of orders) await scene.seller(shopId, 'acceptOrder', { orderId: id })
  await scene.heal()
  await scene.courier(orders, bringing)
  const wish = { reason: 'CHANGED_MIND', solution: 'RETURN_AND_REFUND', note: 'Tidak cocok.' }
  for (const { id } of orders) await scene.buyerDoes('requestReturn', { orderId: id, ...(await scene.units(id, 1)), ...wish })
  for (const { id, shopId } of orders) await scene.seller(shopId, 'answerReturn', { orderId: id, approve: true })
  await scene.buyerDoes('withdrawReturn', { orderId: other.id })
  await scene.heal()
  await scene.courier([first], bringing, 'RETURN')
  await scene.seller(first.shopId, 'receiveReturn', { orderId: first.id, accept: true, restock: true })
  return {
    checkout: 'PAID',
    paidBy: 'QRIS',
    orders: [{ ...sold, before: [one, one], wayBackBorneBy: 'market' }, sold],
  }
}

/** No courier takes the way back for five days; staff give it more time, and then one does. */
async function extended(scene: Scene): Promise<Ending> {
  const { courier } = scene.world
  const [first, second] = byShop(scene, await delivered(scene))
  await scene.buyerDoes('confirmReceipt', { orderId: second.id })
  const wish = { reason: 'DAMAGED', solution: 'RETURN_AND_REFUND', note: 'Retak.' }
  await scene.buyerDoes('requestReturn', { orderId: first.id, ...(await scene.units(first.id, 1)), ...wish })
  courier.isAway = true
  try {
    await scene.seller(first.shopId, 'answerReturn', { orderId: first.id, approve: true })
    await scene.wait(121 * hour)
    await scene.staffDo('extendReturn', { orderId: first.id, note: 'Kurir kami ganti.' })
  } finally {
    courier.isAway = false
  }
  await scene.wait(hour)
  await scene.courier([first], bringing, 'RETURN')
  await scene.seller(first.shopId, 'receiveReturn', { orderId: first.id, accept: true, restock: false })
  return {
    checkout: 'PAID',
    paidBy: 'QRIS',
    orders: [{ ...sold, before: [{ ...one, isSellersFault: true, isUnsellable: true }], wayBackBorneBy: 'seller' }, sold],
  }
}

/** Buyer and seller do not agree, and staff decide; later they give the buyer some more. */
async function mediated(scene: Scene): Promise<Ending> {
  for (const { id, shopId } of await delivered(scene)) {
    const wish = { reason: 'DAMAGED', solution: 'REFUND_ONLY', note: 'Kemasannya robek.' }
    await scene.buyerDoes('requestReturn', { orderId: id, ...(await scene.units(id, 1)), ...wish })
    await scene.seller(shopId, 'answerReturn', { orderId: id, approve: false, note: 'Sudah robek di kurir.' })
    await scene.buyerDoes('escalateReturn', { orderId: id, note: 'Lihat fotonya.' })
    await scene.staffDo('mediateReturn', { orderId: id, decision: 'REFUND', amount: 5_000, note: 'Robek sebagian.' })
    await scene.heal()
    await scene.staffDo('refundCompletedOrder', { orderId: id, amount: 1_000, note: 'Ternyata lebih dari itu.' })
  }
  const claim = { ...one, amount: 5_000, isSellersFault: true }
  return { checkout: 'PAID', paidBy: 'QRIS', orders: both({ ...sold, before: [claim], after: [{ amount: 1_000 }] }) }
}

/** Every story: together they pass every boundary of a purchase and of what comes after it. */
export const stories: readonly Story[] = [
  { name: 'completed', tell: completed },
  { name: 'cancelled', tell: cancelled },
  { name: 'expired', tell: expired },
  { name: 'denied', tell: denied },
  { name: 'paid late', tell: late },
  { name: 'paid too late', tell: tooLate },
  { name: 'with a voucher', tell: withVoucher },
  { name: 'rejected', tell: rejected },
  { name: 'lapsed', tell: lapsed },
  { name: 'sold out', tell: soldOut },
  { name: 'other total', tell: otherTotal },
  { name: 'called off', tell: calledOff },
  { name: 'fetched meanwhile', tell: fetchedMeanwhile },
  { name: 'not brought', tell: notBrought },
  { name: 'returned', unitsMin: 2, tell: returned },
  { name: 'extended', unitsMin: 2, tell: extended },
  { name: 'mediated', tell: mediated },
  ...moneyStories,
]
