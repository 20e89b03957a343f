import { parsePage } from '@pasar/shared/page'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findJournals, type JournalFilter, type JournalRow } from '../src/store/journals.ts'
import { openMarket, type Asked, type Market } from './market.ts'

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

interface Step {
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Step[]
}

/** How many rows of tables and indexes a plan has read, whether they were of any use or not. */
function readBy(step: Step): number {
  const { 'Actual Rows': rows, 'Actual Loops': loops, 'Rows Removed by Filter': useless = 0, Plans: steps = [] } = step
  const own = step['Relation Name'] || step['Index Name'] ? (rows + useless) * loops : 0
  return steps.reduce((total, inner) => total + readBy(inner), own)
}

/** What a page of journals reads, and the kinds that are on it and of one more; planned for any values, as what is asked often is. */
async function look(filter: JournalFilter, first = 3) {
  const client = await market.sql.connect()
  const literal = (value: unknown) => {
    const text = value instanceof Date ? value.toISOString() : value
    return typeof text === 'string' ? client.escapeLiteral(text) : String(text)
  }
  let read = 0
  const explained = async (text: string, ...values: readonly unknown[]) => {
    await client.query(`PREPARE asked AS ${text}`)
    const execute = `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked (${values.map(literal).join(', ')})`
    read = readBy((await client.query<{ 'QUERY PLAN': [{ Plan: Step }] }>(execute)).rows[0]!['QUERY PLAN'][0].Plan)
    return (await client.query<JournalRow>(text, [...values])).rows
  }
  await client.query('BEGIN; SET LOCAL plan_cache_mode = force_generic_plan')
  try {
    const tx = { $queryRawUnsafe: explained } as unknown as Parameters<typeof findJournals>[0]
    const rows = await findJournals(tx, filter, parsePage({ first }))
    return { kinds: rows.map(({ kind }) => kind), read }
  } finally {
    await client.query('ROLLBACK; DEALLOCATE ALL')
    client.release()
  }
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
