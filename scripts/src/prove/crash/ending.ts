import type { Domain } from '@pasar/shared/domains'
import { limits } from '@pasar/shared/limits'
import type { Broken, Invariant } from '../invariants/broken.ts'
import { rowsOf } from '../world/acts.ts'
import type { Buyer } from '../world/people.ts'
import type { World } from '../world/world.ts'
import { sumOf } from '../charges.ts'
import { contradictionsOfBooks, readBooks, type Books } from './books.ts'
import { whatWentBack, type Fate } from './fates.ts'
import { gains, together, type Sale } from './gains.ts'
import type { Done } from './insist.ts'
import { contradictionsOfLines, linesOf, readLines } from './lines.ts'
import { saleOf, type Buying } from './prices.ts'
import type { Scene } from './scene.ts'
import { statementsOf, type StatementEnding } from './statements.ts'

/** How a story must end, whatever died in between. */
export interface Ending extends Buying {
  readonly checkout: string
  /** What becomes of the order at the first thing's shop, then of the other one. */
  readonly orders: readonly Fate[]
  /** What the story has brought onto the market's accounts beside what is sold and given back. */
  readonly besides?: Books
  readonly statements?: readonly StatementEnding[]
}

/** Where an order ends by what becomes of its money. */
const stateBy = { 'never came': 'CANCELLED', held: 'PAID', released: 'COMPLETED', back: 'CANCELLED' } as const

interface OrderRow {
  readonly id: string
  readonly shopId: string
  readonly state: string
  readonly reservedAs: string | null
}

interface RefundRow {
  readonly orderId: string
  readonly amount: number
  readonly state: string
}

/** The last checkout of a buyer. */
export async function lastCheckout(
  world: World,
  buyer: Buyer,
): Promise<{ readonly id: string; readonly state: string } | undefined> {
  const sql = 'SELECT id, state FROM checkout WHERE buyer_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1'
  return (await rowsOf<{ id: string; state: string }>(world, 'orders', { sql, values: [buyer.viewer.accountId] }))[0]
}

const says = (invariant: Invariant, what: string): Broken => ({ invariant, what })

/** Where a story did not end as it must. */
export async function ended(scene: Scene, ending: Ending): Promise<Broken[]> {
  const { world, wanted, acknowledged, buyer, checkoutBefore } = scene
  const checkout = await lastCheckout(world, buyer)
  if (!checkout || checkout.id === checkoutBefore) return [says('I3', 'no checkout is left')]
  const found = await rowsOf<OrderRow>(world, 'orders', {
    sql: `SELECT id, shop_id AS "shopId", state, reserved_as AS "reservedAs" FROM shop_order WHERE checkout_id = $1`,
    values: [checkout.id],
  })
  const isFirst = ({ shopId }: OrderRow) => shopId === wanted[0]![0].shop.shopId
  const orders = [...found.filter(isFirst), ...found.filter((order) => !isFirst(order))]
  const [there, must] = [orders.length, ending.orders.length]
  if (there !== must) return [says('I3', `checkout ${checkout.id} is ${checkout.state} and has ${there} orders, not ${must}`)]
  const sale = await saleOf(scene, orders, ending)
  const states = orders.map(({ state }) => state).join()
  const wantedStates = ending.orders.map(({ money }) => stateBy[money]).join()
  const books = together(gains(sale, ending.orders), ending.besides ?? {})
  return [
    ...(checkout.state === ending.checkout
      ? []
      : [says('I3', `checkout ${checkout.id} ended ${checkout.state}, not ${ending.checkout}`)]),
    ...(states === wantedStates ? [] : [says('I3', `its orders ended ${states}, not ${wantedStates}`)]),
    ...(await sold({ scene, sale, orders, ending }, checkout.id)),
    ...(await leftInCart(scene, ending)),
    ...boughtTwice(acknowledged.pressed),
    ...(await refunded({ scene, sale, orders, ending })),
    ...(await saysOfThings({ scene, sale, orders, ending })),
    ...(await effects(scene, orders)),
    ...contradictionsOfBooks(scene.booksBefore, await readBooks(world), books),
    ...(await statementsOf(scene, ending.statements ?? [])),
  ]
}

/** One key, one checkout. */
const boughtTwice = (pressed: Scene['acknowledged']['pressed']): Broken[] =>
  pressed
    .filter(({ key, checkoutId }) => pressed.find((first) => first.key === key)!.checkoutId !== checkoutId)
    .map(({ checkoutId }) => says('I4', `"Buy" was answered with ${checkoutId}, too`))

/** What came of a story, and what must have. */
interface Came {
  readonly scene: Scene
  readonly sale: Sale
  readonly orders: readonly OrderRow[]
  readonly ending: Ending
}

/** Units that are gone from a shelf and were not sold, or the other way round; also where nothing came of it. */
async function sold({ scene: { world, wanted }, sale, orders, ending }: Came, checkoutId: string): Promise<Broken[]> {
  const taken = await rowsOf<{ variantId: string; units: number }>(world, 'products', {
    sql: `SELECT a.variant_id AS "variantId", sum(a.quantity - a.restocked)::int AS units FROM reservation r
      JOIN reservation_allocation a ON a.reservation_id = r.id
      WHERE r.checkout_id = ANY($1::text[]) AND r.state IN ('HELD', 'CONFIRMED') GROUP BY a.variant_id`,
    values: [[checkoutId, ...orders.map(({ reservedAs }) => reservedAs)]],
  })
  const must = new Map(wanted.map(([{ variantId }]): [string, number] => [variantId, 0]))
  for (const [place, order] of sale.orders.entries()) {
    const { gone } = whatWentBack(order, ending.orders[place]!)
    for (const [index, { variantId }] of order.lines.entries()) must.set(variantId, gone[index]!)
  }
  return [...must].flatMap(([variantId, units]) => {
    const gone = taken.find((one) => one.variantId === variantId)?.units ?? 0
    return gone === units ? [] : [says('I3', `${gone} units of ${variantId} are gone from the shelf, not ${units}`)]
  })
}

/** What was bought is not in the cart any more; where nothing came of it, all of it is. */
async function leftInCart({ world, buyer, wanted }: Scene, { orders }: Ending): Promise<Broken[]> {
  const [cart] = await rowsOf<{ lines: number }>(world, 'carts', {
    sql: 'SELECT count(*)::int AS lines FROM cart_line JOIN cart ON cart.id = cart_id WHERE account_id = $1',
    values: [buyer.viewer.accountId],
  })
  const must = orders.length === 0 ? wanted.length : 0
  return cart!.lines === must ? [] : [says('I3', `${cart!.lines} things are left in the cart, not ${must}`)]
}

/** Money that went back twice, not at all, or has not arrived. */
async function refunded({ scene: { world }, sale, orders, ending }: Came): Promise<Broken[]> {
  const refunds = await rowsOf<RefundRow>(world, 'payments', {
    sql: 'SELECT order_id AS "orderId", amount::float8 AS amount, state FROM refund WHERE order_id = ANY($1::text[]) ORDER BY amount',
    values: [orders.map(({ id }) => id)],
  })
  return orders.flatMap(({ id }, place) => {
    const own = refunds.filter(({ orderId }) => orderId === id)
    const amounts = whatWentBack(sale.orders[place]!, ending.orders[place]!).refunds.toSorted((a, b) => a - b)
    const gone = own.map(({ amount }) => amount)
    return [
      ...(String(gone) === String(amounts)
        ? []
        : [says(sumOf(gone) < sumOf(amounts) ? 'I7' : 'I4', `order ${id} gave ${gone.join()} back, not ${amounts.join()}`)]),
      ...own
        .filter(({ state }) => state !== 'COMPLETED')
        .map(({ amount, state }) => says('I5', `${amount} of order ${id} are still ${state}`)),
    ]
  })
}

/** What orders says of each thing, line by line, to the rupiah: it decides what a line and a unit of it are worth. */
async function saysOfThings({ scene: { world }, sale, orders, ending }: Came): Promise<Broken[]> {
  const found = orders.map(async ({ id }, place) => {
    const must = linesOf(sale.orders[place]!, ending.orders[place]!)
    return contradictionsOfLines(await readLines(world, id), must).map((what) => says('I3', `order ${id} ${what}`))
  })
  return (await Promise.all(found)).flat()
}

interface Line {
  readonly orderId: string
  readonly actorId: string
  readonly count: number
}

/** What people did and were answered has left one line each in the history of its order, and one record as long as that is kept. */
async function effects({ world, acknowledged }: Scene, orders: readonly OrderRow[]): Promise<Broken[]> {
  const keptFrom = world.clock.now().getTime() - limits.idempotencyKeptHours * 3_600_000
  const kept = acknowledged.done.filter(({ at }) => at > keptFrom)
  const records = await Promise.all((['orders', 'payments'] as const).map((domain) => recordsOf(world, domain, kept)))
  const lines = await rowsOf<Line>(world, 'orders', {
    sql: `SELECT order_id AS "orderId", actor_id AS "actorId", count(*)::int AS count FROM order_history
      WHERE order_id = ANY($1::text[]) AND actor_id IS NOT NULL AND version > 1 GROUP BY 1, 2`,
    values: [orders.map(({ id }) => id)],
  })
  const doneToOrders = acknowledged.done.filter(({ domain }) => domain === 'orders')
  return [...ofRecords(kept, records.flat()), ...ofLines(doneToOrders, orders, lines)]
}

async function recordsOf(world: World, domain: Domain, done: readonly Done[]): Promise<readonly { readonly key: string }[]> {
  const own = done.filter((one) => one.domain === domain)
  if (own.length === 0) return []
  return rowsOf<{ key: string }>(world, domain, {
    sql: `SELECT key FROM idempotency_record
      WHERE outcome IS NOT NULL AND (scope, actor, key) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
    values: [own.map(({ field }) => field), own.map(({ actorId }) => actorId), own.map(({ key }) => key)],
  })
}

const ofRecords = (kept: readonly Done[], records: readonly { readonly key: string }[]): Broken[] =>
  kept.flatMap(({ key }) => {
    const count = records.filter((record) => record.key === key).length
    return count === 1 ? [] : [says(count === 0 ? 'I7' : 'I4', `${key} was answered and has ${count} records`)]
  })

function ofLines(done: readonly Done[], orders: readonly OrderRow[], lines: readonly Line[]): Broken[] {
  const people = new Set([...done.map(({ actorId }) => actorId), ...lines.map(({ actorId }) => actorId)])
  return orders.flatMap(({ id }) =>
    [...people].flatMap((actorId) => {
      // Who calls a whole checkout off does it to each of its orders.
      const own = done.filter((one) => one.actorId === actorId && [undefined, id].includes(one.orderId))
      const count = lines.find((line) => line.orderId === id && line.actorId === actorId)?.count ?? 0
      const said = own.map(({ field }) => field).join()
      return count === own.length
        ? []
        : [
            says(
              count < own.length ? 'I7' : 'I4',
              `${actorId} did ${said || 'nothing'} to ${id}, its history has ${count} lines of that`,
            ),
          ]
    }),
  )
}
