import { isDeepStrictEqual } from 'node:util'
import { loadSupergraph } from '@pasar/schema/load'
import type { Domain } from '@pasar/shared/domains'
import type { Operation } from '../../demo/operation.ts'
import { placeOrder, type PlacedOrder, type Shelf } from './buying.ts'
import { follow, type Follower, type FollowerOptions } from './follower.ts'
import { isWhole, isWholeLife, judge, type Followed } from './followed.ts'
import { orderEventNames, type Losses, type LiveMarket } from './market.ts'

/** Fields of orders, payments, logistics, products and users. */
const fields = `id state version allowedMoves history { event by at }
  checkout { state payment { state capturedAt } }
  shipments { id trackingNumber status courierService { name courier { name } } events { edges { node { status location } } } }
  lines { quantity product { title soldCount rating { count } } variant { sku available price { formatted } } }
  shop { name slug regency { name } } buyer { id displayName }`

const live = `subscription Life($id: ID!, $after: String) { orderUpdated(orderId: $id, after: $after) { cursor event order { ${fields} } } }`
const ordinary: Operation<unknown> = `query Life($id: ID!) { order(id: $id) { ${fields} } }`

/** How a router ends a socket whose token is over. */
const expiry = '4403 Token expired'

/** What became of a whole life cycle. */
export interface LifeCycle {
  readonly events: readonly string[]
  readonly followers: readonly Followed[]
  /** Streams between router and subgraphs. */
  readonly losses: Losses
  /** How often the subgraph of the order died and none of its streams was lost: nothing was proven of that death. */
  readonly quietDeaths: number
  readonly ok: boolean
}

interface Life {
  readonly market: LiveMarket
  readonly order: PlacedOrder
  readonly followers: readonly Follower[]
  /** Per follower, how many frames were what a query said. */
  readonly equal: Map<string, number>
}

/** Lives through an order's whole life while everything breaks that can, and compares what its followers saw. */
export async function liveThrough(market: LiveMarket, shelf: Shelf, say: (line: string) => void): Promise<LifeCycle> {
  const order = await placeOrder(market.fleet, shelf)
  const followers = followersOf(market, order)
  const life: Life = { market, order, followers, equal: new Map() }
  await compareFrom(life, 0)
  watch(life)
  const quietDeaths = await play(life, say)
  const events = await market.eventsOf(order.id)
  await Promise.all(followers.map((follower) => follower.has(events.length)))
  await followers.find(({ endsBy }) => endsBy === expiry)?.hasEnded(expiry)
  followers.forEach((follower) => follower.stop())
  await order.buyer.stop()
  const followed = followers.map((follower) => judge(follower, events, life.equal.get(follower.name) ?? 0))
  const losses = market.losses()
  const ok =
    quietDeaths === 0 && losses.ended === 0 && isWholeLife(events) && followed.every((one) => isWhole(one, events.length))
  return { events: events.map(({ event }) => event), followers: followed, losses, quietDeaths, ok }
}

function followersOf(market: LiveMarket, { id, token }: PlacedOrder): Follower[] {
  const common = { url: market.fleet.url, query: live, orderId: id, cuts: false, token: async () => token }
  const all: (Pick<FollowerOptions, 'name' | 'protocol'> & Partial<FollowerOptions>)[] = [
    { name: 'a socket that stays', protocol: 'ws' },
    { name: 'an event stream that stays', protocol: 'sse' },
    { name: 'a socket that is cut at every frame', protocol: 'ws', cuts: true, endsBy: 'cut' },
    { name: 'an event stream that is cut at every frame', protocol: 'sse', cuts: true, endsBy: 'cut' },
    { name: 'a socket whose token expires', protocol: 'ws', token: async () => market.shortened(token, 1), endsBy: expiry },
  ]
  return all.map((one) => follow({ ...common, ...one }))
}

/** Lives through it; says how often orders died and no stream was lost by it. */
async function play({ market, order }: Life, say: (line: string) => void): Promise<number> {
  const { fleet } = market
  let quietDeaths = 0
  const dies = async (domain: Domain, meanwhile: () => Promise<unknown> = async () => undefined) => {
    say(`${domain} is killed`)
    const { lost } = market.losses()
    await fleet.kill(domain)
    await meanwhile()
    await fleet.revive(domain)
    await fleet.settle()
    if (domain === 'orders' && market.losses().lost === lost) quietDeaths += 1
  }
  say('the buyer pays')
  await order.pay()
  await fleet.settle()
  await dies('orders')
  say('the schema is replaced')
  await fleet.router.replace(changedSupergraph())
  say('the seller accepts')
  await order.accept()
  await fleet.settle()
  let status = ''
  // The first scan is told to a market without orders.
  await dies('orders', async () => void (status = await order.scan()))
  while (status !== 'DELIVERED') {
    status = await order.scan()
    await fleet.settle()
  }
  for (const domain of ['orders', 'users', 'products', 'payments', 'logistics'] as const) await dies(domain)
  say('the buyer confirms')
  await order.confirm()
  await fleet.settle()
  return quietDeaths
}

/** Another schema, in which the plan of the followed operation is the same. */
function changedSupergraph() {
  const { full, gateway } = loadSupergraph()
  const more = '\nscalar ProofOfReload @join__type(graph: ORDERS)\n'
  return { full: full + more, gateway: gateway + more }
}

/** While events wait to go to the rest of the market, nothing moves: each of their frames must be what a query says then. */
function watch(life: Life): void {
  const { market, order } = life
  market.lookBefore(async (events) => {
    const told = events.filter(({ type, keys }) => type in orderEventNames && keys.includes(order.id))
    if (told.length > 0) await compareFrom(life, (await market.eventsOf(order.id)).length - told.length)
  })
}

async function compareFrom({ market, order, followers, equal }: Life, from: number): Promise<void> {
  const count = (await market.eventsOf(order.id)).length
  await Promise.all(followers.map((follower) => follower.has(count)))
  const now = await order.buyer.ask(ordinary, { id: order.id })
  for (const { name, frames } of followers) {
    const same = frames.slice(from).filter((frame) => isDeepStrictEqual(frame.order, now)).length
    equal.set(name, (equal.get(name) ?? 0) + same)
  }
}
