import { newId, type Id } from '@pasar/shared/ids'
import { encodeCursor, parsePage } from '@pasar/shared/subgraph/page'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import { rowsReadBy } from '@pasar/shared/testing/rows-read'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered, wish } from './after-sale.ts'
import { cursorLengthOf, pageOfOrders, type OrderSelection } from '../src/store/order-lists.ts'
import { fillShop } from './full-shop.ts'
import { hours, openMarket, sellerOf, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string; readonly state: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

interface Asked extends Record<string, unknown> {
  readonly as: AccountViewer
}

async function ordersOf(shopId: string, { as, ...args }: Asked): Promise<Page | null> {
  const query = `query ($id: ID!, $filter: OrderFilter, $sort: ShopOrderSort, $dueBefore: DateTime, $first: Int, $after: String, $reason: String) {
    _entities(representations: [{ __typename: "Shop", id: $id }]) { ... on Shop {
      orders(filter: $filter, sort: $sort, dueBefore: $dueBefore, first: $first, after: $after, reason: $reason) {
        edges { cursor node { id state } } pageInfo { hasNextPage endCursor } } } } }`
  const variables = { id: shopId, ...args }
  const { _entities } = await market.data<{ _entities: [{ orders: Page | null }] }>({ query, variables, as })
  return _entities[0].orders
}

/** A shop and its seller, with as many paid orders, each placed a second after the one before. */
async function shopWith(count: number) {
  const scene = market.scene({ stock: 1_000 })
  const [seller] = scene.sellers
  const shopId = seller.shopIds[0]!
  const ids: string[] = []
  for (let made = 0; made < count; made += 1) {
    const lines = [{ variant: scene.variants[0], quantity: 1 }]
    const { checkout } = await market.checkout({ ...scene, cart: market.fake.addCart(scene.buyer.accountId, lines) })
    await market.pay(checkout!.id, scene.buyer.accountId)
    ids.push(checkout!.orders[0]!.id)
    market.clock.advance(1_000)
  }
  const due = async (args: object = {}) => (await ordersOf(shopId, { as: seller, sort: 'DUE', ...args }))!
  const dueIds = async (args: object = {}) => (await due(args)).edges.map(({ node }) => node.id)
  return { ...scene, seller, shopId, ids, due, dueIds, view: async (id: string) => (await market.order(id, scene.buyer))! }
}

describe('a seller who asks what has to be done first', () => {
  it('is shown orders by what is due, whatever that is, and those that wait for nothing of the seller last', async () => {
    const { ids, seller, buyer, dueIds, view } = await shopWith(4)
    const [first, second, third, fourth] = ids as [string, string, string, string]
    expect(await dueIds()).toEqual([first, second, third, fourth])
    // To ship within 72 hours is later than to accept within 48; to answer within 24 is sooner than both.
    for (const id of [first, second, fourth]) await market.act('acceptOrder', seller, { orderId: id })
    expect(await dueIds()).toEqual([third, first, second, fourth])
    await market.act('requestCancel', buyer, { orderId: second })
    expect(await dueIds()).toEqual([second, third, first, fourth])
    await market.act('answerCancelRequest', seller, { orderId: second, grant: false, note: 'Sudah dikemas' })
    expect(await dueIds()).toEqual([third, first, second, fourth])
    await market.ship(await view(first), 'PICKED')
    expect(await dueIds()).toEqual([third, second, fourth, first])
  })

  it('is shown returns that wait for an answer, and what came back to be looked at', async () => {
    const order = await delivered(market)
    const [shopId] = order.seller.shopIds
    const first = async () => (await ordersOf(shopId!, { as: order.seller, sort: 'DUE', dueBefore: far() }))!.edges
    expect(await first()).toEqual([])
    await order.byBuyer('requestReturn', await wish(order))
    expect(await first()).toMatchObject([{ node: { id: order.id, state: 'RETURN_REQUESTED' } }])
    await order.bySeller('answerReturn', { approve: true })
    expect(await first()).toEqual([])
    await order.ship('BOOKED', 'RETURN')
    await order.ship('PICKED', 'RETURN')
    await order.ship('DELIVERED', 'RETURN')
    expect(await first()).toMatchObject([{ node: { id: order.id, state: 'RETURN_ARRIVED' } }])
    await order.bySeller('receiveReturn', { accept: true, restock: false })
    expect(await first()).toEqual([])
  })

  it('goes on seeing first what should have been sent long ago', async () => {
    const { ids, seller, dueIds } = await shopWith(2)
    const [late, other] = ids as [string, string]
    await market.act('acceptOrder', seller, { orderId: late })
    market.clock.advance(hours(40))
    await market.act('acceptOrder', seller, { orderId: other })
    market.clock.advance(hours(33))
    await market.settle()
    expect(await dueIds()).toEqual([late, other])
    const now = market.clock.now().toISOString()
    expect(await dueIds({ dueBefore: now })).toEqual([late])
  })

  it('pages through everything without gap or repetition, also through what is due at no time', async () => {
    const { ids, seller, due, view } = await shopWith(7)
    for (const id of ids.slice(0, 3)) {
      await market.act('acceptOrder', seller, { orderId: id })
      await market.ship(await view(id), 'PICKED')
    }
    const all = [...ids.slice(3), ...ids.slice(0, 3)]
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Page = await due({ first: 2, after })
      seen.push(...page.edges.map(({ node }) => node.id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(all)
  })

  it('may leave states out, and gives the same answer in pages', async () => {
    const { ids, seller, due } = await shopWith(3)
    await market.act('acceptOrder', seller, { orderId: ids[0]! })
    const filter = { states: ['ACCEPTED', 'PAID', 'PAID'] }
    const { pageInfo, edges } = await due({ filter, first: 2 })
    expect(edges.map(({ node }) => node.id)).toEqual([ids[1], ids[2]])
    expect((await due({ filter, first: 2, after: pageInfo.endCursor })).edges.map(({ node }) => node.id)).toEqual([ids[0]])
    expect((await due({ filter: { states: ['SHIPPED'] } })).edges).toEqual([])
  })
})

const far = () => new Date(market.clock.now().getTime() + hours(1_000)).toISOString()

describe('a shop’s list of orders', () => {
  it('finds what is rare in the shop newest first', async () => {
    const { ids, seller, shopId } = await shopWith(4)
    await market.act('rejectOrder', seller, { orderId: ids[1]!, reason: 'SHOP_CLOSED' })
    await market.act('acceptOrder', seller, { orderId: ids[2]! })
    const states = ['CANCELLED', 'ACCEPTED', 'CANCELLED']
    const page = (await ordersOf(shopId, { as: seller, filter: { states }, first: 1 }))!
    expect(page.edges.map(({ node }) => node.id)).toEqual([ids[2]])
    const rest = await ordersOf(shopId, { as: seller, filter: { states }, first: 5, after: page.pageInfo.endCursor })
    expect(rest!.edges.map(({ node }) => node.id)).toEqual([ids[1]])
  })

  it('takes no cursor of another order of the list', async () => {
    const { seller, shopId } = await shopWith(2)
    const cursorOf = async (sort: string) => (await ordersOf(shopId, { as: seller, sort, first: 1 }))!.pageInfo.endCursor
    const [newest, due] = [await cursorOf('NEWEST'), await cursorOf('DUE')]
    const forged = ['NEWEST', 'later', 7].map((mark) => encodeCursor([mark, market.clock.now().toISOString(), newId('order')]))
    for (const [sort, after] of [['DUE', newest], ['NEWEST', due], ...forged.map((one) => ['DUE', one])])
      await expect(ordersOf(shopId, { as: seller, sort, after })).rejects.toThrow('"field":"after"')
  })

  it.each([
    ['DUE', { filter: { from: '2026-11-01T00:00:00Z' } }, 'filter.from'],
    ['DUE', { filter: { to: '2026-11-01T00:00:00Z' } }, 'filter.to'],
    ['NEWEST', { dueBefore: '2026-11-01T00:00:00Z' }, 'dueBefore'],
  ])('by %s refuses a time that is none of its own, by its name', async (sort, args, field) => {
    const shopId = newId('shop')
    await expect(ordersOf(shopId, { as: sellerOf(shopId), sort, ...args })).rejects.toThrow(`"field":"${field}"`)
  })

  it('is for its accounts and, with a reason for the audit log, for staff, however it is sorted', async () => {
    const { ids, shopId } = await shopWith(1)
    const support = accountForTest(['support'])
    for (const stranger of [accountForTest(), sellerOf(newId('shop'))])
      expect(await ordersOf(shopId, { as: stranger, sort: 'DUE' })).toBeNull()
    await expect(ordersOf(shopId, { as: support, sort: 'DUE' })).rejects.toThrow('"field":"reason"')
    expect((await ordersOf(shopId, { as: support, sort: 'DUE', reason: 'Ticket 9' }))!.edges).toHaveLength(1)
    await market.settle()
    const looks = market.events('StaffActed').map(({ payload }) => payload)
    for (const [action, subjectId] of [
      ['orders.list', shopId],
      ['order.look', ids[0]],
    ])
      expect(looks).toContainEqual({ actorId: support.accountId, action, subjectId, reason: 'Ticket 9' })
  })
})

describe('of a shop that has sold twenty thousand orders, a page', () => {
  let shopId: Id<'shop'>
  let database: ReturnType<typeof openPostgres>
  beforeAll(async () => {
    database = openPostgres({ url: market.ownerUrl })
    shopId = await fillShop(database.pool, 20_000)
  })
  afterAll(() => database.stop())

  const overdue = new Date('2025-01-10T00:00:00Z')
  it.each<readonly [string, Omit<OrderSelection, 'owner'>]>([
    ['what is due first', { sort: 'DUE' }],
    ['what is due first of one state', { sort: 'DUE', states: ['SHIPPED'] }],
    ['what is overdue', { sort: 'DUE', dueBefore: overdue }],
    ['what is newest', { sort: 'NEWEST' }],
    ['what is newest of rare states', { sort: 'NEWEST', states: ['MEDIATION', 'CANCELLED'] }],
  ])('of %s is one statement that reads a few hundred rows', async (_, chosen) => {
    const { sort, states, dueBefore } = chosen
    const args = {
      sort,
      first: 10,
      ...(states && { filter: { states } }),
      ...(dueBefore && { dueBefore: dueBefore.toISOString() }),
    }
    const before = market.statements.length
    const { pageInfo } = (await ordersOf(shopId, { as: sellerOf(shopId), ...args }))!
    expect([market.statements.length - before, pageInfo.hasNextPage]).toEqual([1, true])
    for (const after of [null, pageInfo.endCursor]) {
      const page = parsePage({ first: 10, after }, cursorLengthOf(sort))
      const counts = await rowsReadBy(database.pool, (db) => pageOfOrders(db, { ...chosen, owner: { shopId } }, page))
      expect(Math.max(...counts)).toBeLessThan(400)
    }
  })
})
