import type { Domain } from '@pasar/shared/domains'
import { limits } from '@pasar/shared/limits'
import type { Broken, Invariant } from '../invariants/broken.ts'
import { rowsOf } from '../world/acts.ts'
import type { Buyer } from '../world/people.ts'
import type { World } from '../world/world.ts'
import { contradictionsOfBooks, readBooks, type Books } from './books.ts'
import type { Done } from './insist.ts'
import type { Scene } from './scene.ts'
import { statementsOf, type StatementEnding } from './statements.ts'

/** How an order must end. */
export interface OrderEnding {
  readonly state: string
  /** The amounts that went back of it, each once; `all` is the whole of it at once. */
  readonly refunds: 'all' | readonly number[]
}

/** How a story must end, whatever died in between. */
export interface Ending {
  readonly checkout: string
  /** The order at the first thing's shop, then the other one. */
  readonly orders: readonly OrderEnding[]
  /** Units of the first thing that are gone from its shelf in the end. */
  readonly soldOfFirst: number
  /** What the story has brought onto the market's accounts, debits positive; those that are not named have gained nothing. */
  readonly books?: Books
  readonly statements?: readonly StatementEnding[]
}

interface OrderRow {
  readonly id: string
  readonly shopId: string
  readonly state: string
  readonly total: number
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
    sql: `SELECT id, shop_id AS "shopId", state, (items_total + shipping_cost - discount)::float8 AS total, reserved_as AS "reservedAs"
      FROM shop_order WHERE checkout_id = $1`,
    values: [checkout.id],
  })
  const isFirst = ({ shopId }: OrderRow) => shopId === wanted[0]![0].shop.shopId
  const orders = [...found.filter(isFirst), ...found.filter((order) => !isFirst(order))]
  const sold = await soldOf(world, { checkoutId: checkout.id, orders, variantId: wanted[0]![0].variantId })
  const states = orders.map(({ state }) => state).join()
  const wantedStates = ending.orders.map(({ state }) => state).join()
  return [
    ...(checkout.state === ending.checkout
      ? []
      : [says('I3', `checkout ${checkout.id} ended ${checkout.state}, not ${ending.checkout}`)]),
    ...(states === wantedStates ? [] : [says('I3', `its orders ended ${states}, not ${wantedStates}`)]),
    ...(sold === ending.soldOfFirst ? [] : [says('I3', `${sold} units are gone from the shelf, not ${ending.soldOfFirst}`)]),
    ...boughtTwice(acknowledged.pressed),
    ...(await refunded(world, orders, ending)),
    ...(await effects(scene, orders)),
    ...(ending.books ? contradictionsOfBooks(scene.booksBefore, await readBooks(world), ending.books) : []),
    ...(await statementsOf(scene, ending.statements ?? [])),
  ]
}

/** One key, one checkout. */
const boughtTwice = (pressed: Scene['acknowledged']['pressed']): Broken[] =>
  pressed
    .filter(({ key, checkoutId }) => pressed.find((first) => first.key === key)!.checkoutId !== checkoutId)
    .map(({ checkoutId }) => says('I4', `"Buy" was answered with ${checkoutId}, too`))

interface Taken {
  readonly checkoutId: string
  readonly orders: readonly OrderRow[]
  readonly variantId: string
}

async function soldOf(world: World, { checkoutId, orders, variantId }: Taken): Promise<number> {
  const [taken] = await rowsOf<{ units: number }>(world, 'products', {
    sql: `SELECT coalesce(sum(a.quantity - a.restocked), 0)::int AS units FROM reservation r
      JOIN reservation_allocation a ON a.reservation_id = r.id
      WHERE r.checkout_id = ANY($1::text[]) AND a.variant_id = $2 AND r.state IN ('HELD', 'CONFIRMED')`,
    values: [[checkoutId, ...orders.map(({ reservedAs }) => reservedAs)], variantId],
  })
  return taken!.units
}

/** Money that went back twice, not at all, or has not arrived. */
async function refunded(world: World, orders: readonly OrderRow[], ending: Ending): Promise<Broken[]> {
  const refunds = await rowsOf<RefundRow>(world, 'payments', {
    sql: 'SELECT order_id AS "orderId", amount::float8 AS amount, state FROM refund WHERE order_id = ANY($1::text[]) ORDER BY amount',
    values: [orders.map(({ id }) => id)],
  })
  return orders.flatMap(({ id, total }, index) => {
    const own = refunds.filter(({ orderId }) => orderId === id)
    const must = ending.orders[index]?.refunds ?? []
    const amounts = must === 'all' ? [total] : must.toSorted((a, b) => a - b)
    const gone = own.map(({ amount }) => amount)
    const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0)
    return [
      ...(String(gone) === String(amounts)
        ? []
        : [says(sum(gone) < sum(amounts) ? 'I7' : 'I4', `order ${id} gave ${gone.join()} back, not ${amounts.join()}`)]),
      ...own
        .filter(({ state }) => state !== 'COMPLETED')
        .map(({ amount, state }) => says('I5', `${amount} of order ${id} are still ${state}`)),
    ]
  })
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
