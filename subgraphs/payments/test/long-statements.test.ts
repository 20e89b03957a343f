import { newId, type Id } from '@pasar/shared/ids'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountsOfShops, findEntries } from '../src/store/entries.ts'
import { openMarket, type Asked, type Market } from './market.ts'
import { readOf } from './plans.ts'
import { bookedOf, changeOf, readStatement, sellerOf, short } from './statements.ts'
import { withdrawAll } from './withdrawing.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
  await market.says(await market.ask(), 'settlement')
})
afterAll(() => market.close())

const dayMs = 86_400_000

async function settled(shop: Id<'shop'>, items: number): Promise<Asked> {
  const asked = await market.ask({ shopIds: [shop], orders: [[items, 0]] })
  await market.says(asked, 'settlement')
  await market.completed(asked)
  return asked
}

describe("a shop's statement", () => {
  it('knows what was there also where a posting is from before balances were noted', async () => {
    const shop = newId('shop')
    const [seller, journal] = [`SELLER_BALANCE:${shop}`, newId('journal')]
    await market.sql.query(
      `WITH opened AS (INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, opened_at)
          VALUES ('${seller}', 'SELLER_BALANCE', '${shop}', 'CREDIT', false, 'IDR', now()))
        INSERT INTO journal (id, kind, reference, posted_at) VALUES ('${journal}', 'RELEASE', 'release:ord_old-${shop}', now());
      INSERT INTO posting (journal_id, account_id, amount, currency, purpose) VALUES ('${journal}', '${seller}', -4, 'IDR', 'SELLER_SHARE'),
        ('${journal}', '${seller}', -3, 'IDR', 'SELLER_SHARE'), ('${journal}', 'PROVIDER_CLEARING', 7, 'IDR', 'SELLER_SHARE')`,
    )
    await settled(shop, 100_000)
    for (const first of [1, 2, 3])
      expect(short(await readStatement(market, sellerOf(shop), { first }))).toEqual([
        ['SETTLEMENT', 4, 4],
        ['SETTLEMENT', 3, 7],
        ['SETTLEMENT', 90_620, 90_627],
      ])
  })

  it('goes on through a debt that many small sales pay off, however short its pages are', async () => {
    const shop = newId('shop')
    const large = await settled(shop, 1_000_000)
    await withdrawAll(market, shop)
    await market.refunded(large, 0, { items: 1_000_000 })
    for (let n = 0; n < 5; n += 1) await settled(shop, 20_000)
    const kinds = ['SETTLEMENT', 'WITHDRAWAL', 'REFUND', ...Array.from({ length: 5 }, () => 'SETTLEMENT')]
    for (const first of [1, 2, 3, 8]) {
      const statement = await readStatement(market, sellerOf(shop), { first })
      expect(statement.map(({ kind }) => kind).toReversed()).toEqual(kinds)
      expect(changeOf(statement)).toBe(await bookedOf(market, shop))
    }
  })

  it('reads little more than it shows, however much the shop has sold and however long ago', async () => {
    const [shop, days] = [newId('shop'), 1_200]
    const begun = market.clock.now()
    const after = (n: number) => new Date(begun.getTime() + n * dayMs)
    await market.sql.query(
      `SELECT post_journal('jnl_${shop}' || n, 'RELEASE', 'release:' || n || '${shop}', $1::timestamptz + n * interval '1 day', 'IDR',
          ARRAY['PROVIDER_CLEARING', 'SELLER_BALANCE:${shop}'], ARRAY['PROVIDER_CLEARING', 'SELLER_BALANCE'], ARRAY[NULL, '${shop}'],
          ARRAY['DEBIT', 'CREDIT'], ARRAY['yes', 'no'], ARRAY[n::text, '-' || n], ARRAY['SELLER_SHARE', 'SELLER_SHARE'])
        FROM generate_series(1, ${days}) AS n`,
      [begun],
    )
    const owner = new pg.Client({ connectionString: market.ownerUrl })
    await owner.connect()
    await owner.query('ANALYZE journal, posting')
    await owner.end()
    for (const [from, to] of [
      [null, null],
      [null, after(300)],
      [after(600), after(603)],
    ] as const) {
      // prettier-ignore
      const page = { first: 2, after: undefined, from, to }
      const { found, read } = await readOf(market.sql, (db) => findEntries(db, accountsOfShops([shop]), page))
      const last = to ? (to.getTime() - begun.getTime()) / dayMs - 1 : days
      const sums = [last, last - 1, last - 2].map((n) => (n * (n + 1)) / 2)
      expect([found.map(({ balance }) => Number(balance)), read < 30]).toEqual([sums, true])
    }
  })
})
