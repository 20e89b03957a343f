import type { Acknowledged } from '../invariants/check.ts'
import type { AccountViewer } from '@pasar/shared/viewer'
import { act, rowsOf } from '../world/acts.ts'
import type { Buyer } from '../world/people.ts'
import { pressBuy, type Bought, type Cart, type Click, type Wanted } from '../world/shopping.ts'
import type { World } from '../world/world.ts'

/** People who stand ready, and how their world heals. */
export interface SceneOptions {
  readonly world: World
  readonly buyer: Buyer
  readonly staff: AccountViewer
  readonly wanted: Wanted
  readonly cart: Cart
  /** The last one of the buyer's earlier stories. */
  readonly checkoutBefore: string | undefined
  /** Lets everything come to its end, and whoever is dead come back. */
  readonly heal: () => Promise<void>
  /** Does something while nobody dies. */
  readonly calmly: <T>(work: () => Promise<T>) => Promise<T>
}

/** What somebody did to an order and was told that it is done. */
export interface Done {
  /** The mutation. */
  readonly field: string
  readonly actorId: string
  readonly key: string
  /** Absent where it was done to a whole checkout, empty where to none. */
  readonly orderId: string | undefined
  /** When it was answered, in the market's time. */
  readonly at: number
}

/** What clients were answered. */
interface Answered {
  readonly checkoutIds: string[]
  readonly paidCheckoutIds: string[]
  readonly done: Done[]
}

/** One buyer's way through a story. Whatever does not answer is asked again with the same key, as clients do. */
export interface Scene extends SceneOptions {
  /** Units of the first thing. */
  readonly quantity: number
  readonly acknowledged: Answered & Acknowledged
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
  /** Units of an order's one line, as the API takes them. */
  units(orderId: string, quantity: number): Promise<object>
  wait(milliseconds: number): Promise<void>
}

/** What a mutation is about: an order, its whole checkout, or neither. */
type Input = { readonly orderId?: string; readonly [what: string]: unknown }

type Direction = 'OUTBOUND' | 'RETURN'

const triesMax = 60

export function openScene(options: SceneOptions): Scene {
  const { world, buyer, staff, wanted, heal } = options
  const acknowledged: Answered = { checkoutIds: [], paidCheckoutIds: [], done: [] }
  const shops = new Map(wanted.map(([{ shop }]) => [shop.shopId as string, shop]))
  const insist = async (as: Buyer['viewer'], field: string, input: Input) => {
    const key = `${field} ${JSON.stringify(input)}`.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 255)
    for (let tries = 1; tries <= triesMax; tries++) {
      const came = await act(world, { domain: 'orders', field, as, input: { ...input, idempotencyKey: key } }).catch(
        () => undefined,
      )
      await heal()
      if (!came) continue
      if (came.code === undefined)
        acknowledged.done.push({
          field,
          actorId: as.accountId,
          key,
          orderId: input.orderId ?? ('checkoutId' in input ? undefined : ''),
          at: world.clock.now().getTime(),
        })
      return came
    }
    throw new Error(`${field} was not answered ${triesMax} times`)
  }
  const mustInsist = async (...what: Parameters<typeof insist>) => {
    const came = await insist(...what)
    if (came.code !== undefined) throw new Error(`${what[1]} was refused: ${JSON.stringify(came)}`)
  }
  return {
    ...options,
    quantity: wanted[0]![1],
    acknowledged,
    press: (click) => press({ world, buyer, heal, acknowledged }, click),
    pay: async (checkoutId, how = 'pay') => {
      const [payment] = await rowsOf<{ id: string }>(world, 'payments', {
        sql: 'SELECT id FROM payment WHERE checkout_id = $1',
        values: [checkoutId],
      })
      await simulate(`${world.simulatorsUrl}/simulators/midtrans/${payment!.id}/${how}`)
      if (how === 'pay') acknowledged.paidCheckoutIds.push(checkoutId)
      await heal()
    },
    orders: (checkoutId) =>
      rowsOf(world, 'orders', {
        sql: 'SELECT id, shop_id AS "shopId", state FROM shop_order WHERE checkout_id = $1 ORDER BY id',
        values: [checkoutId],
      }),
    buyerDoes: (field, input) => mustInsist(buyer.viewer, field, input),
    staffDo: (field, input) => mustInsist(staff, field, input),
    sellerTries: async (shopId, field, input) => void (await insist(shops.get(shopId)!.owner, field, input)),
    seller: (shopId, field, input) => mustInsist(shops.get(shopId)!.owner, field, input),
    ...courierOf({ world, heal }),
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
    if (came?.checkout) acknowledged.checkoutIds.push(came.checkout.id)
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
