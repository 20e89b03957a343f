import { clickOn } from '../world/shopping.ts'
import type { FirstProvider } from '../world/world.ts'
import type { Ending } from './ending.ts'
import type { Fate } from './fates.ts'
import type { Scene } from './scene.ts'

/** A story of the market: told through processes that die, it must end as it does without. */
export interface Story {
  readonly name: string
  /** So many units of the first thing are bought at least. */
  readonly unitsMin?: number
  /** Who takes the money of what both offer, and sends it to banks; Midtrans where it does not say. */
  readonly provider?: FirstProvider
  readonly tell: (scene: Scene) => Promise<Ending>
}

export const hour = 3_600_000
export const bringing = ['picked', 'delivered']

export const buy = async ({ press, cart }: Pick<Scene, 'press' | 'cart'>, changes: Parameters<typeof clickOn>[1] = {}) => {
  const checkoutId = await press(clickOn(cart, changes))
  if (checkoutId === undefined) throw new Error('a checkout that nothing speaks against was refused')
  return checkoutId
}

export const both = (fate: Fate) => [fate, fate]
export const unpaid: Fate = { money: 'never came' }
/** Paid, and its seller has not said anything yet. */
export const paid: Fate = { money: 'held' }
export const paidBack: Fate = { money: 'back' }
/** Brought, and its seller has the money. */
export const sold: Fate = { money: 'released', parcel: 'brought' }

/** The order at the first thing's shop, then the other one. */
export function byShop({ wanted }: Scene, orders: readonly Ordered[]): readonly [Ordered, Ordered] {
  const first = orders.find(({ shopId }) => shopId === wanted[0]![0].shop.shopId)!
  return [first, orders.find(({ id }) => id !== first.id)!]
}

/** A checkout whose orders are paid and accepted. */
export async function accepted(scene: Scene) {
  const checkoutId = await buy(scene, { paymentMethod: 'QRIS' })
  await scene.pay(checkoutId)
  for (const { id, shopId } of await scene.orders(checkoutId)) await scene.seller(shopId, 'acceptOrder', { orderId: id })
  await scene.heal()
  return scene.orders(checkoutId)
}

/** The same, and the courier has brought them. */
export async function delivered(scene: Scene) {
  const orders = await accepted(scene)
  await scene.courier(orders, bringing)
  return orders
}

/** An order of a checkout. */
export type Ordered = Awaited<ReturnType<Scene['orders']>>[number]
