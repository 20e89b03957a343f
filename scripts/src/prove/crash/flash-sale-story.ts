import { rowsOf } from '../world/acts.ts'
import type { Goods } from '../world/people.ts'
import { acknowledgeChanges, clickOn, readCart } from '../world/shopping.ts'
import type { Ending } from './ending.ts'
import type { Scene } from './scene.ts'
import { both, buy, hour, paid } from './story.ts'

interface Sale {
  readonly price: number
  /** In so many hours, for so many. */
  readonly inHours: number
  readonly forHours: number
}

/** Whoever says it again after a lost answer is told of the one that is there. */
async function schedule(scene: Scene, { variantId, shop }: Goods, { price, inHours, forHours }: Sale): Promise<string> {
  const at = (hours: number) => new Date(scene.world.clock.now().getTime() + hours * hour).toISOString()
  const input = { variantId, price, startsAt: at(inHours), endsAt: at(inHours + forHours), units: 10, unitsPerBuyer: 5 }
  const came = await scene.tries<{ flashSale?: { readonly id: string } }>({
    domain: 'products',
    field: 'scheduleFlashSale',
    as: shop.owner,
    input,
    isKeyed: false,
    returns: 'flashSale { id }',
    others: '... on FlashSaleOverlaps { flashSale { id } }',
  })
  if (!came.flashSale) throw new Error(`a flash sale that nothing speaks against was refused: ${came.code}`)
  return came.flashSale.id
}

/** What a thing costs, and what carts take it to cost. */
async function costsNow({ world }: Scene, { variantId }: Goods): Promise<readonly number[]> {
  const values = [variantId]
  const [variant] = await rowsOf<{ price: number }>(world, 'products', {
    sql: 'SELECT price::float8 AS price FROM variant WHERE id = $1',
    values,
  })
  const [listing] = await rowsOf<{ price: number }>(world, 'carts', {
    sql: 'SELECT price::float8 AS price FROM listing WHERE variant_id = $1',
    values,
  })
  return [variant!.price, listing!.price]
}

async function mustCost(scene: Scene, goods: Goods, price: number): Promise<void> {
  const costs = await costsNow(scene, goods)
  if (costs.some((one) => one !== price)) throw new Error(`a thing for ${price} costs ${costs.join()}`)
}

/** Bought for less: the buyer agrees to the new price, and pays it when the sale is over. Another sale is called off while it runs. */
export async function tellFlashSale(scene: Scene): Promise<Ending> {
  const { world, buyer } = scene
  const [goods] = scene.wanted[0]!
  const price = goods.price - 5_000
  await schedule(scene, goods, { price, inHours: 2, forHours: 2 })
  await scene.wait(2 * hour)
  await mustCost(scene, goods, price)
  if ((await scene.press(clickOn(scene.cart))) !== undefined) throw new Error('a price that the buyer has not seen was paid')
  const cart = await scene.calmly(async () => {
    await acknowledgeChanges(world, buyer)
    return (await readCart(world, buyer))!
  })
  const checkoutId = await buy({ ...scene, cart })
  await scene.wait(3 * hour)
  await mustCost(scene, goods, goods.price)
  await scene.pay(checkoutId)
  const flashSaleId = await schedule(scene, goods, { price, inHours: 1, forHours: 2 })
  await scene.wait(hour)
  await mustCost(scene, goods, price)
  await scene.does({ domain: 'products', field: 'cancelFlashSale', as: goods.shop.owner, input: { flashSaleId }, isKeyed: false })
  await mustCost(scene, goods, goods.price)
  return { checkout: 'PAID', firstCosts: price, orders: both(paid) }
}
