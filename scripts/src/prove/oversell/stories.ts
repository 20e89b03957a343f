import type { FixedClock } from '@pasar/shared/clock'
import { openClient } from '../../demo/client.ts'
import { readCheckout } from '../../demo/order-operations.ts'
import { simulatorsAt } from '../../demo/simulator-endpoints.ts'
import type { ImportTarget } from '../../import/target.ts'
import { openInvariants } from '../invariants/check.ts'
import { makeBuyers, type Buyer } from './buyers.ts'
import type { SaleMarket } from './market.ts'
import { press } from './press.ts'
import { addBundle, putOnShelf, type Mode } from './shelf.ts'

/** One of the ways in which markets are known to oversell. */
export interface Story {
  readonly name: string
  readonly mode: Mode
  /** What was seen, for whoever wants to know why it is not right. */
  readonly seen: string
  readonly ok: boolean
}

interface Stage {
  readonly market: SaleMarket
  readonly clock: FixedClock
  readonly target: ImportTarget
  readonly mode: Mode
}

/** Plays the stories on a market whose time stands still. */
export async function tellStories(market: SaleMarket, clock: FixedClock, mode: Mode): Promise<Story[]> {
  // Its code needs the database clients, which may just have been made.
  const { openImportTarget } = await import('../../import/target.ts')
  const target = await openImportTarget(market.databases, clock)
  const stage = { market, clock, target, mode }
  try {
    const told = [await sameSkuTwice(stage), await bundleOfOne(stage), await latePayment(stage)]
    const invariants = openInvariants(market.databases.urlFor)
    const broken = await invariants.settled()
    await invariants.stop()
    return [...told, { name: 'nothing is broken', mode, seen: JSON.stringify(broken.slice(0, 5)), ok: broken.length === 0 }]
  } finally {
    await target.stop()
  }
}

const story = (name: string, { mode }: Stage, [seen, wanted]: readonly [object, object]): Story => {
  const [text, expected] = [JSON.stringify(seen), JSON.stringify(wanted)]
  return { name, mode, seen: `${text}, wanted ${expected}`, ok: text === expected }
}

const availableOf = async ({ market }: Stage, variantId: string) => {
  const sql = `SELECT on_hand AS "onHand", (reserved - (SELECT count(*) FROM stock_unit u WHERE u.variant_id = s.variant_id))::int AS reserved
    FROM stock s WHERE variant_id = $1`
  return (await market.pools.products.pool.query<{ onHand: number; reserved: number }>(sql, [variantId])).rows[0]!
}

/** What a few who press at once are told. */
interface Told {
  readonly sales: number
  readonly soldOut: number
  /** What nobody may be told, and calls without an answer. */
  readonly faults: readonly string[]
}

/** All press at once; those who were served pay. */
async function buyAll({ market }: Stage, buyers: readonly Buyer[]): Promise<Told> {
  const told = await Promise.all(buyers.map((buyer) => press(market, buyer, Math.random)))
  await market.settle()
  const placed = told.filter(({ outcome }) => outcome === 'PLACED')
  for (const { paymentId } of placed) await simulatorsAt(market.url).pay(paymentId!)
  await market.settle()
  const soldOut = told.filter(({ outcome }) => outcome === 'CHECKOUT_OUT_OF_STOCK')
  return { sales: placed.length, soldOut: soldOut.length, faults: told.flatMap(({ faults }) => faults) }
}

/** Put into the cart twice, and bought by ten at once: seven units make two sales of three. */
async function sameSkuTwice(stage: Stage): Promise<Story> {
  const { variantId } = await putOnShelf(stage.market, stage.target, { units: 7, mode: stage.mode })
  const wanted = [
    { variantId, quantity: 1 },
    { variantId, quantity: 2 },
  ]
  const told = await buyAll(stage, await makeBuyers(stage.market, stage.target, { count: 10, wanted }))
  const left = await availableOf(stage, variantId)
  return story('the same SKU twice in a cart', stage, [
    { ...told, ...left },
    { sales: 2, soldOut: 8, faults: [], onHand: 1, reserved: 0 },
  ])
}

/** The thing itself and a bundle of it in one cart are two units of it. */
async function bundleOfOne(stage: Stage): Promise<Story> {
  const shelf = await putOnShelf(stage.market, stage.target, { units: 5, mode: stage.mode })
  const bundleId = await addBundle(stage.market, stage.target, shelf)
  const wanted = [shelf.variantId, bundleId].map((variantId) => ({ variantId, quantity: 1 }))
  const told = await buyAll(stage, await makeBuyers(stage.market, stage.target, { count: 10, wanted }))
  const left = await availableOf(stage, shelf.variantId)
  return story('a thing and a bundle of it', stage, [
    { ...told, ...left },
    { sales: 2, soldOut: 8, faults: [], onHand: 1, reserved: 0 },
  ])
}

const orderOf = `query Order($id: ID!) { order(id: $id) { state endReason refunds { edges { node { state amount { amount } } } } } }`

/** The last unit's buyer pays when it has long been somebody else's: the money goes back by itself, and the order says why. */
async function latePayment(stage: Stage): Promise<Story> {
  const { market, clock, target, mode } = stage
  const { variantId } = await putOnShelf(market, target, { units: 1, mode })
  const wanted = [{ variantId, quantity: 1 }]
  const [late] = await makeBuyers(market, target, { count: 1, wanted })
  const placed = await press(market, late!, Math.random)
  await market.settle()
  clock.advance(2 * 24 * 3_600_000)
  await market.settle()
  const [other] = await makeBuyers(market, target, { count: 1, wanted })
  const told = await buyAll(stage, [other!])
  await simulatorsAt(market.url).pay(placed.paymentId!)
  await market.settle()
  const client = openClient(market.url).signedIn(await market.tokenOf(late!))
  const total = (await client.ask(readCheckout, { id: placed.checkoutId! }))!
  const order = await client.ask<{
    state: string
    endReason: string
    refunds: { edges: { node: { state: string; amount: { amount: number } } }[] }
  }>(orderOf, { id: total.orders[0]!.id })
  const { state, endReason, refunds } = order
  const back = refunds.edges.reduce((sum, { node }) => sum + (node.state === 'COMPLETED' ? node.amount.amount : 0), 0)
  const seen = {
    ...told,
    state,
    endReason,
    refundedWhole: back === total.total!.amount,
    ...(await availableOf(stage, variantId)),
  }
  const right = {
    sales: 1,
    soldOut: 0,
    faults: [],
    state: 'CANCELLED',
    endReason: 'PAID_TOO_LATE',
    refundedWhole: true,
    onHand: 0,
    reserved: 0,
  }
  return story('the last unit, paid too late', stage, [seen, right])
}
