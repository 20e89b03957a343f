import { rowsOf } from '../world/acts.ts'
import type { Scene } from './scene.ts'
import type { Ordered } from './story.ts'

/** What an order costs its buyer. */
interface Price {
  readonly items: number
  readonly shipping: number
  readonly total: number
}

/** What the order at the first thing's shop costs, then the other one, by what was on the shelves; how far they go only the market knows. */
export async function pricesOf(
  scene: Scene,
  orders: readonly [Ordered, Ordered],
  firstCosts?: number,
): Promise<readonly [Price, Price]> {
  const rows = await rowsOf<{ id: string; shipping: number }>(scene.world, 'orders', {
    sql: 'SELECT id, shipping_cost::float8 AS shipping FROM shop_order WHERE id = ANY($1::text[])',
    values: [orders.map(({ id }) => id)],
  })
  const priceOf = (place: 0 | 1): Price => {
    const [goods, quantity] = scene.wanted[place]!
    const items = quantity * ((place === 0 ? firstCosts : undefined) ?? goods.price)
    const { shipping } = rows.find(({ id }) => id === orders[place].id)!
    return { items, shipping, total: items + shipping }
  }
  return [priceOf(0), priceOf(1)]
}
