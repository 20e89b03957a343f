import { fixedClock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openImportTarget } from '../src/import/target.ts'
import { header, importLines, importPath, line, withFile } from './support/import-csv.ts'
import { openTestMarket, type TestMarketDatabases } from './support/market-databases.ts'

let market: TestMarketDatabases

beforeEach(async () => {
  market = await openTestMarket()
})

afterEach(() => market.stop())

const small = [
  line({ name: 'Kopi Gayo', review: 'Wangi' }),
  line({ name: 'Kopi Gayo', review: 'Wangi' }),
  line({ name: 'Kopi Gayo', review: 'Wangi', rating: '4' }),
  line({ name: 'Kopi Gayo', location: 'Kab. Bandung' }),
  line({ name: 'Kopi Gayo', price: '6000' }),
  line({ name: 'Teko', category: 'Dapur' }),
]

const nothing = { categories: 0, accounts: 0, shops: 0, warehouses: 0, products: 0, variants: 0, reviews: 0 }

const products = (sql: string) => market.query('products', sql)
const users = <T>(sql: string) => market.query<T>('users', sql)

describe('importing a file', () => {
  it('makes products of name, place and price, shops of place and category, and reviews of product, stars, text and count', async () => {
    const { inserted, unchanged, rows, remarks } = await importLines(market, small)
    expect(rows).toEqual({ read: 6, taken: 6, refused: 0 })
    expect(remarks.total).toBe(0)
    expect(inserted).toEqual({ categories: 2, accounts: 3, shops: 3, warehouses: 3, products: 4, variants: 4, reviews: 6 })
    expect(unchanged).toEqual(nothing)
    expect(
      await products(`select rating_counts, rating_count, sold_count, in_stock, status from product where rating_count = 3`),
    ).toEqual([{ rating_counts: [0, 0, 0, 1, 2], rating_count: 3, sold_count: 12, in_stock: true, status: 'PUBLISHED' }])
  })

  it('gives every shop an owner who cannot sign in yet, and a warehouse in its place', async () => {
    await importLines(market, small)
    const owned = `select s.regency_code, a.password_hash, a.shop_count from shop s join account a on a.id = s.owner_id order by 1`
    expect(await users(owned)).toEqual([
      { regency_code: '32.04', password_hash: 'none', shop_count: 1 },
      { regency_code: '32.73', password_hash: 'none', shop_count: 1 },
      { regency_code: '32.73', password_hash: 'none', shop_count: 1 },
    ])
    const places = 'select w.regency_code from warehouse w order by 1'
    expect(await products(places)).toEqual([{ regency_code: '32.04' }, { regency_code: '32.73' }, { regency_code: '32.73' }])
  })

  it('writes nothing when it runs again, whatever the order of the lines and whatever people changed', async () => {
    await importLines(market, small)
    await products(`update product set title = 'Kopi yang lain'`)
    await users(`update shop set name = 'Toko yang lain'`)
    const events = async () => [
      await users('select count(*) from outbox_event'),
      await products('select count(*) from outbox_event'),
    ]
    const before = await events()
    const { inserted, unchanged } = await importLines(market, small.toReversed())
    expect(inserted).toEqual(nothing)
    expect(unchanged).toEqual({ categories: 2, accounts: 3, shops: 3, warehouses: 3, products: 4, variants: 4, reviews: 6 })
    expect(await products('select distinct title from product')).toEqual([{ title: 'Kopi yang lain' }])
    expect(await events()).toEqual(before)
  })

  it('tells the other domains of each shop and of each variant with its stock', async () => {
    await importLines(market, small)
    expect(await users('select type, count(*)::int as n from outbox_event group by 1 order by 1')).toEqual([
      { type: 'AccountRegistered', n: 3 },
      { type: 'ShopOpened', n: 3 },
    ])
    const listings = `select count(*)::int as n, bool_and((payload->>'available')::int between 20 and 200) as stocked from outbox_event
      where type = 'ListingChanged'`
    expect(await products(listings)).toEqual([{ n: 4, stocked: true }])
    expect(await products(`select count(*)::int as n, min(kind) as kind from stock_movement`)).toEqual([
      { n: 4, kind: 'IMPORTED' },
    ])
  })

  it('reports what it cannot use with its line and takes the rest', async () => {
    const lines = [
      line(),
      line({ location: 'Kab. Atlantis' }),
      line({ name: '  ' }),
      line({ price: 'Rp5.000' }),
      line({ price: '0' }),
      line({ rating: '6' }),
      'Kuliner,Kopi,Solo,5000',
      `Kuliner,"Kopi,Solo,5000,5,1,1,5,x,,`,
      line({ category: '' }),
      line({ name: 'x'.repeat(201) }),
      line({ review: 'x'.repeat(5_001) }),
      line({ name: 'Teh\u001b[31m', sold: 'banyak', review: '' }),
    ]
    const { rows, remarks, inserted } = await importLines(market, lines)
    expect(rows).toEqual({ read: 12, taken: 2, refused: 10 })
    expect(inserted).toMatchObject({ products: 2, reviews: 2 })
    expect(remarks.first).toEqual([
      { line: 3, reason: 'Location "Kab. Atlantis" is no regency or city of Indonesia' },
      { line: 4, reason: 'Product Name is empty' },
      { line: 5, reason: 'Price "Rp5.000" is not a whole number of rupiah from 1 to 10000000000' },
      { line: 6, reason: 'Price "0" is not a whole number of rupiah from 1 to 10000000000' },
      { line: 7, reason: 'Customer Rating "6" is not a whole number from 1 to 5' },
      { line: 8, reason: 'has 4 columns where 11 were expected' },
      { line: 9, reason: 'a quotation mark is never closed' },
      { line: 10, reason: 'Category is empty' },
      { line: 11, reason: 'Product Name is longer than 200 characters' },
      { line: 12, reason: 'Customer Review is longer than 5000 characters' },
    ])
    expect(await products(`select title, sold_count from product order by title desc limit 1`)).toEqual([
      { title: 'Teh [31m', sold_count: 0 },
    ])
  })

  it('shows the first fifty remarks and counts all', async () => {
    const { remarks } = await importLines(market, [...Array.from({ length: 70 }, () => line({ price: '-1' })), line()])
    expect([remarks.total, remarks.first.length]).toEqual([70, 50])
  })

  it('leaves a product in its first category and says so once', async () => {
    const { remarks, inserted } = await importLines(market, [
      line({ category: 'Dapur', review: 'a' }),
      line({ category: 'Hobi', review: 'b' }),
      line({ category: 'Hobi', review: 'c' }),
      line({ category: 'DAPUR', review: 'd' }),
    ])
    expect(remarks.first).toEqual([{ line: 3, reason: 'puts "Kopi" into Hobi; it stays in Dapur, where it was put first' }])
    expect(inserted).toMatchObject({ categories: 1, shops: 1, products: 1, reviews: 4 })
  })

  it('leaves a product where an earlier file put it, makes no shop for it elsewhere, and takes its review', async () => {
    await importLines(market, [line({ category: 'Dapur', review: 'a' })])
    const moved = [line({ category: 'Hobi', review: 'b' }), line({ category: 'Hobi', review: 'c' })]
    const { remarks, inserted } = await importLines(market, moved)
    expect(remarks.first).toEqual([{ line: 2, reason: 'puts "Kopi" into Hobi; it stays in Dapur, where it was put first' }])
    expect(inserted).toEqual({ ...nothing, reviews: 2 })
    const more = await importLines(market, [...moved, line({ category: 'Hobi', name: 'Teko' })])
    expect(more.inserted).toMatchObject({ categories: 1, shops: 1, products: 1, reviews: 1 })
    expect(await products('select title, rating_count from product order by 1')).toEqual([
      { title: 'Kopi', rating_count: 3 },
      { title: 'Teko', rating_count: 1 },
    ])
  })

  it('cuts the name of a shop between characters', async () => {
    const category = `${'x'.repeat(99)}😀`
    const { inserted, rows } = await importLines(market, [line({ category })])
    expect([rows.taken, inserted.shops]).toEqual([1, 1])
    expect(await users('select name from shop')).toEqual([{ name: 'x'.repeat(99) }])
  })

  it('puts products into a category of that name that the market has already', async () => {
    await products(
      `insert into category (id, name, path) values ('cat_01h0000000e0080000000000aa', 'Kuliner', '{cat_01h0000000e0080000000000aa}')`,
    )
    const { inserted, unchanged } = await importLines(market, [line({ category: 'KULINER' })])
    expect([inserted.categories, unchanged.categories]).toEqual([0, 1])
    expect(await products('select category_id from product')).toEqual([{ category_id: 'cat_01h0000000e0080000000000aa' }])
  })

  it('takes a byte order mark and Windows line ends', async () => {
    const content = `\uFEFF${[header, line(), line({ name: 'Teh' })].join('\r\n')}`
    const { rows } = await withFile(content, (path) => importPath(market, path))
    expect(rows).toEqual({ read: 2, taken: 2, refused: 0 })
  })

  it('finishes the batch in hand when it is told to stop, and goes on from there the next time', async () => {
    const lines = Array.from({ length: 450 }, (_, index) => line({ review: `Ulasan ${index}` }))
    await withFile([header, ...lines].join('\n'), async (path) => {
      const first = await importPath(market, path, AbortSignal.abort())
      expect([first.stopped, first.inserted.reviews]).toEqual([true, 200])
      const second = await importPath(market, path)
      expect([second.stopped, second.inserted.reviews, second.unchanged.reviews]).toEqual([false, 250, 200])
    })
  })

  it('says whose e-mail address stands in the way of somebody who can have no other', async () => {
    const target = await openImportTarget(market, fixedClock())
    const people = () => ({
      accounts: [{ id: newId('account'), email: 'siti@contoh.example', name: 'Siti' }],
      addresses: [],
      shops: [],
    })
    expect((await target.people(people())).accounts.inserted).toBe(1)
    await expect(target.people(people())).rejects.toThrow('siti@contoh.example belongs to another account')
    await target.stop()
  })

  const somebodys = 'shp_01h0000000e0080000000000aa'
  it.each([
    ['the address of its owner', `delete from shop; update account set id = 'usr_01h0000000e0080000000000aa'`],
    ['its word in links', `update shop set id = '${somebodys}'`],
  ])('opens a shop under another word where somebody else has %s, and goes on', async (_, taking) => {
    await importLines(market, [line({ category: 'Dapur' })])
    const named = 'select s.id, s.slug, a.email from shop s join account a on a.id = s.owner_id order by s.slug'
    const [theirs] = await users<{ slug: string }>(named)
    await users(taking)
    const lines = [line({ category: 'Dapur' }), line({ name: 'Teko', category: 'Hobi' })]
    const { rows, inserted } = await importLines(market, lines)
    expect(rows).toEqual({ read: 2, taken: 2, refused: 0 })
    expect(inserted).toMatchObject({ shops: 2, products: 1 })
    const opened = (await users<{ id: string; slug: string }>(named)).filter(({ id }) => id !== somebodys)
    expect(opened.map(({ slug }) => slug.split('-')[0])).toEqual(['dapur', 'hobi'])
    expect(opened[0]!.slug).not.toBe(theirs!.slug)
    const again = await importLines(market, lines)
    expect([again.inserted, again.rows.refused]).toEqual([nothing, 0])
  })
})
