import { newId, type Id } from '@pasar/shared/ids'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenRules, openMarket, type Asked, type Market } from './market.ts'
import { bookedOf, changeOf, endsOf, readStatement, sellerOf, type Line } from './statements.ts'
import { withdrawAll } from './withdrawing.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const dayMs = 86_400_000

/** What can happen to a shop, in any order and as often as it likes. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('sells' as const), items: fc.integer({ min: 10_000, max: 2_000_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('refunds' as const),
      which: fc.nat({ max: 9 }),
      share: fc.integer({ min: 1, max: 100 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'withdraws' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('hears' as const),
      word: fc.constantFrom('completed', 'failed'),
      which: fc.nat({ max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'nextDay' as const }) },
)
type Step = (typeof step)['generate'] extends (...args: never) => { value: infer S } ? S : never

/** A shop, with what it sold and what of it went back, and what it took out. */
interface Life {
  readonly shop: Id<'shop'>
  readonly sold: { readonly asked: Asked; left: number }[]
  readonly withdrawals: string[]
  readonly days: string[]
}

const nextDay = ({ days }: Life): void => {
  market.clock.advance(dayMs)
  days.push(market.clock.now().toISOString())
}

async function sell({ shop, sold }: Life, items: number): Promise<void> {
  const asked = await market.ask({ shopIds: [shop], orders: [[items, 0]] }) // prettier-ignore
  await market.says(asked, 'settlement')
  await market.completed(asked)
  sold.push({ asked, left: items })
}

async function refund({ sold }: Life, which: number, share: number): Promise<void> {
  const sale = sold[which % Math.max(1, sold.length)]
  const items = Math.ceil(((sale?.left ?? 0) * share) / 100)
  if (!sale || items === 0) return
  await market.refunded(sale.asked, 0, { items })
  sale.left -= items
}

async function take(life: Life, step: Step): Promise<void> {
  const { shop, withdrawals } = life
  if (step.kind === 'nextDay') return nextDay(life)
  if (step.kind === 'sells') return sell(life, step.items)
  if (step.kind === 'refunds') return refund(life, step.which, step.share)
  if (step.kind === 'hears') {
    const id = withdrawals[step.which % Math.max(1, withdrawals.length)]
    return id === undefined ? undefined : void (await market.payoutSays(id, step.word))
  }
  const { balances } = await market.ledger()
  if ((balances[`SELLER_BALANCE:${shop}`] ?? 0n) < 10_000n) return
  withdrawals.push(await withdrawAll(market, shop))
  await market.settle()
}

/** Each line follows from the one before, the last one is what there is, and so it is of every day. */
async function check({ shop, days }: Life, first: number): Promise<void> {
  const whole = await readStatement(market, sellerOf(shop), { first })
  const sums: number[] = []
  for (const { amount } of whole.toReversed()) sums.push((sums.at(-1) ?? 0) + amount.amount)
  expect(whole.map(({ balance }) => balance.amount)).toEqual(sums.toReversed())
  expect(changeOf(whole)).toBe(await bookedOf(market, shop))
  const parts: Line[] = []
  for (const [index, from] of days.entries()) {
    const to = days[index + 1]
    const period = { first, from, ...(to && { to }) }
    const part = await readStatement(market, sellerOf(shop), period)
    const [opening, closing] = await endsOf(market, sellerOf(shop), period)
    const booked = await bookedOf(market, shop, to ? [from, to] : [from])
    expect([closing! - opening!, changeOf(part)]).toEqual([booked, booked])
    parts.unshift(...part)
  }
  expect(parts).toEqual(whole)
}

describe('whatever happens to a shop, in whatever order', () => {
  it('its statement sums to the ledger, as a whole and day by day, on pages of any length', async () => {
    const life = fc.record({ first: fc.integer({ min: 1, max: 5 }), steps: fc.array(step, { minLength: 4, maxLength: 14 }) })
    await fc.assert(
      fc.asyncProperty(life, async ({ first, steps }) => {
        const one: Life = { shop: newId('shop'), sold: [], withdrawals: [], days: [] }
        nextDay(one)
        for (const step of steps) await take(one, step)
        await check(one, first)
        expect(await brokenRules(market.sql)).toEqual([])
      }),
      { numRuns: 15 },
    )
  }, 120_000)
})
