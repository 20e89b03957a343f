import { newId } from '@pasar/shared/ids'
import { rowsOf } from '../world/acts.ts'
import { countStock, type Goods } from '../world/people.ts'
import { addToCart, completeCart } from '../world/shopping.ts'
import type { Ending } from './ending.ts'
import type { Scene } from './scene.ts'
import { bringing, buy, byShop, hour, sold, type Ordered } from './story.ts'
import { shelfUnits } from './town.ts'

/** Another thing on the shelf of a shop. */
async function anotherOf({ world }: Scene, { variantId, shop }: Goods): Promise<Goods> {
  const [other] = await rowsOf<Pick<Goods, 'variantId' | 'productId' | 'price'>>(world, 'products', {
    sql: `SELECT id AS "variantId", product_id AS "productId", price::float8 AS price FROM variant WHERE shop_id = $1 AND id <> $2
      ORDER BY id LIMIT 1`,
    values: [shop.shopId, variantId],
  })
  return { ...other!, shop }
}

/** So many units of each of an order's things, as the API takes them. */
async function unitsOf({ world }: Scene, { id }: Ordered, wanted: readonly (readonly [Goods, number])[]) {
  const lines = await rowsOf<{ id: string; variantId: string }>(world, 'orders', {
    sql: 'SELECT id, variant_id AS "variantId" FROM order_line WHERE order_id = $1',
    values: [id],
  })
  const lineOf = ({ variantId }: Goods) => lines.find((line) => line.variantId === variantId)!.id
  return { lines: wanted.map(([goods, quantity]) => ({ orderLineId: lineOf(goods), quantity })) }
}

/** A voucher of the first thing's shop. */
async function newVoucher(scene: Scene, amount: number) {
  const { shopId } = scene.wanted[0]![0].shop
  const code = `B${newId('voucher').slice(-12).toUpperCase()}`
  const endsAt = new Date(scene.world.clock.now().getTime() + 100 * hour).toISOString()
  await scene.seller(shopId, 'createVoucher', { shopId, code, amount, uses: 1, endsAt })
  return { shopId, code }
}

const alsoUnits = 2
const discount = 7_001
const decided = 5_001
const granted = 1_001

/**
 * Two things of one shop, in categories with other commissions and cheaper by a voucher. A unit of one cannot be sent, staff give a part of
 * what was paid for a unit of each back, and when the seller has the money a little of everything.
 */
export async function tellParts(scene: Scene): Promise<Ending> {
  const { world, buyer, wanted } = scene
  const [goods] = wanted[0]!
  const other = await anotherOf(scene, goods)
  const cart = await scene.calmly(async () => {
    await countStock(world, other, shelfUnits)
    await world.settle()
    await addToCart(world, buyer, [other, alsoUnits])
    return (await completeCart(world, buyer))!
  })
  const vouchers = [await newVoucher(scene, discount)]
  const checkoutId = await buy({ ...scene, cart }, { paymentMethod: 'QRIS', vouchers })
  await scene.pay(checkoutId)
  const orders = byShop(scene, await scene.orders(checkoutId))
  const [order, second] = orders
  const orderId = order.id
  const less = { ...(await unitsOf(scene, order, [[goods, 1]])), reason: 'OUT_OF_STOCK', note: 'Kurang satu.' }
  await scene.seller(order.shopId, 'cancelLines', { orderId, ...less })
  for (const { id, shopId } of orders) await scene.seller(shopId, 'acceptOrder', { orderId: id })
  await scene.heal()
  await scene.courier(orders, bringing)
  await scene.buyerDoes('confirmReceipt', { orderId: second.id })
  const one = await unitsOf(scene, order, [
    [goods, 1],
    [other, 1],
  ])
  const wish = { reason: 'DAMAGED', solution: 'REFUND_ONLY', note: 'Keduanya penyok.' }
  await scene.buyerDoes('requestReturn', { orderId, ...one, ...wish })
  await scene.seller(order.shopId, 'answerReturn', { orderId, approve: false, note: 'Kami kirim utuh.' })
  await scene.buyerDoes('escalateReturn', { orderId, note: 'Lihat fotonya.' })
  await scene.staffDo('mediateReturn', { orderId, decision: 'REFUND', amount: decided, note: 'Penyok sedikit.' })
  await scene.heal()
  await scene.staffDo('refundCompletedOrder', { orderId, amount: granted, note: 'Dan kardusnya.' })
  const before = [{ units: [1] }, { units: [1, 1], amount: decided, isSellersFault: true }]
  return {
    checkout: 'PAID',
    paidBy: 'QRIS',
    also: [[other, alsoUnits]],
    discount,
    orders: [{ ...sold, before, after: [{ amount: granted }] }, sold],
  }
}
