import { newId, type Id } from '@pasar/shared/ids'
import { parsePage } from '@pasar/shared/subgraph/page'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { rowsReadBy } from '@pasar/shared/testing/rows-read'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseOrderSearch } from '../src/domain/order-search.ts'
import { pageOfOrders } from '../src/store/order-lists.ts'
import { fillShop } from './full-shop.ts'
import { openMarket, sellerOf, type Market, type Scene } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

interface Page {
  readonly edges: readonly { readonly node: { readonly id: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

interface Asked extends Record<string, unknown> {
  readonly as: AccountViewer
  readonly search: string
}

async function pageOf(type: 'User' | 'Shop', id: string, { as, ...args }: Asked): Promise<Page | null> {
  const query = `query ($id: ID!, $search: String, $filter: OrderFilter, $first: Int, $after: String, $reason: String) {
    _entities(representations: [{ __typename: "${type}", id: $id }]) { ... on ${type} {
      orders(search: $search, filter: $filter, first: $first, after: $after, reason: $reason) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } } } }`
  const variables = { id, ...args }
  const { _entities } = await market.data<{ _entities: [{ orders: Page | null }] }>({ query, variables, as })
  return _entities[0].orders
}

const found = async (type: 'User' | 'Shop', id: string, asked: Asked) =>
  (await pageOf(type, id, asked))!.edges.map(({ node }) => node.id)

/** A buyer who has bought these of one shop, one after the other. */
async function bought(...titles: readonly string[]) {
  const scene: Scene = market.scene({ stock: 1_000 })
  const [seller] = scene.sellers
  const ids: string[] = []
  for (const title of titles) {
    scene.variants[0].title = title
    const lines = [{ variant: scene.variants[0], quantity: 1 }]
    const { checkout } = await market.checkout({ ...scene, cart: market.fake.addCart(scene.buyer.accountId, lines) })
    await market.pay(checkout!.id, scene.buyer.accountId)
    ids.push(checkout!.orders[0]!.id)
    market.clock.advance(1_000)
  }
  const shopId = seller.shopIds[0]!
  const inShop = (search: string, args: object = {}) => found('Shop', shopId, { as: seller, search, ...args })
  return { ...scene, seller, shopId, ids, inShop }
}

describe('whoever looks for an order', () => {
  it('finds it by words of what was bought, in any order and case, newest first', async () => {
    const { ids, inShop, buyer } = await bought('Biji Arabika Gayo', 'Teh Melati', 'Biji Robusta Lampung')
    const [gayo, teh, lampung] = ids
    expect(await inShop('biji')).toEqual([lampung, gayo])
    expect(await inShop('gayo BIJI')).toEqual([gayo])
    expect(await inShop('kopi-250 teh')).toEqual([teh])
    expect(await inShop('biji cokelat')).toEqual([])
    expect(await found('User', buyer.accountId, { as: buyer, search: 'arab' })).toEqual([gayo])
    expect(await inShop('biji', { filter: { states: ['CANCELLED'] } })).toEqual([])
    expect(await inShop('biji', { filter: { states: ['PAID'] } })).toEqual([lampung, gayo])
  })

  it('finds it by its id, whole and however it is written, and in the own list only', async () => {
    const { ids, inShop, seller, buyer } = await bought('Kopi')
    const stranger = await bought('Kopi')
    const [id] = ids
    expect(await inShop(` ${id!.toUpperCase()} `)).toEqual([id])
    expect(await inShop(id!.slice(0, -1))).toEqual([])
    expect(await inShop(id!, { filter: { states: ['COMPLETED'] } })).toEqual([])
    expect(await inShop(stranger.ids[0]!)).toEqual([])
    expect(await found('User', buyer.accountId, { as: buyer, search: id! })).toEqual([id])
    expect(await pageOf('Shop', stranger.shopId, { as: seller, search: stranger.ids[0]! })).toBeNull()
  })

  it('finds signs that mean something to the database as what they are', async () => {
    const { ids, inShop } = await bought('Diskon 100% asli', 'Kabel USB_C', 'Kabel USB-C', 'Miring \\ garis')
    const [percent, underscore, hyphen, backslash] = ids
    expect(await inShop('%')).toEqual([percent])
    expect(await inShop('_')).toEqual([underscore])
    expect(await inShop('usb-c')).toEqual([hyphen])
    expect(await inShop('\\')).toEqual([backslash])
    expect(await inShop("' OR true --")).toEqual([])
  })

  it('does not find whom it is sent to, nor where', async () => {
    const { ids, inShop, buyer, seller } = await bought('Kopi')
    expect(await market.order(ids[0]!, seller)).toMatchObject({ address: { name: 'Siti', postalCode: '11530' } })
    for (const search of ['Siti', '11530', buyer.accountId]) {
      expect(await inShop(search)).toEqual([])
      expect(await found('User', buyer.accountId, { as: buyer, search })).toEqual([])
    }
  })

  it('pages through what is found without gap or repetition', async () => {
    const { ids, shopId, seller } = await bought('Biji', 'Teh', 'Biji', 'Biji', 'Teh', 'Biji')
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Page | null = await pageOf('Shop', shopId, { as: seller, search: 'biji 250', first: 3, after })
      seen.push(...page!.edges.map(({ node }) => node.id))
      after = page!.pageInfo.hasNextPage ? page!.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual([ids[5], ids[3], ids[2], ids[0]])
  })

  it.each(['', '   ', 'x'.repeat(101), 'a\0b'])('is told what cannot be looked for: %j', async (search) => {
    const buyer = accountForTest()
    await expect(pageOf('User', buyer.accountId, { as: buyer, search })).rejects.toThrow('"field":"search"')
  })

  it('must be of the shop, the account itself or, with a reason for the audit log, staff', async () => {
    const { ids, shopId, buyer } = await bought('Kopi')
    const support = accountForTest(['support'])
    for (const as of [accountForTest(), sellerOf(newId('shop'))]) {
      expect(await pageOf('Shop', shopId, { as, search: ids[0]! })).toBeNull()
      expect(await pageOf('User', buyer.accountId, { as, search: 'kopi' })).toBeNull()
    }
    await expect(pageOf('Shop', shopId, { as: support, search: 'kopi' })).rejects.toThrow('"field":"reason"')
    expect(await found('Shop', shopId, { as: support, search: 'kopi', reason: 'Ticket 4' })).toEqual(ids)
    await market.settle()
    const looks = market.events('StaffActed').map(({ payload }) => payload)
    expect(looks).toContainEqual({ actorId: support.accountId, action: 'order.look', subjectId: ids[0], reason: 'Ticket 4' })
  })
})

describe('in a shop that has sold twenty thousand orders', () => {
  let shopId: Id<'shop'>
  let database: ReturnType<typeof openPostgres>
  beforeAll(async () => {
    database = openPostgres({ url: market.ownerUrl })
    shopId = await fillShop(database.pool, 20_000)
  })
  afterAll(() => database.stop())

  it('words are looked for among the newest ten thousand, in one statement', async () => {
    const before = market.statements.length
    const ids = await found('Shop', shopId, { as: sellerOf(shopId), search: 'teh melati' })
    expect(market.statements.length - before).toBe(1)
    expect(ids).toHaveLength(10)
    const ask = (search: string) => (db: Parameters<typeof pageOfOrders>[0]) =>
      pageOfOrders(db, { owner: { shopId }, sort: 'NEWEST', search: parseOrderSearch(search) }, parsePage({}))
    // Each of the ten thousand orders, and its line.
    expect(Math.max(...(await rowsReadBy(database.pool, ask('tidak ada'))))).toBeLessThan(20_200)
    expect(Math.max(...(await rowsReadBy(database.pool, ask('kopi'))))).toBeLessThan(200)
    expect(Math.max(...(await rowsReadBy(database.pool, ask(ids[0]!))))).toBeLessThan(10)
  })
})
