import type { World } from '../world/world.ts'
import { rowsOf } from '../world/acts.ts'
import type { Wanted } from '../world/shopping.ts'
import type { Bought } from './fates.ts'
import type { Method, Sale } from './gains.ts'
import { readRules, rulesAt } from './rules.ts'
import type { Scene } from './scene.ts'

/** How something was bought. */
export interface Buying {
  /** By virtual account where it does not say. */
  readonly paidBy?: Method | undefined
  /** What the first thing has cost, where that is not its price. */
  readonly firstCosts?: number | undefined
  /** What else was bought at the first thing's shop. */
  readonly also?: Wanted | undefined
  /** What a voucher of that shop takes off. */
  readonly discount?: number | undefined
}

/** The order at the first thing's shop, then the other one; by their ids alone. */
type Orders = readonly { readonly id: string }[]

/** What was bought, by what was on the shelves; how far parcels go, and so what they cost, only the market knows. */
export async function saleOf(scene: Scene, orders: Orders, buying: Buying): Promise<Sale> {
  const { world, wanted, buyer } = scene
  const { paidBy = 'BCA_VA', firstCosts, also = [], discount = 0 } = buying
  const [costs, paths, rules] = await Promise.all([costsOf(world, orders), pathsOf(world), readRules(world)])
  const boughtAt = Math.max(...[...costs.values()].map(({ placedAt }) => placedAt))
  const bought = orders.map(({ id }, place): Bought => {
    const [goods, quantity] = wanted[place]!
    const first = place === 0 && firstCosts !== undefined ? { ...goods, price: firstCosts } : goods
    const things = [[first, quantity] as const, ...(place === 0 ? also : [])]
    return {
      shopId: goods.shop.shopId,
      lines: things.map(([{ variantId, price }, units]) => ({ variantId, price, quantity: units, path: paths.get(variantId)! })),
      discount: place === 0 ? discount : 0,
      shipping: costs.get(id)!.shipping,
      wayBack: costs.get(id)!.wayBack,
    }
  })
  return { buyerId: buyer.viewer.accountId, paidBy, courierId: 'jne', rules: rulesAt(rules, boughtAt), orders: bought }
}

/** When orders were placed, and what the ways of their parcels cost. */
async function costsOf(world: World, orders: Orders) {
  const values = [orders.map(({ id }) => id)]
  const there = await rowsOf<{ id: string; shipping: number; placedAt: number }>(world, 'orders', {
    sql: `SELECT id, shipping_cost::float8 AS shipping, extract(epoch FROM placed_at)::float8 AS "placedAt" FROM shop_order
      WHERE id = ANY($1::text[])`,
    values,
  })
  const back = await rowsOf<{ id: string; cost: number }>(world, 'logistics', {
    sql: `SELECT order_id AS id, shipping_cost::float8 AS cost FROM shipment WHERE order_id = ANY($1::text[]) AND direction = 'RETURN'`,
    values,
  })
  const backOf = new Map(back.map(({ id, cost }) => [id, cost]))
  return new Map(there.map(({ id, ...order }) => [id, { ...order, wayBack: backOf.get(id) ?? 0 }]))
}

/** The categories that each thing is in; a town has no more than two above each other. */
async function pathsOf(world: World): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await rowsOf<{ id: string; path: string[] }>(world, 'products', {
    sql: `SELECT v.id, array_remove(ARRAY[c.parent_id, c.id], NULL) AS path FROM variant v JOIN product p ON p.id = v.product_id
      JOIN category c ON c.id = p.category_id`,
  })
  return new Map(rows.map(({ id, path }) => [id, path]))
}
