import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { randomFrom } from '../random.ts'
import { victimsOf, type Actor } from '../crash/deaths.ts'
import type { Town } from '../crash/town.ts'
import { act, rowsOf, type Act } from '../world/acts.ts'
import { countStock, newBuyer, otherWarehouse, putOnShelf, type Buyer, type Goods } from '../world/people.ts'
import { heal } from '../world/time.ts'
import type { World } from '../world/world.ts'
import type { seen } from './model.ts'

/** The same buyer and the same two things in a real market, some process of which is about to die. */
export interface Real {
  readonly world: World
  readonly buyer: Buyer
  readonly staff: AccountViewer
  readonly goods: readonly Goods[]
  /** The vouchers of this life, the oldest first. */
  readonly vouchers: VoucherCode[]
  /** What was done so far, in words. */
  readonly told: string[]
  /** A process dies when so many boundaries have been reached from now on. */
  arm(after: number, actor: Actor): void
  /** How many processes died. */
  deaths: number
  /** Does something until it is answered, and lets everything come to its end. */
  insist<T>(work: () => Promise<T>): Promise<T>
  /** Does something over which nobody dies: what carries no key cannot be asked twice. */
  calmly<T>(work: () => Promise<T>): Promise<T>
  settle(): Promise<void>
  see(): Promise<ReturnType<typeof seen>>
  checkoutIds(): Promise<readonly string[]>
}

/** A voucher as a buyer names it. */
interface VoucherCode {
  readonly shopId: string
  readonly code: string
}

export const startPrice = 40_000
export const startUnits = 12
/** So many of them lie in the shop's other warehouse. */
const unitsElsewhere = 5
const triesMax = 8

/** Lets everything come to its end; also what waits for hours, for which nobody is woken while a market heals. */
async function comeToRest(world: World, downMs: () => number): Promise<void> {
  do {
    await heal(world, { downMs: downMs() })
    await world.settle()
  } while (!world.isWhole())
}

/** People and things of one run: nothing of an earlier run concerns them. */
export async function openReal({ world, shelves, categoryId, staff }: Town, seed: number, told: string[] = []): Promise<Real> {
  world.watch = async () => undefined
  const buyer = await newBuyer(world)
  const goods: Goods[] = []
  for (const shelf of shelves) {
    const { shop } = shelf[0]!
    const one = await putOnShelf(world, shop, { categoryId, price: startPrice, units: startUnits - unitsElsewhere })
    await countStock(world, { ...one, shop: { ...shop, warehouseId: await otherWarehouse(world, shop) } }, unitsElsewhere)
    goods.push(one)
  }
  await world.settle()
  const chance = randomFrom(seed)
  let death: { left: number; readonly actor: Actor } | undefined
  let isCalm = false
  const vouchers: VoucherCode[] = []
  const settle = () => comeToRest(world, () => (chance() < 0.5 ? 0 : 2_000))
  const real: Real = {
    world,
    buyer,
    staff,
    goods,
    vouchers,
    told,
    deaths: 0,
    arm: (after, actor) => void (death = { left: after, actor }),
    settle,
    calmly: async (work) => {
      isCalm = true
      return work().finally(() => (isCalm = false))
    },
    insist: async (work) => {
      for (let tries = 1; ; tries++) {
        const came = await work().catch((error: unknown) => {
          if (tries === triesMax) throw error
        })
        await settle()
        if (came !== undefined) return came
      }
    },
    see: () => see({ world, buyer, goods, vouchers }),
    checkoutIds: () => checkoutsOf(world, buyer).then((rows) => rows.map(({ id }) => id)),
  }
  world.watch = async ({ name, life }, point) => {
    if (life.isOver()) return new Promise<never>(() => undefined)
    if (isCalm || !death || --death.left > 0) return undefined
    const { actor } = death
    const other = chance() < 0.5 ? 'products' : 'payments'
    const victims = victimsOf(actor, { world, hit: name, point, other })
    // Who is dead already cannot die: at the next boundary, then.
    if (!victims) return undefined
    death = undefined
    real.deaths += 1
    if (actor === 'database') await world.crashDatabase()
    else await world.kill(victims)
    return life.isOver() ? new Promise<never>(() => undefined) : undefined
  }
  return real
}

interface CheckoutRow {
  readonly id: string
  readonly state: string
  readonly items: number
  readonly orders: readonly OrderRow[]
}

interface OrderRow {
  readonly id: string
  readonly shopId: string
  readonly state: string
  readonly discount: number
  readonly paid: number
  readonly refunded: number
}

/** Checkouts that came to orders, the oldest first. */
const checkoutsOf = (world: World, { viewer }: Buyer) =>
  rowsOf<CheckoutRow>(world, 'orders', {
    sql: `SELECT c.id, c.state, c.items_total::float8 AS items, json_agg(json_build_object('id', o.id, 'shopId', o.shop_id,
        'state', o.state, 'discount', o.discount, 'paid', o.items_total - o.discount + o.shipping_cost,
        'refunded', o.refunded_items + o.refunded_shipping)) AS orders
      FROM checkout c JOIN shop_order o ON o.checkout_id = c.id WHERE c.buyer_id = $1 GROUP BY c.id ORDER BY c.created_at, c.id`,
    values: [viewer.accountId],
  })

/** What the buyer has got back of each order. */
async function paidBack(world: World, { viewer }: Buyer): Promise<ReadonlyMap<string, number>> {
  const rows = await rowsOf<{ id: string; amount: number }>(world, 'payments', {
    sql: `SELECT order_id AS id, sum(amount)::float8 AS amount FROM refund WHERE buyer_id = $1 AND state = 'COMPLETED' GROUP BY order_id`,
    values: [viewer.accountId],
  })
  return new Map(rows.map(({ id, amount }) => [id, amount]))
}

const goodOf = (goods: readonly Goods[], shopId: string) => goods.findIndex(({ shop }) => shop.shopId === shopId)

/** What of one thing can be bought in a warehouse. */
interface Place {
  readonly warehouseId: string
  readonly free: number
}

/** Where each thing lies, the fullest warehouse first. Units that lie ready count as reserved, and are nobody's yet. */
async function shelvesOf(world: World, goods: readonly Goods[]): Promise<readonly (readonly Place[])[]> {
  const rows = await rowsOf<Place & { readonly id: string }>(world, 'products', {
    sql: `SELECT s.variant_id AS id, s.warehouse_id AS "warehouseId", (s.on_hand - s.reserved + count(u.id))::int AS free
      FROM stock s LEFT JOIN stock_unit u USING (variant_id, warehouse_id)
      WHERE s.variant_id = ANY($1::text[]) GROUP BY s.variant_id, s.warehouse_id ORDER BY free DESC, s.warehouse_id`,
    values: [goods.map(({ variantId }) => variantId)],
  })
  return goods.map(({ variantId }) => rows.filter(({ id }) => id === variantId))
}

/** Where one thing lies. */
export const placesOf = async ({ world, goods }: Real, good: number): Promise<readonly Place[]> =>
  (await shelvesOf(world, [goods[good]!]))[0]!

/** What each thing costs now. */
async function pricesOf(world: World, goods: readonly Goods[]): Promise<readonly number[]> {
  const rows = await rowsOf<{ id: string; price: number }>(world, 'products', {
    sql: 'SELECT id, price::float8 AS price FROM variant WHERE id = ANY($1::text[])',
    values: [goods.map(({ variantId }) => variantId)],
  })
  return goods.map(({ variantId }) => rows.find(({ id }) => id === variantId)!.price)
}

/** How far the flash sales of the things are, the oldest first. */
async function salesOf(world: World, goods: readonly Goods[]) {
  const ids = goods.map(({ variantId }) => variantId)
  const rows = await rowsOf<{ id: string; state: string; taken: number; sold: number }>(world, 'products', {
    sql: `SELECT f.variant_id AS id, f.state, f.taken, f.sold FROM flash_sale f WHERE f.variant_id = ANY($1::text[])
      ORDER BY f.created_at, f.id`,
    values: [ids],
  })
  return rows.map(({ id, ...sale }) => ({ good: ids.indexOf(id), ...sale }))
}

/** How often each voucher counts as used. */
async function usesOf(world: World, vouchers: readonly VoucherCode[]): Promise<readonly number[]> {
  if (vouchers.length === 0) return []
  const rows = await rowsOf<VoucherCode & { readonly used: number }>(world, 'orders', {
    sql: 'SELECT code, used FROM voucher WHERE code = ANY($1::text[])',
    values: [vouchers.map(({ code }) => code)],
  })
  return vouchers.map(({ code }) => rows.find((row) => row.code === code)!.used)
}

async function see({ world, buyer, goods, vouchers }: Pick<Real, 'world' | 'buyer' | 'goods' | 'vouchers'>) {
  const [checkouts, back, shelves, prices, sales, uses] = await Promise.all([
    checkoutsOf(world, buyer),
    paidBack(world, buyer),
    shelvesOf(world, goods),
    pricesOf(world, goods),
    salesOf(world, goods),
    usesOf(world, vouchers),
  ])
  const orderSeen = ({ id, shopId, state, discount, paid, refunded }: OrderRow) => ({
    good: goodOf(goods, shopId),
    state,
    discount,
    paid,
    // Decided is not enough: the buyer must have it.
    refunded: back.get(id) === refunded || refunded === 0 ? refunded : Number.NaN,
  })
  const found = {
    checkouts: checkouts.map(({ state, items, orders }) => ({
      state,
      items,
      orders: orders.map(orderSeen).toSorted((a, b) => a.good - b.good),
    })),
    goods: shelves.map((places, good) => ({ price: prices[good], free: places.reduce((sum, { free }) => sum + free, 0) })),
    sales,
    uses,
  }
  return found as ReturnType<typeof seen>
}

/** The order of one thing in the n-th checkout. */
export async function orderOf({ world, buyer, goods }: Real, index: number, good: number): Promise<string> {
  const checkouts = await checkoutsOf(world, buyer)
  return checkouts[index]!.orders.find(({ shopId }) => goodOf(goods, shopId) === good)!.id
}

/** The line of one thing in the buyer's cart. */
export async function lineOf({ world, buyer, goods }: Real, good: number): Promise<string> {
  const [line] = await rowsOf<{ id: string }>(world, 'carts', {
    sql: 'SELECT l.id FROM cart_line l JOIN cart c ON c.id = l.cart_id WHERE c.account_id = $1 AND l.variant_id = $2',
    values: [buyer.viewer.accountId, goods[good]!.variantId],
  })
  return line!.id
}

/** What couriers ask for the way of each thing of the newest checkout. */
export async function shippingOf({ world, buyer, goods }: Real): Promise<ReadonlyMap<number, number>> {
  const rows = await rowsOf<{ shopId: string; cost: number }>(world, 'orders', {
    sql: `SELECT shop_id AS "shopId", shipping_cost::float8 AS cost FROM shop_order
      WHERE checkout_id = (SELECT id FROM checkout WHERE buyer_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1)`,
    values: [buyer.viewer.accountId],
  })
  return new Map(rows.map(({ shopId, cost }) => [goodOf(goods, shopId), cost]))
}

/** Presses a button of the world outside: the bank's or the courier's. */
export async function outside(world: World, path: string, body: object = {}): Promise<true> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${world.simulatorsUrl}/simulators/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
  return true
}

/** A mutation that must be taken. */
export async function taken(real: Real, what: Act): Promise<void> {
  const came = await real.insist(() => act(real.world, what))
  if (came.code !== undefined) throw new Error(`${what.field} was refused: ${JSON.stringify(came)}`)
}

/** One at orders. */
export const order = (real: Real, as: AccountViewer, [field, input]: readonly [string, object]): Promise<void> =>
  taken(real, { domain: 'orders', field, as, input })
