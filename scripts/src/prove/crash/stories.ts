import { rowsOf } from '../world/acts.ts'
import { countStock } from '../world/people.ts'
import { clickOn } from '../world/shopping.ts'
import type { Scene } from './scene.ts'

/** How a story must end, whatever died in between. */
export interface Ending {
  readonly checkout: string
  readonly orders: readonly string[]
  /** Units of the first thing that are gone from its shelf in the end. */
  readonly soldOfFirst: number
}

/** A story of the market: told through processes that die, it must end as it does without. */
export interface Story {
  readonly name: string
  readonly tell: (scene: Scene) => Promise<Ending>
}

const hour = 3_600_000

const buy = async (scene: Scene, changes: Parameters<typeof clickOn>[1] = {}) => {
  const checkoutId = await scene.press(clickOn(scene.cart, changes))
  if (checkoutId === undefined) throw new Error('a checkout that nothing speaks against was refused')
  return checkoutId
}

const both = (state: string) => [state, state]

async function completed(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.pay(checkoutId)
  for (const { id, shopId } of await scene.orders(checkoutId)) await scene.seller(shopId, 'acceptOrder', { orderId: id })
  await scene.heal()
  await scene.bring(await scene.orders(checkoutId))
  for (const { id } of await scene.orders(checkoutId)) await scene.buyerDoes('confirmReceipt', { orderId: id })
  return { checkout: 'PAID', orders: both('COMPLETED'), soldOfFirst: scene.quantity }
}

async function cancelled(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.buyerDoes('cancelCheckout', { checkoutId })
  return { checkout: 'CANCELLED', orders: both('CANCELLED'), soldOfFirst: 0 }
}

async function expired(scene: Scene): Promise<Ending> {
  await buy(scene)
  await scene.wait(25 * hour)
  return { checkout: 'EXPIRED', orders: both('CANCELLED'), soldOfFirst: 0 }
}

async function denied(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.pay(checkoutId, 'deny')
  return { checkout: 'FAILED', orders: both('CANCELLED'), soldOfFirst: 0 }
}

/** Paid after the end, and the goods are still there: bought after all. */
async function late(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.wait(25 * hour)
  await scene.pay(checkoutId)
  return { checkout: 'PAID', orders: both('PAID'), soldOfFirst: scene.quantity }
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
  return { checkout: 'EXPIRED', orders: both('CANCELLED'), soldOfFirst: 0 }
}

async function rejected(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene, { paymentMethod: 'QRIS' })
  await scene.pay(checkoutId)
  for (const { id, shopId } of await scene.orders(checkoutId))
    await scene.seller(shopId, 'rejectOrder', { orderId: id, reason: 'OUT_OF_STOCK', note: 'Maaf, habis.' })
  return { checkout: 'PAID', orders: both('CANCELLED'), soldOfFirst: 0 }
}

/** The seller says nothing for two days. */
async function lapsed(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene)
  await scene.pay(checkoutId)
  await scene.wait(49 * hour)
  return { checkout: 'PAID', orders: both('CANCELLED'), soldOfFirst: 0 }
}

/** Nothing is left when the button is pressed. */
async function soldOut(scene: Scene): Promise<Ending> {
  await scene.calmly(() => countStock(scene.world, scene.wanted[0]![0], 0))
  const checkoutId = await scene.press(clickOn(scene.cart))
  if (checkoutId !== undefined) throw new Error('goods that are not there were sold')
  return { checkout: 'FAILED', orders: [], soldOfFirst: 0 }
}

/** The buyer has seen another total. */
async function otherTotal(scene: Scene): Promise<Ending> {
  const checkoutId = await scene.press(clickOn(scene.cart, { expectedTotal: 1 }))
  if (checkoutId !== undefined) throw new Error('a total that the buyer has not seen was accepted')
  return { checkout: 'FAILED', orders: [], soldOfFirst: 0 }
}

/** Every story: together they pass every boundary of a purchase. */
export const stories: readonly Story[] = [
  { name: 'completed', tell: completed },
  { name: 'cancelled', tell: cancelled },
  { name: 'expired', tell: expired },
  { name: 'denied', tell: denied },
  { name: 'paid late', tell: late },
  { name: 'paid too late', tell: tooLate },
  { name: 'rejected', tell: rejected },
  { name: 'lapsed', tell: lapsed },
  { name: 'sold out', tell: soldOut },
  { name: 'other total', tell: otherTotal },
]
