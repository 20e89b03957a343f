import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenRules, openMarket, type Asked, type Market } from './market.ts'
import { buyerOf, changeOf, readStatement, sellerOf } from './statements.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const methods = ['BCA_VA', 'GOPAY', 'QRIS'] as const
const order = fc.tuple(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 0, max: 100_000 }))
const words = ['pending', 'capture', 'settlement', 'expire', 'deny', 'cancel', 'refund', 'partial_refund', 'chargeback'] as const
const index = fc.nat({ max: 2 })

/** What can happen to a payment, in any order and as often as it likes. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('says' as const),
      word: fc.constantFrom(...words),
      share: fc.integer({ min: 1, max: 100 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('completed' as const), index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancelled' as const), index, paid: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refunded' as const),
      index,
      items: fc.integer({ min: 0, max: 100 }),
      shipping: fc.integer({ min: 0, max: 100 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'due' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'called off' as const }) },
)
type Step = (typeof step)['generate'] extends (...args: never) => { value: infer S } ? S : never

const held = `SELECT escrow, -coalesce(account.balance, 0) AS balance, -coalesce(payable.balance, 0) AS payable,
    items_amount + shipping_amount - refunded_items - refunded_shipping AS rest,
    (SELECT coalesce(sum(amount - disputed_amount), 0) FROM refund
      WHERE refund.order_id = payment_order.order_id AND state = 'REQUESTED') AS "onItsWay",
    (SELECT coalesce(sum(amount), 0) FROM refund WHERE refund.order_id = payment_order.order_id) = refunded_items + refunded_shipping AS agrees
  FROM payment_order LEFT JOIN account ON account.id = 'ESCROW:' || order_id
  LEFT JOIN account AS payable ON payable.id = 'REFUND_PAYABLE:' || order_id WHERE payment_id = $1`
const drift = `SELECT id FROM account WHERE NOT may_be_negative AND balance <> (SELECT coalesce(sum(amount), 0) FROM posting WHERE account_id = account.id)`
const unbalanced = `SELECT journal_id FROM posting GROUP BY journal_id HAVING sum(amount) <> 0`

/** What must be true at every moment. */
async function check({ paymentId }: Asked): Promise<void> {
  expect((await market.ledger()).sum).toBe(0n)
  for (const query of [drift, unbalanced]) expect((await market.sql.query(query)).rows).toEqual([])
  const { rows } = await market.sql.query<Held>(held, [paymentId])
  for (const { escrow, balance, payable, rest, onItsWay, agrees } of rows)
    expect([escrow, balance, payable, agrees]).toEqual([escrow, escrow === 'HELD' ? rest : '0', onItsWay, true])
}

/** What everybody has is what the own statement tells, line by line. */
async function checkStatements({ buyerId, orders }: Asked): Promise<void> {
  const { balances } = await market.ledger()
  const has = (kind: string, id: string) => Number(balances[`${kind}:${id}`] ?? 0n)
  const seller = (id: string) => has('SELLER_BALANCE', id) - has('SELLER_RECEIVABLE', id)
  const readers = [
    ...orders.map(({ shopId }) => [sellerOf(shopId), seller(shopId)] as const),
    [buyerOf(buyerId), has('BUYER_WALLET', buyerId)] as const,
  ]
  for (const [reader, balance] of readers) {
    const statement = await readStatement(market, reader, { first: 2 })
    const sums: number[] = []
    for (const { amount } of statement.toReversed()) sums.push((sums.at(-1) ?? 0) + amount.amount)
    expect([statement.map((line) => line.balance.amount).toReversed(), changeOf(statement)]).toEqual([sums, balance])
  }
}

interface Held {
  readonly escrow: string
  readonly balance: string
  readonly payable: string
  readonly rest: string
  readonly onItsWay: string
  readonly agrees: boolean
}

/** Out of place are events that orders would never send: they are refused and handed over again, which a test need not wait for. */
async function take(asked: Asked, step: Step): Promise<void> {
  if (step.kind === 'due') return market.settle()
  if (step.kind === 'called off') return void (await market.cancel(asked.checkoutId))
  if (step.kind === 'says') {
    const amount = Math.max(1, Math.floor((asked.amount * step.share) / 100))
    return void (await market.says(asked, step.word, {
      refund_amount: `${amount}.00`,
      refunds: [{ refund_key: `${step.share}` }],
    }))
  }
  const at = step.index % asked.orders.length
  if (step.kind === 'cancelled') return market.cancelled(asked, at, { paid: step.paid })
  if (step.kind === 'refunded') return refundPart(asked, at, step)
  const { rows } = await market.sql.query<{ escrow: string }>('SELECT escrow FROM payment_order WHERE order_id = $1', [
    asked.orders[at]!.orderId,
  ])
  if (rows[0]!.escrow === 'HELD' || rows[0]!.escrow === 'RELEASED') await market.completed(asked, at)
}

const left = `SELECT escrow, items_amount - refunded_items AS items, shipping_amount - refunded_shipping AS shipping FROM payment_order WHERE order_id = $1`

/** Percentages of what is left go back. */
async function refundPart(asked: Asked, at: number, share: { readonly items: number; readonly shipping: number }): Promise<void> {
  const { orderId } = asked.orders[at]!
  const { rows } = await market.sql.query<{ escrow: string; items: string; shipping: string }>(left, [orderId])
  const part = (name: 'items' | 'shipping') => Math.floor((Number(rows[0]![name]) * share[name]) / 100)
  const isTaken = rows[0]!.escrow === 'HELD' || rows[0]!.escrow === 'RELEASED'
  if (isTaken && part('items') + part('shipping') > 0)
    await market.refunded(asked, at, { items: part('items'), shipping: part('shipping') })
}

describe('whatever happens to a payment, in whatever order', () => {
  it('the ledger sums to 0, every escrow holds what is left of its order or nothing, and statements tell what everybody has', async () => {
    const life = fc.record({
      method: fc.constantFrom(...methods),
      orders: fc.array(order, { minLength: 1, maxLength: 3 }),
      steps: fc.array(step, { minLength: 1, maxLength: 12 }),
    })
    await fc.assert(
      fc.asyncProperty(life, async ({ method, orders, steps }) => {
        const asked = await market.ask({ method, orders: orders.map(([items, shipping]) => [items + 10_000, shipping] as const) })
        for (const step of steps) {
          await take(asked, step)
          await check(asked)
        }
        expect(await brokenRules(market.sql)).toEqual([])
        await checkStatements(asked)
      }),
      { numRuns: 25 },
    )
  }, 120_000)
})
