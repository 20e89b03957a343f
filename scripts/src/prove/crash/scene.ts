import type { Acknowledged } from '../invariants/check.ts'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { rowsOf } from '../world/acts.ts'
import type { Buyer } from '../world/people.ts'
import { pressBuy, type Bought, type Cart, type Click, type Wanted } from '../world/shopping.ts'
import type { World } from '../world/world.ts'
import type { Books } from './books.ts'
import { insister, mustInsist, triesMax, type Done, type Input, type Insist } from './insist.ts'

/** People who stand ready, and how their world heals. */
export interface SceneOptions {
  readonly world: World
  readonly buyer: Buyer
  readonly staff: AccountViewer
  readonly admin: AccountViewer
  readonly wanted: Wanted
  readonly cart: Cart
  /** The last one of the buyer's earlier stories. */
  readonly checkoutBefore: string | undefined
  /** What stood on the market's accounts when the story began. */
  readonly booksBefore: Books
  readonly startedAt: Date
  /** Lets everything come to its end, and whoever is dead come back. */
  readonly heal: () => Promise<void>
  /** Does something while nobody dies. */
  readonly calmly: <T>(work: () => Promise<T>) => Promise<T>
}

/** What clients were answered. */
interface Answered {
  readonly checkoutIds: string[]
  readonly paidCheckoutIds: string[]
  /** Checkouts that "Buy" was answered with, each with the key with which it was pressed. */
  readonly pressed: { readonly key: string; readonly checkoutId: string }[]
  readonly done: Done[]
}

/** One buyer's way through a story. Whatever does not answer is asked again with the same key, as clients do. */
export interface Scene extends SceneOptions {
  /** Units of the first thing. */
  readonly quantity: number
  readonly acknowledged: Answered & Acknowledged
  /** Somebody does something, until it is answered. */
  readonly does: Insist
  /** The same where the market may refuse it. */
  readonly tries: Insist
  /** Presses "Buy" until there is an answer; the id of the checkout, or undefined where it was refused. */
  press(click: Click): Promise<string | undefined>
  pay(checkoutId: string, how?: 'pay' | 'deny'): Promise<void>
  orders(checkoutId: string): Promise<readonly { readonly id: string; readonly shopId: string; readonly state: string }[]>
  buyerDoes(field: string, input: Input): Promise<void>
  staffDo(field: string, input: Input): Promise<void>
  seller(shopId: string, field: string, input: Input): Promise<void>
  /** The same where the market may refuse it. */
  sellerTries(shopId: string, field: string, input: Input): Promise<void>
  /** The courier says these words of the parcels of orders, one after the other. */
  courier(orders: readonly { readonly id: string }[], words: readonly string[], direction?: Direction): Promise<void>
  /** A driver fetches the parcel of an order, and nobody has heard of it yet. */
  fetched(order: { readonly id: string }): Promise<void>
  /** A shop's bank does something with what it was sent. */
  shopsBank(withdrawalId: string, what: 'reverse'): Promise<void>
  /** The buyer's bank disputes a part of what was paid, and decides. */
  buyersBank(checkoutId: string, what: 'dispute' | 'dispute/win', about?: { readonly amount: number }): Promise<void>
  /** Units of an order's one line, as the API takes them. */
  units(orderId: string, quantity: number): Promise<object>
  wait(milliseconds: number): Promise<void>
}

type Direction = 'OUTBOUND' | 'RETURN'

export function openScene(options: SceneOptions): Scene {
  const { world, buyer, staff, wanted, heal } = options
  const acknowledged: Answered = { checkoutIds: [], paidCheckoutIds: [], pressed: [], done: [] }
  const shops = new Map(wanted.map(([{ shop }]) => [shop.shopId as string, shop]))
  const tries = insister({ world, heal, done: acknowledged.done })
  const does = mustInsist(tries)
  const byOwner = (shopId: string, field: string, input: Input) =>
    ({ domain: 'orders', field, as: shops.get(shopId)!.owner, input }) as const
  return {
    ...options,
    quantity: wanted[0]![1],
    acknowledged,
    does,
    tries,
    press: (click) => press({ world, buyer, heal, acknowledged }, click),
    pay: async (checkoutId, how = 'pay') => {
      await pressAtProvider(world, { table: 'payment', column: 'checkout_id', id: checkoutId }, { button: how })
      if (how === 'pay') acknowledged.paidCheckoutIds.push(checkoutId)
      await heal()
    },
    orders: (checkoutId) =>
      rowsOf(world, 'orders', {
        sql: 'SELECT id, shop_id AS "shopId", state FROM shop_order WHERE checkout_id = $1 ORDER BY id',
        values: [checkoutId],
      }),
    buyerDoes: async (field, input) => void (await does({ domain: 'orders', field, as: buyer.viewer, input })),
    staffDo: async (field, input) => void (await does({ domain: 'orders', field, as: staff, input })),
    sellerTries: async (...what) => void (await tries(byOwner(...what))),
    seller: async (...what) => void (await does(byOwner(...what))),
    ...courierOf({ world, heal }),
    shopsBank: async (withdrawalId, button) => {
      await pressAtProvider(world, { table: 'withdrawal', column: 'id', id: withdrawalId }, { button })
      await heal()
    },
    buyersBank: async (checkoutId, button, body) => {
      await pressAtProvider(world, { table: 'payment', column: 'checkout_id', id: checkoutId }, { button, body })
      await heal()
    },
    units: (orderId, quantity) => unitsOf(world, orderId, quantity),
    wait: async (milliseconds) => {
      world.clock.advance(milliseconds)
      await heal()
    },
  }
}

interface Pressing extends Pick<SceneOptions, 'world' | 'buyer' | 'heal'> {
  readonly acknowledged: Scene['acknowledged']
}

async function press({ world, buyer, heal, acknowledged }: Pressing, click: Click): Promise<string | undefined> {
  for (let tries = 1; tries <= triesMax; tries++) {
    const came: Bought | undefined = await pressBuy(world, buyer, click).catch(() => undefined)
    if (came?.checkout) {
      acknowledged.checkoutIds.push(came.checkout.id)
      acknowledged.pressed.push({ key: click.idempotencyKey, checkoutId: came.checkout.id })
    }
    await heal()
    if (came?.__typename === 'CheckoutPlaced') return came.checkout!.id
    if (came?.code !== undefined) return undefined
  }
  throw new Error(`"Buy" was not answered ${triesMax} times`)
}

async function simulate(url: string, body: object = {}): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`)
}

interface AtProvider {
  readonly table: 'payment' | 'withdrawal'
  readonly column: string
  readonly id: string
}

/** Presses a button of the provider that has a payment or a withdrawal. */
async function pressAtProvider(
  world: World,
  { table, column, id }: AtProvider,
  { button, body }: { readonly button: string; readonly body?: object | undefined },
): Promise<void> {
  const sql = `SELECT id, lower(provider) AS provider FROM ${table} WHERE ${column} = $1`
  const [found] = await rowsOf<{ id: string; provider: string }>(world, 'payments', { sql, values: [id] })
  const { id: name, provider } = found!
  const way = table === 'payment' ? name : `payouts/${name}`
  await simulate(`${world.simulatorsUrl}/simulators/${provider}/${way}/${button}`, body)
}

const scan = (world: World, tracking: string, status: string) =>
  simulate(`${world.simulatorsUrl}/simulators/courier/${tracking}/advance`, { status })

/** What a courier does with parcels. */
const courierOf = ({ world, heal }: Pick<SceneOptions, 'world' | 'heal'>): Pick<Scene, 'courier' | 'fetched'> => ({
  courier: async (orders, words, direction = 'OUTBOUND') => {
    const parcels = await parcelsOf(world, orders, direction)
    for (const status of words) {
      for (const parcel of parcels) await scan(world, parcel, status)
      await heal()
    }
  },
  fetched: async (order) => {
    for (const parcel of await parcelsOf(world, [order], 'OUTBOUND')) await scan(world, parcel, 'picked')
  },
})

async function unitsOf(world: World, orderId: string, quantity: number): Promise<object> {
  const sql = 'SELECT id FROM order_line WHERE order_id = $1'
  const [line] = await rowsOf<{ id: string }>(world, 'orders', { sql, values: [orderId] })
  return { lines: [{ orderLineId: line!.id, quantity }] }
}

async function parcelsOf(world: World, orders: readonly { readonly id: string }[], direction: Direction): Promise<string[]> {
  const parcels = await rowsOf<{ tracking: string | null }>(world, 'logistics', {
    sql: 'SELECT tracking_number AS tracking FROM shipment WHERE order_id = ANY($1::text[]) AND direction = $2',
    values: [orders.map(({ id }) => id), direction],
  })
  const tracking = parcels.flatMap((parcel) => parcel.tracking ?? [])
  if (tracking.length < orders.length) throw new Error('no courier is booked')
  return tracking
}
