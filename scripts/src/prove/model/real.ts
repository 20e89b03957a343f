import { randomFrom } from '../cache/random.ts'
import { act, rowsOf } from '../world/acts.ts'
import type { Town } from '../crash/town.ts'
import { victimsOf, type Actor } from '../crash/run.ts'
import { newBuyer, putOnShelf, type Buyer, type Goods } from '../world/people.ts'
import { heal } from '../world/time.ts'
import type { World } from '../world/world.ts'
import type { seen } from './model.ts'

/** The same buyer and the same two things in a real market, some process of which is about to die. */
export interface Real {
  readonly world: World
  readonly buyer: Buyer
  readonly goods: readonly Goods[]
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

export const startPrice = 40_000
export const startUnits = 12
const triesMax = 8

/** People and things of one run: nothing of an earlier run concerns them. */
export async function openReal({ world, shelves, categoryId }: Town, seed: number): Promise<Real> {
  world.watch = async () => undefined
  const buyer = await newBuyer(world)
  const goods: Goods[] = []
  for (const shelf of shelves)
    goods.push(await putOnShelf(world, shelf[0]!.shop, { categoryId, price: startPrice, units: startUnits }))
  await world.settle()
  const chance = randomFrom(seed)
  let death: { left: number; readonly actor: Actor } | undefined
  let isCalm = false
  const settle = async () => {
    await heal(world, { downMs: chance() < 0.5 ? 0 : 2_000 })
  }
  const real: Real = {
    world,
    buyer,
    goods,
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
    see: () => see(world, buyer, goods),
    checkoutIds: () => checkoutsOf(world, buyer).then((rows) => rows.map(({ id }) => id)),
  }
  world.watch = async ({ name, life }) => {
    if (life.isOver()) return new Promise<never>(() => undefined)
    if (isCalm || !death || --death.left > 0) return undefined
    const { actor } = death
    death = undefined
    real.deaths += 1
    if (actor === 'database') await world.crashDatabase()
    else await world.kill(victimsOf(actor, { hit: name, other: chance() < 0.5 ? 'products' : 'payments' }))
    return life.isOver() ? new Promise<never>(() => undefined) : undefined
  }
  return real
}

/** Checkouts that came to orders, the oldest first. */
const checkoutsOf = (world: World, { viewer }: Buyer) =>
  rowsOf<{ id: string; state: string; items: number; orders: string[] }>(world, 'orders', {
    sql: `SELECT c.id, c.state, c.items_total::float8 AS items, array_agg(o.state ORDER BY o.state) AS orders
      FROM checkout c JOIN shop_order o ON o.checkout_id = c.id WHERE c.buyer_id = $1 GROUP BY c.id ORDER BY c.created_at, c.id`,
    values: [viewer.accountId],
  })

async function see(world: World, buyer: Buyer, goods: readonly Goods[]): Promise<ReturnType<typeof seen>> {
  const checkouts = await checkoutsOf(world, buyer)
  const stock = await rowsOf<{ id: string; free: number }>(world, 'products', {
    sql: 'SELECT variant_id AS id, (on_hand - reserved)::int AS free FROM stock WHERE variant_id = ANY($1::text[])',
    values: [goods.map(({ variantId }) => variantId)],
  })
  return {
    checkouts: checkouts.map(({ state, items, orders }) => ({ state, items, orders })) as ReturnType<typeof seen>['checkouts'],
    free: goods.map(({ variantId }) => stock.find(({ id }) => id === variantId)!.free),
  }
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

/** A mutation at orders that must be taken. */
export async function order(real: Real, as: Buyer['viewer'], [field, input]: readonly [string, object]): Promise<void> {
  const came = await real.insist(() => act(real.world, { domain: 'orders', field, as, input }))
  if (came.code !== undefined) throw new Error(`${field} was refused: ${JSON.stringify(came)}`)
}
