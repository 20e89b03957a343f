import type { Ending } from './ending.ts'
import { saleOf } from './prices.ts'
import { readRules, taxOf } from './rules.ts'
import type { Scene } from './scene.ts'
import { both, bringing, buy, byShop, hour, sold } from './story.ts'

/** While a sale waits for its payment, staff say other rules: it stays as it was agreed to, and whoever buys later is charged by them. */
export async function tellOtherRules(scene: Scene): Promise<Ending> {
  const { world } = scene
  const checkoutId = await buy(scene)
  const orders = byShop(scene, await scene.orders(checkoutId))
  await scene.wait(hour)
  const [first] = (await saleOf(scene, orders, {})).orders
  const { shopId, lines } = first!
  const { isExempt } = taxOf(await readRules(world), shopId)
  // Others each time that it is told.
  const odd = Math.floor(world.clock.now().getTime() / hour) % 7
  const say = (field: string, rule: object) =>
    scene.does({ domain: 'payments', as: scene.admin, field, input: { ...rule, note: 'Tarif baru.' } })
  await say('addCommissionRule', { categoryId: lines[0]!.path.at(-1), basisPoints: 511 + 37 * odd })
  await say('addPaymentFeeRule', { method: 'BCA_VA', fixedAmount: 3_333 + 111 * odd, basisPoints: odd })
  await say('addShopTaxRule', { shopId, incomeTaxExempt: !isExempt, vatRegistered: false })
  await scene.pay(checkoutId)
  for (const order of orders) await scene.seller(order.shopId, 'acceptOrder', { orderId: order.id })
  await scene.heal()
  await scene.courier(orders, bringing)
  for (const { id } of orders) await scene.buyerDoes('confirmReceipt', { orderId: id })
  return { checkout: 'PAID', orders: both(sold) }
}
