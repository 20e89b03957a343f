import type { Acknowledged } from '../invariants/check.ts'
import { act, rowsOf } from '../world/acts.ts'
import type { Buyer } from '../world/people.ts'
import { pressBuy, type Bought, type Cart, type Click, type Wanted } from '../world/shopping.ts'
import type { World } from '../world/world.ts'

/** People who stand ready, and how their world heals. */
export interface SceneOptions {
  readonly world: World
  readonly buyer: Buyer
  readonly wanted: Wanted
  readonly cart: Cart
  /** Lets everything come to its end, and whoever is dead come back. */
  readonly heal: () => Promise<void>
  /** Does something while nobody dies. */
  readonly calmly: <T>(work: () => Promise<T>) => Promise<T>
}

/** One buyer's way through a story. Whatever does not answer is asked again with the same key, as clients do. */
export interface Scene extends SceneOptions {
  /** Units of the first thing. */
  readonly quantity: number
  readonly acknowledged: { readonly checkoutIds: string[]; readonly paidCheckoutIds: string[] } & Acknowledged
  /** Presses "Buy" until there is an answer; the id of the checkout, or undefined where it was refused. */
  press(click: Click): Promise<string | undefined>
  pay(checkoutId: string, how?: 'pay' | 'deny'): Promise<void>
  orders(checkoutId: string): Promise<readonly { readonly id: string; readonly shopId: string; readonly state: string }[]>
  buyerDoes(field: string, input: object): Promise<void>
  seller(shopId: string, field: string, input: object): Promise<void>
  /** The courier fetches the parcels of orders and brings them. */
  bring(orders: readonly { readonly id: string }[]): Promise<void>
  wait(milliseconds: number): Promise<void>
}

const triesMax = 8

export function openScene(options: SceneOptions): Scene {
  const { world, buyer, wanted, heal } = options
  const acknowledged = { checkoutIds: [] as string[], paidCheckoutIds: [] as string[] }
  const shops = new Map(wanted.map(([{ shop }]) => [shop.shopId as string, shop]))
  const insist = async (as: Buyer['viewer'], field: string, input: object) => {
    const key = `${field} ${JSON.stringify(input)}`.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 255)
    for (let tries = 1; tries <= triesMax; tries++) {
      const came = await act(world, { domain: 'orders', field, as, input: { ...input, idempotencyKey: key } }).catch(
        () => undefined,
      )
      await heal()
      if (came) return came
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
    seller: (shopId, field, input) => mustInsist(shops.get(shopId)!.owner, field, input),
    bring: (orders) => bring({ world, heal }, orders),
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

async function bring({ world, heal }: Pick<SceneOptions, 'world' | 'heal'>, orders: readonly { readonly id: string }[]) {
  const parcels = await rowsOf<{ tracking: string | null }>(world, 'logistics', {
    sql: 'SELECT tracking_number AS tracking FROM shipment WHERE order_id = ANY($1::text[])',
    values: [orders.map(({ id }) => id)],
  })
  if (parcels.length < orders.length || parcels.some(({ tracking }) => tracking === null)) throw new Error('no courier is booked')
  for (const status of ['picked', 'delivered']) {
    for (const { tracking } of parcels)
      await simulate(`${world.simulatorsUrl}/simulators/courier/${tracking}/advance`, { status })
    await heal()
  }
}
