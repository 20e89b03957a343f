import { parsePage } from '@pasar/shared/subgraph/page'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findJournals, type JournalFilter } from '../src/store/journals.ts'
import { openMarket, type Asked, type Market } from './market.ts'
import { readOf } from './plans.ts'

let market: Market
let asked: Asked
/** Journals of other orders, of five thousand days. */
const others = 5_000
const post = `WITH n AS (SELECT generate_series(1, ${others}) AS n),
  accounts AS (INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, opened_at)
    SELECT 'ESCROW:other-' || n, 'ESCROW', 'other-' || n, 'CREDIT', false, 'IDR', now() FROM n),
  journals AS (INSERT INTO journal (id, kind, reference, posted_at)
    SELECT 'jnl_other-' || n, CASE n % 2 WHEN 0 THEN 'CAPTURE' ELSE 'RELEASE' END, 'other:' || n, $1::timestamptz - n * interval '1 day' FROM n)
  SELECT 1`
const postings = `INSERT INTO posting (journal_id, account_id, amount, currency, purpose)
  SELECT 'jnl_other-' || n, side.account, side.amount, 'IDR', 'CAPTURED' FROM generate_series(1, ${others}) AS n,
    LATERAL (VALUES ('PROVIDER_CLEARING', 5), ('ESCROW:other-' || n, -5)) AS side (account, amount)`

beforeAll(async () => {
  market = await openMarket()
  asked = await market.ask()
  await market.says(asked, 'settlement')
  await market.completed(asked)
  const client = await market.sql.connect()
  await client.query('BEGIN')
  await client.query(post, [market.clock.now()])
  await client.query(postings)
  await client.query('COMMIT')
  client.release()
  const owner = new pg.Client({ connectionString: market.ownerUrl })
  await owner.connect()
  await owner.query('ANALYZE journal, posting')
  await owner.end()
})
afterAll(() => market.close())

/** What a page of journals reads, and the kinds that are on it and of one more. */
async function look(filter: JournalFilter, first = 3) {
  const { found, read } = await readOf(market.sql, (db) => findJournals(db, filter, parsePage({ first })))
  return { kinds: found.map(({ kind }) => kind), read }
}
const daysAgo = (days: number) => new Date(market.clock.now().getTime() - days * 86_400_000)
const paid = () => asked.orders[0]!.orderId

describe('a page of journals reads little more than it shows, however much was ever posted', () => {
  it.each([
    ['of all', () => ({}), ['CAPTURE', 'CAPTURE', 'RELEASE', 'RELEASE']],
    ['of one order', () => ({ orderId: paid() }), ['RELEASE', 'CAPTURE']],
    ['of one order and kind', () => ({ orderId: paid(), kind: 'CAPTURE' }), ['CAPTURE']],
    ['of an order that has none', () => ({ orderId: 'ord_nothing' }), []],
    ['of a kind that is seldom', () => ({ kind: 'DISPUTE' }), []],
    ['of a time long ago', () => ({ from: daysAgo(4_002.5), to: daysAgo(4_000.5) }), ['CAPTURE', 'RELEASE']],
  ] as const)('%s', async (_, filter, kinds) => {
    const page = await look(filter())
    expect([page.kinds.toSorted(), page.read < 30]).toEqual([kinds.toSorted(), true])
  })
})
