import { spread } from '../cache/numbers.ts'
import { randomFrom } from '../random.ts'
import { simulatorsAt } from '../../demo/simulator-endpoints.ts'
import type { ImportTarget } from '../../import/target.ts'
import { openInvariants } from '../invariants/check.ts'
import { makeBuyers } from './buyers.ts'
import type { SaleMarket } from './market.ts'
import { press, type Told } from './press.ts'
import { putOnShelf, type Mode } from './shelf.ts'

/** How a sale is set up. */
export interface SaleOptions {
  readonly seed: number
  readonly mode: Mode
  readonly buyers: number
  readonly units: number
}

/** What came of a sale. */
export interface Sale extends SaleOptions {
  readonly paid: number
  readonly outOfStock: number
  readonly otherAnswers: Readonly<Record<string, number>>
  readonly shed: number
  readonly processing: number
  readonly faults: Readonly<Record<string, number>>
  readonly soldOutP99Ms: number
  /** From the first press until the last order was paid and nobody waited for an answer. */
  readonly terminalAfterMs: number
  readonly left: { readonly onHand: number; readonly reserved: number }
  readonly broken: readonly string[]
  readonly ok: boolean
}

const wantedMs = 60_000

/** All buyers press "Buy" at the same moment; whoever gets one pays it at once. */
export async function sell(market: SaleMarket, target: ImportTarget, options: SaleOptions): Promise<Sale> {
  const { seed, mode, buyers: count, units } = options
  const random = randomFrom(seed)
  const shelf = await putOnShelf(market, target, { units, mode })
  const buyers = await makeBuyers(market, target, { count, wanted: [{ variantId: shelf.variantId, quantity: 1 }] })
  const simulators = simulatorsAt(market.url)
  const began = performance.now()
  const told = await Promise.all(
    buyers
      .toSorted(() => random() - 0.5)
      .map(async (buyer) => {
        const one = await press(market, buyer, random)
        if (one.paymentId !== undefined) await simulators.pay(one.paymentId)
        return one
      }),
  )
  const paid = await paidWithin(market, told, began + wantedMs)
  const terminalAfterMs = Math.round(performance.now() - began)
  await market.settle()
  return judge(market, options, { told, paid, terminalAfterMs, variantId: shelf.variantId })
}

/** Waits until every order that was placed is paid; says how many are when it no longer waits. */
async function paidWithin({ pools }: SaleMarket, told: readonly Told[], until: number): Promise<number> {
  const ids = told.flatMap(({ checkoutId }) => checkoutId ?? [])
  const sql = `SELECT count(*)::int AS paid FROM shop_order WHERE checkout_id = ANY($1::text[]) AND state = 'PAID'`
  for (;;) {
    const { rows } = await pools.orders.pool.query<{ paid: number }>(sql, [ids])
    if (rows[0]!.paid === ids.length || performance.now() > until) return rows[0]!.paid
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

interface Ended {
  readonly told: readonly Told[]
  readonly paid: number
  readonly terminalAfterMs: number
  readonly variantId: string
}

const tally = (values: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(values)].map((value) => [value, values.filter((one) => one === value).length]))

async function judge(market: SaleMarket, options: SaleOptions, { told, paid, terminalAfterMs, variantId }: Ended): Promise<Sale> {
  const outcomes = told.map(({ outcome }) => outcome)
  const soldOut = told.filter(({ outcome }) => outcome === 'CHECKOUT_OUT_OF_STOCK')
  const other = tally(outcomes.filter((outcome) => outcome !== 'PLACED' && outcome !== 'CHECKOUT_OUT_OF_STOCK'))
  const level = `SELECT on_hand AS "onHand", (reserved - (SELECT count(*) FROM stock_unit u WHERE u.variant_id = s.variant_id))::int AS reserved
    FROM stock s WHERE variant_id = $1`
  const { rows } = await market.pools.products.pool.query<Sale['left']>(level, [variantId])
  const left = rows[0]!
  const invariants = openInvariants(market.databases.urlFor)
  const broken = (await invariants.settled()).map(({ invariant, what }) => `${invariant}: ${what}`)
  await invariants.stop()
  const faults = tally(told.flatMap((one) => one.faults))
  const { buyers, units } = options
  const exact =
    paid === Math.min(units, buyers) &&
    soldOut.length === Math.max(0, buyers - units) &&
    left.onHand === Math.max(0, units - buyers)
  const clean = Object.keys(faults).length === 0 && broken.length === 0 && left.reserved === 0
  return {
    ...options,
    paid,
    outOfStock: soldOut.length,
    otherAnswers: other,
    shed: told.reduce((sum, { shed }) => sum + shed, 0),
    processing: told.reduce((sum, { processing }) => sum + processing, 0),
    faults,
    soldOutP99Ms: Math.round(spread(soldOut.map(({ ms }) => ms)).p99),
    terminalAfterMs,
    left,
    broken: broken.slice(0, 10),
    ok: exact && clean && terminalAfterMs <= wantedMs,
  }
}
