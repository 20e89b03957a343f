import { existsSync } from 'node:fs'
import { fixedClock } from '@pasar/shared/clock'
import { openPasswords } from '@pasar/users/passwords'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccounts, secondSeller } from '@pasar/router/pages/demo-accounts'
import { seedMarket, type Seeded } from '../src/seed/seed-market.ts'
import { openTestMarket, type TestMarketDatabases } from './support/market-databases.ts'

let market: TestMarketDatabases
let said: string[]
let first: Seeded

const seed = () => seedMarket({ databases: market, clock: fixedClock(), say: (line) => said.push(line) })

beforeAll(async () => {
  market = await openTestMarket()
  said = []
  first = await seed()
})

afterAll(() => market.stop())

describe('the demo market', () => {
  it('has four shops in four cities, 40 products on sale, stock and reviews', async () => {
    expect(first).toBe('made')
    expect(said).toEqual(['Made the demo market: 4 shops, 40 products, 38 reviews'])
    expect(await market.query('users', 'select regency_code from shop order by 1')).toEqual(
      ['32.73', '33.72', '35.78', '51.71'].map((regency_code) => ({ regency_code })),
    )
    const listed = `select count(*)::int as n, bool_and(in_stock and status = 'PUBLISHED' and jsonb_array_length(images) = 1) as whole from product`
    expect(await market.query('products', listed)).toEqual([{ n: 40, whole: true }])
  })

  it('lets the buyer, both sellers and the admin in with the passwords that the landing page shows', async () => {
    const passwords = await openPasswords()
    const rows = await market.query<{ email: string; password_hash: string; roles: string[]; shop_count: number }>(
      'users',
      'select email, password_hash, roles, shop_count from account order by email',
    )
    expect(rows.map(({ email, roles, shop_count }) => [email, roles, shop_count])).toEqual([
      ['admin@pasar.example', ['admin'], 0],
      ['pembeli@pasar.example', [], 0],
      ['penjual2@pasar.example', [], 3],
      ['penjual@pasar.example', [], 1],
    ])
    for (const { email, password } of [...demoAccounts, secondSeller]) {
      const hash = rows.find((row) => row.email === email)?.password_hash
      expect(await passwords.inSlot(() => passwords.matches(hash, password))).toBe(true)
    }
  })

  it('gives the buyer a default address in Jakarta Selatan', async () => {
    expect(await market.query('users', 'select left(district_code, 5) as regency, is_default from address')).toEqual([
      { regency: '31.74', is_default: true },
    ])
    expect(await market.query('users', `select address_count from account where email like 'pembeli@%'`)).toEqual([
      { address_count: 1 },
    ])
  })

  it('has a picture of its own for every product', async () => {
    const urls = await market.query<{ url: string }>('products', `select distinct images->0->>'url' as url from product`)
    const missing = urls.filter(({ url }) => !existsSync(new URL(`../../router/src${url}`, import.meta.url)))
    expect(urls).toHaveLength(8)
    expect(missing).toEqual([])
  })

  it('has products that let people choose, in one thing and in two, whose variants are called by their values', async () => {
    const sql = `select p.options, bool_and(v.name = array_to_string(v.choice, ', ')) as named
      from product p join variant v on v.product_id = p.id where p.options <> '[]' group by p.id`
    const found = await market.query<{ options: object[]; named: boolean }>('products', sql)
    expect([1, 2].map((choices) => found.filter(({ options }) => options.length === choices).length)).toEqual([5, 2])
    expect(found.filter(({ named }) => !named)).toEqual([])
  })

  it('tells the other domains, and each thing once', async () => {
    const events = 'select type, count(*)::int as n from outbox_event group by 1 order by 1'
    expect(await market.query('users', events)).toEqual([
      { type: 'AccountRegistered', n: 4 },
      { type: 'ShopOpened', n: 4 },
    ])
    const [variants] = await market.query<{ n: number }>('products', 'select count(*)::int as n from variant')
    expect(await market.query('products', events)).toEqual([
      { type: 'ListingChanged', n: variants!.n },
      { type: 'ReviewsImported', n: 4 },
    ])
  })

  it('is left as it is by a later start, also what people changed', async () => {
    await market.query('users', `delete from address`)
    expect(await seed()).toBe('there')
    expect(await market.query('users', 'select * from address')).toEqual([])
  })

  it('is completed after a seed that was interrupted before its accounts were written', async () => {
    const other = await openTestMarket()
    try {
      await other.breakTable('users', 'account')
      await expect(seedMarket({ databases: other, clock: fixedClock(), say: () => undefined })).rejects.toThrow('broken')
      await other.mendTable('users', 'account')
      const again: string[] = []
      expect(await seedMarket({ databases: other, clock: fixedClock(), say: (line) => again.push(line) })).toBe('made')
      expect(again).toEqual(['Made the demo market: 4 shops, 0 products, 0 reviews'])
      expect(await other.query('users', 'select count(*)::int as n from shop')).toEqual([{ n: 4 }])
    } finally {
      await other.stop()
    }
  })
})
