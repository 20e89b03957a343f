import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import type { ExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hours, openMarket, sellerOf, type Market, type Scene } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string; readonly state: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string | null }
}

const nodeFields = `id state code placedAt total { formatted } lines { id title product { id } variant { id } lineTotal { amount } } history { event by at }
  deadlines { kind dueAt } allowedMoves address { name } shop { id } buyer { id } checkout { id state total { amount } }`

async function list(
  type: 'User' | 'Shop',
  id: string,
  { as, fields = 'id state', ...args }: { as: AccountViewer; fields?: string } & Record<string, unknown>,
): Promise<Page | null> {
  const query = `query ($id: ID!, $filter: OrderFilter, $first: Int, $after: String, $reason: String) {
    _entities(representations: [{ __typename: "${type}", id: $id }]) { ... on ${type} {
      orders(filter: $filter, first: $first, after: $after, reason: $reason) { edges { cursor node { ${fields} } } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`
  const { _entities } = await market.data<{ _entities: [{ orders: Page | null }] }>({ query, variables: { id, ...args }, as })
  return _entities[0].orders
}

/** A buyer with several checkouts over the same two shops, a second apart. */
async function history(count: number): Promise<Scene> {
  const scene = market.scene({ stock: 1_000 })
  for (let index = 0; index < count; index++) {
    const lines = scene.variants.map((variant) => ({ variant, quantity: 1 }))
    await market.checkout({ ...scene, cart: market.fake.addCart(scene.buyer.accountId, lines) })
    market.clock.advance(1_000)
  }
  return scene
}

describe('lists of orders', () => {
  it('page through everything, newest first, without gap or repetition', async () => {
    const { buyer } = await history(5)
    const seen: string[] = []
    let after: string | null = null
    for (let pages = 0; pages < 4; pages++) {
      const page: Page | null = await list('User', buyer.accountId, { as: buyer, first: 3, after })
      seen.push(...page!.edges.map(({ node }) => node.id))
      expect(page!.pageInfo).toMatchObject({ hasNextPage: pages < 3, hasPreviousPage: pages > 0 })
      after = page!.pageInfo.endCursor
    }
    expect(new Set(seen).size).toBe(10)
    expect((await list('User', buyer.accountId, { as: buyer }))!.edges.map(({ node }) => node.id)).toEqual(seen)
  })

  it('filter by state, shop and time', async () => {
    const { buyer, sellers, variants } = await history(2)
    const from = market.clock.now()
    market.clock.advance(1_000)
    const { checkout } = await market.checkout({
      buyer,
      cart: market.fake.addCart(buyer.accountId, [{ variant: variants[0], quantity: 1 }]),
    })
    await market.pay(checkout!.id, buyer.accountId)
    const count = async (filter: object) => (await list('User', buyer.accountId, { as: buyer, filter }))!.edges.length
    const [shopId] = sellers[0].shopIds
    expect(await count({})).toBe(5)
    expect(await count({ states: ['PAID'] })).toBe(1)
    expect(await count({ states: ['PAID', 'AWAITING_PAYMENT'] })).toBe(5)
    expect(await count({ states: [] })).toBe(0)
    expect(await count({ shopId })).toBe(3)
    expect(await count({ from })).toBe(1)
    expect(await count({ to: from })).toBe(4)
    expect(await count({ shopId: newId('shop') })).toBe(0)
    const ofShop = await list('Shop', shopId!, { as: sellers[0], filter: { states: ['AWAITING_PAYMENT'] } })
    expect(ofShop!.edges).toHaveLength(2)
    expect((await list('Shop', shopId!, { as: sellers[0], filter: { shopId: newId('shop') } }))!.edges).toEqual([])
  })

  it.each([
    [{ first: 0 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ after: 'nonsense' }, 'after'],
    [{ filter: { shopId: 'shp_1' } }, 'filter.shopId'],
    [{ filter: { from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' } }, 'filter.to'],
  ])('refuse %o by the name of the field', async (args, field) => {
    const buyer = accountForTest()
    await expect(list('User', buyer.accountId, { as: buyer, ...args })).rejects.toThrow(`"field":"${field}"`)
  })

  it.each(['User', 'Shop'] as const)('of a %s cost the same number of statements for one order as for many', async (type) => {
    const { buyer, sellers } = await history(6)
    const [as, id] = type === 'User' ? [buyer, buyer.accountId] : [sellers[0], sellers[0].shopIds[0]!]
    const cost = async (first: number) => {
      const before = market.statements.length
      await list(type, id, { as, first, fields: nodeFields })
      return market.statements.length - before
    }
    const one = await cost(1)
    expect(await cost(6)).toBe(one)
    expect(one).toBeLessThanOrEqual(5)
  })
})

const looksOf = ({ accountId }: AccountViewer) =>
  market.events('StaffActed').flatMap(({ payload }) => {
    const { actorId, ...look } = payload as { actorId: string; action: string; subjectId: string; reason: string | null }
    return actorId === accountId ? [look] : []
  })

interface CheckoutPage {
  readonly edges: readonly { readonly node: { readonly id: string; readonly state: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

async function checkoutsOf(id: string, { as, ...args }: { as: AccountViewer } & Record<string, unknown>) {
  const query = `query ($id: ID!, $states: [CheckoutState!], $first: Int, $after: String, $reason: String) {
    _entities(representations: [{ __typename: "User", id: $id }]) { ... on User {
      checkouts(states: $states, first: $first, after: $after, reason: $reason) { edges { node { id state } } pageInfo { hasNextPage endCursor } } } } }`
  const { _entities } = await market.data<{ _entities: [{ checkouts: CheckoutPage | null }] }>({
    query,
    variables: { id, ...args },
    as,
  })
  return _entities[0].checkouts
}

describe('lists of checkouts', () => {
  it.each([
    ['is not placed yet', 'productsReserve', 'PROCESSING'],
    ['is placed already, and cannot empty the cart', 'cartsClear', 'AWAITING_PAYMENT'],
  ])('find the one that still has the cart, for a buyer who has lost sight of it: one that %s', async (_, silent, state) => {
    const scene = market.scene()
    const { accountId: id } = scene.buyer
    const running = async () =>
      (await checkoutsOf(id, { as: scene.buyer, states: ['PROCESSING', 'AWAITING_PAYMENT'] }))!.edges.map(({ node }) => node)
    market.fake.fail(silent, 'down', 1_000)
    const { checkout } = await market.checkout(scene)
    expect(market.fake.holderOf(scene.cart.cartId)).toBe(checkout!.id)
    expect(await running()).toEqual([{ id: checkout!.id, state }])
    market.fake.fail('cartsUnlock', 'down', 1_000)
    await market.act('cancelCheckout', scene.buyer, { checkoutId: checkout!.id })
    expect(market.fake.holderOf(scene.cart.cartId)).toBe(checkout!.id)
    expect(await running()).toEqual([{ id: checkout!.id, state }])
    market.fake.heal()
    await market.later()
    expect(market.fake.holderOf(scene.cart.cartId)).toBeUndefined()
    expect(await running()).toEqual([])
    const ended = [{ node: { id: checkout!.id, state: 'CANCELLED' } }]
    expect((await checkoutsOf(id, { as: scene.buyer }))!.edges).toEqual(ended)
  })

  it('page through everything, newest first, without gap or repetition', async () => {
    const { buyer } = await history(3)
    const first = (await checkoutsOf(buyer.accountId, { as: buyer, first: 2 }))!
    const rest = (await checkoutsOf(buyer.accountId, { as: buyer, first: 2, after: first.pageInfo.endCursor }))!
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false])
    const all = (await checkoutsOf(buyer.accountId, { as: buyer }))!.edges
    expect(all).toHaveLength(3)
    expect([...first.edges, ...rest.edges]).toEqual(all)
    const ids = all.map(({ node }) => node.id)
    expect(ids).toEqual(ids.toSorted((a, b) => b.localeCompare(a)))
  })

  it('are for the account itself and, with a reason for the audit log, for staff', async () => {
    const { buyer, sellers, checkoutId } = await market.paidScene()
    const support = accountForTest(['support'])
    for (const stranger of [accountForTest(), sellers[0]]) expect(await checkoutsOf(buyer.accountId, { as: stranger })).toBeNull()
    await expect(checkoutsOf(buyer.accountId, { as: support })).rejects.toThrow('"field":"reason"')
    expect((await checkoutsOf(buyer.accountId, { as: support, reason: 'Ticket 12' }))!.edges).toHaveLength(1)
    await market.settle()
    expect(looksOf(support)).toEqual([
      { action: 'checkouts.list', subjectId: buyer.accountId, reason: 'Ticket 12' },
      { action: 'checkout.look', subjectId: checkoutId, reason: 'Ticket 12' },
    ])
  })
})

describe('who sees an order', () => {
  it('is its buyer, its shop and nobody else, also through the back door of references', async () => {
    const { buyer, sellers, checkoutId, orderIds } = await market.paidScene()
    const [id] = orderIds
    expect(await market.order(id, buyer)).toMatchObject({
      checkout: { id: checkoutId },
      address: { name: 'Siti', postalCode: '11530' },
    })
    expect(await market.order(id, sellers[0])).toMatchObject({ checkout: null, address: { name: 'Siti' } })
    for (const stranger of [sellers[1], accountForTest(), sellerOf(newId('shop'))]) {
      expect(await market.order(id, stranger)).toBeNull()
      const query = `query ($o: ID!, $c: ID!) { _entities(representations: [{ __typename: "Order", id: $o }, { __typename: "Checkout", id: $c }]) { __typename } }`
      const { _entities } = await market.data<{ _entities: unknown[] }>({
        query,
        variables: { o: id, c: checkoutId },
        as: stranger,
      })
      expect(_entities).toEqual([null, null])
    }
    const guest = await market.execute({ query: `query ($id: ID!) { order(id: $id) { id } }`, variables: { id } })
    expect(guest.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED')
  })

  it('keeps the address from the seller until somebody has paid, and from nobody else', async () => {
    const scene = market.scene()
    const { buyer, sellers } = scene
    const { checkout } = await market.checkout(scene)
    const { id } = checkout!.orders.find(({ shop }) => shop.id === sellers[0].shopIds[0])!
    const support = accountForTest(['support'])
    const names = async () => {
      const seen = [await market.order(id, sellers[0]), await market.order(id, buyer), await market.order(id, support, 'Ticket')]
      return seen.map((order) => order!.address?.name ?? null)
    }
    expect(await names()).toEqual([null, 'Siti', 'Siti'])
    await market.failPayment(checkout!.id, buyer.accountId, 'DENIED')
    expect(await market.order(id, sellers[0])).toMatchObject({ state: 'CANCELLED', address: null })
    expect(await names()).toEqual([null, 'Siti', 'Siti'])
    await market.pay(checkout!.id, buyer.accountId)
    expect(await names()).toEqual(['Siti', 'Siti', 'Siti'])
  })

  it('takes the address from the seller again when it ends before a parcel is on its way, and from nobody else', async () => {
    const { buyer, sellers, orderIds } = await market.paidScene()
    const support = accountForTest(['support'])
    const namesOf = async (id: string, seller: AccountViewer) => {
      const seen = [await market.order(id, seller), await market.order(id, buyer), await market.order(id, support, 'Ticket')]
      return seen.map((order) => order!.address?.name ?? null)
    }
    await market.act('rejectOrder', sellers[0], { orderId: orderIds[0], reason: 'SHOP_CLOSED' })
    await market.act('cancelOrder', buyer, { orderId: orderIds[1] })
    expect(await namesOf(orderIds[0], sellers[0])).toEqual([null, 'Siti', 'Siti'])
    expect(await namesOf(orderIds[1], sellers[1])).toEqual([null, 'Siti', 'Siti'])
  })

  it('keeps the address from the seller when it is paid after its goods are gone', async () => {
    const scene = market.scene({ stock: 2 })
    const { checkout } = await market.checkout(scene)
    await market.failPayment(checkout!.id, scene.buyer.accountId, 'DENIED')
    for (const variant of scene.variants) variant.stock = 0
    await market.pay(checkout!.id, scene.buyer.accountId)
    const { id } = checkout!.orders.find(({ shop }) => shop.id === scene.sellers[0].shopIds[0])!
    expect(await market.order(id, scene.sellers[0])).toMatchObject({ endReason: 'PAID_TOO_LATE', address: null })
    expect(await market.order(id, scene.buyer)).toMatchObject({ address: { name: 'Siti' } })
  })

  it('leaves the address to the seller who has sent a parcel there that came back', async () => {
    const { buyer, sellers, orderIds } = await market.paidScene()
    const [id] = orderIds
    await market.act('acceptOrder', sellers[0], { orderId: id })
    for (const word of ['PICKED', 'RETURNED'] as const) await market.ship((await market.order(id, buyer))!, word)
    await market.settle()
    expect(await market.order(id, sellers[0])).toMatchObject({ endReason: 'PARCEL_CAME_BACK', address: { name: 'Siti' } })
  })

  it('learns how it is paid, and, unless it is its buyer, which warehouse it leaves from', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene, { paymentMethod: 'COD' })
    const { id } = checkout!.orders.find(({ shop }) => shop.id === scene.sellers[0].shopIds[0])!
    const query = `query ($id: ID!) { order(id: $id, reason: "r") { paymentMethod origin { name street regencyCode } } }`
    const seen = (as: AccountViewer) => market.data({ query, variables: { id }, as })
    const origin = { name: 'Gudang', street: 'Jl. Melati 1', regencyCode: '31.73' }
    for (const as of [scene.sellers[0], accountForTest(['support'])])
      expect(await seen(as)).toEqual({ order: { paymentMethod: 'COD', origin } })
    expect(await seen(scene.buyer)).toEqual({ order: { paymentMethod: 'COD', origin: null } })
  })

  it('does not list to strangers', async () => {
    const { buyer, sellers } = await market.paidScene()
    expect(await list('User', buyer.accountId, { as: accountForTest() })).toBeNull()
    expect(await list('Shop', sellers[0].shopIds[0]!, { as: sellers[1] })).toBeNull()
  })

  it('is staff too, with a reason that goes into the audit log once', async () => {
    const { orderIds, buyer, sellers } = await market.paidScene()
    const support = accountForTest(['support'])
    await expect(market.order(orderIds[0], support)).rejects.toThrow('"field":"reason"')
    await expect(list('User', buyer.accountId, { as: support })).rejects.toThrow('"field":"reason"')
    expect(await market.order(orderIds[0], support, 'Ticket 7')).toMatchObject({ id: orderIds[0], allowedMoves: ['CANCEL'] })
    expect((await list('User', buyer.accountId, { as: support, reason: ' Ticket 8 ' }))!.edges).toHaveLength(2)
    expect((await list('Shop', sellers[0].shopIds[0]!, { as: support, reason: 'Ticket 9' }))!.edges).toHaveLength(1)
    await market.settle()
    const acts = market.events('StaffActed').map(({ payload }) => payload)
    const look = (subjectId: string, action: string, reason: string) => ({
      actorId: support.accountId,
      action,
      subjectId,
      reason,
    })
    expect(acts).toContainEqual(look(orderIds[0], 'order.look', 'Ticket 7'))
    expect(acts).toContainEqual(look(buyer.accountId, 'orders.list', 'Ticket 8'))
    expect(acts).toContainEqual(look(sellers[0].shopIds[0]!, 'orders.list', 'Ticket 9'))
    for (const id of orderIds) expect(acts).toContainEqual(look(id, 'order.look', 'Ticket 8'))
  })

  it('is staff who follow a shop, too: each order that they see goes into the audit log once, for the reason that they gave', async () => {
    const { orderIds, sellers } = await market.paidScene()
    const support = accountForTest(['support'])
    const [shopId] = sellers[0].shopIds
    const stream = await follow('shopOrderUpdated', shopId!, { as: support, reason: 'Ticket 10' })
    await market.act('acceptOrder', sellers[0], { orderId: orderIds[0] })
    await market.settle()
    await market.ship((await market.order(orderIds[0], sellers[0]))!, 'DELIVERED')
    await market.settle()
    expect((await frames(stream, 2)).map(({ order }) => order!.id)).toEqual([orderIds[0], orderIds[0]])
    await stream.return?.()
    await market.settle()
    expect(looksOf(support)).toEqual([
      { action: 'orders.follow', subjectId: shopId, reason: 'Ticket 10' },
      { action: 'order.look', subjectId: orderIds[0], reason: 'Ticket 10' },
    ])
  })

  it('is staff who look at a checkout, too: each of its orders that they see goes into the audit log', async () => {
    const { checkoutId, orderIds } = await market.paidScene()
    const support = accountForTest(['support'])
    const query = `query ($id: ID!) { checkout(id: $id, reason: "Ticket 11") { state orders { address { name } } } }`
    await market.data({ query, variables: { id: checkoutId }, as: support })
    await market.settle()
    const looks = looksOf(support).toSorted((a, b) => a.subjectId.localeCompare(b.subjectId))
    expect(looks).toEqual([
      { action: 'checkout.look', subjectId: checkoutId, reason: 'Ticket 11' },
      ...orderIds.toSorted((a, b) => a.localeCompare(b)).map((id) => ({ action: 'order.look', subjectId: id, reason: null })),
    ])
  })

  it('is no staff whose look cannot be written down, under whatever names they ask for it', async () => {
    const { orderIds } = await market.paidScene()
    const support = accountForTest(['support'])
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    const refuse = (sql: string) => pool.query(`ALTER TABLE outbox_event ${sql}`)
    await refuse(`ADD CONSTRAINT nothing_more CHECK (payload->>'actorId' <> '${support.accountId}') NOT VALID`)
    try {
      const query = `query ($id: ID!) { a: order(id: $id, reason: "r") { id } b: order(id: $id, reason: "r") { address { name } } }`
      const { data, errors } = await market.execute({ query, variables: { id: orderIds[0] }, as: support })
      expect(errors?.map(({ path }) => path?.[0]).toSorted()).toEqual(['a', 'b'])
      expect(JSON.stringify(data)).not.toContain('Siti')
    } finally {
      await refuse('DROP CONSTRAINT nothing_more')
      await stop()
    }
  })

  it('is answered in Indonesian to who reads Indonesian', async () => {
    const query = `mutation ($input: ConfirmReceiptInput!) { confirmReceipt(input: $input) { ... on Problem { message } } }`
    const input = { orderId: newId('order'), idempotencyKey: 'k' }
    const { data } = await market.execute({ query, variables: { input }, as: accountForTest(), locale: 'id' })
    expect(data).toEqual({ confirmReceipt: { message: 'Pesanan tidak ditemukan.' } })
  })
})

interface Frame {
  readonly cursor: string
  readonly event: string
  readonly order?: { readonly id: string; readonly state: string }
  readonly checkout?: { readonly state: string }
}

const follow = (
  field: 'orderUpdated' | 'shopOrderUpdated' | 'checkoutUpdated',
  id: string,
  { as, after = null, reason = null }: { as: AccountViewer; after?: string | null; reason?: string | null },
) => {
  const argument = { orderUpdated: 'orderId', shopOrderUpdated: 'shopId', checkoutUpdated: 'checkoutId' }[field]
  const subject = field === 'checkoutUpdated' ? 'checkout { id state }' : 'order { id state lines { id } }'
  const query = `subscription ($id: ID!, $after: String, $reason: String) { ${field}(${argument}: $id, after: $after, reason: $reason) { cursor event occurredAt ${subject} } }`
  return market.subscribe({ query, variables: { id, after, reason }, as })
}

async function frames(stream: AsyncIterableIterator<ExecutionResult>, count: number): Promise<Frame[]> {
  const seen: Frame[] = []
  while (seen.length < count) {
    const { value } = (await stream.next()) as { value: ExecutionResult }
    if (value.errors) throw new Error(JSON.stringify(value.errors))
    seen.push(Object.values(value.data as Record<string, Frame>)[0]!)
  }
  return seen
}

describe('following', () => {
  it('an order shows each step to its buyer and to its seller, and goes on from a cursor', async () => {
    const { buyer, sellers, orderIds } = await market.paidScene()
    const [id] = orderIds
    const streams = await Promise.all([buyer, sellers[0]].map((as) => follow('orderUpdated', id, { as })))
    await market.act('acceptOrder', sellers[0], { orderId: id })
    await market.settle()
    await market.ship((await market.order(id, buyer))!, 'DELIVERED')
    await market.settle()
    for (const stream of streams) {
      const seen = await frames(stream, 2)
      expect(seen.map(({ event }) => event)).toEqual(['ACCEPTED', 'DELIVERED'])
      expect(seen[1]!.order).toMatchObject({ id, state: 'DELIVERED' })
      await stream.return?.()
      const rest = await follow('orderUpdated', id, { as: buyer, after: seen[0]!.cursor })
      expect((await frames(rest, 1))[0]).toMatchObject({ event: 'DELIVERED', cursor: seen[1]!.cursor })
      await rest.return?.()
    }
  })

  it('a shop shows new orders and changed ones', async () => {
    const scene = market.scene()
    const [shopId] = scene.sellers[0].shopIds
    const stream = await follow('shopOrderUpdated', shopId!, { as: scene.sellers[0] })
    const { checkout } = await market.checkout(scene)
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect((await frames(stream, 2)).map(({ event }) => event)).toEqual(['PLACED', 'PAID'])
    await stream.return?.()
  })

  it('a shop from where its list was read misses nothing that came in between', async () => {
    const scene = market.scene()
    const [seller] = scene.sellers
    await market.checkout(scene)
    await market.settle()
    const { ordersCursor } = await market.data<{ ordersCursor: string }>({ query: '{ ordersCursor }', as: seller })
    const second = { ...scene, cart: market.fake.addCart(scene.buyer.accountId, [{ variant: scene.variants[0], quantity: 1 }]) }
    const { checkout } = await market.checkout(second)
    await market.settle()
    const stream = await follow('shopOrderUpdated', seller.shopIds[0]!, { as: seller, after: ordersCursor })
    expect(await frames(stream, 1)).toMatchObject([{ event: 'PLACED', order: { id: checkout!.orders[0]!.id } }])
    await stream.return?.()
  })

  it('all of their own orders shows a buyer new ones and changed ones of every shop, and nothing of others', async () => {
    const scene = market.scene()
    const query = `subscription ($after: String) { userOrderUpdated(after: $after) { cursor event order { id state } } }`
    const following = (after: string | null) => market.subscribe({ query, variables: { after }, as: scene.buyer })
    const stream = await following(null)
    await market.paidScene()
    const { checkout } = await market.checkout(scene)
    const { id, shop } = checkout!.orders[0]!
    await market.pay(checkout!.id, scene.buyer.accountId)
    const seller = scene.sellers.find(({ shopIds }) => shopIds[0] === shop.id)!
    await market.act('acceptOrder', seller, { orderId: id })
    await market.settle()
    const seen = await frames(stream, 5)
    expect(seen.map(({ event }) => event)).toEqual(['PLACED', 'PLACED', 'PAID', 'PAID', 'ACCEPTED'])
    expect(new Set(seen.map(({ order }) => order!.id))).toEqual(new Set(checkout!.orders.map((order) => order.id)))
    await stream.return?.()
    const rest = await following(seen[3]!.cursor)
    expect(await frames(rest, 1)).toMatchObject([{ event: 'ACCEPTED', order: { id, state: 'ACCEPTED' } }])
    await rest.return?.()
  })

  it('a checkout that a participant delays shows how it ends', async () => {
    const scene = market.scene()
    market.fake.fail('productsReserve', 'down', 2)
    const { checkout } = await market.checkout(scene)
    const stream = await follow('checkoutUpdated', checkout!.id, { as: scene.buyer })
    for (let round = 0; round < 3; round++) {
      market.clock.advance(60_000)
      await market.settle()
    }
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await frames(stream, 3)).toMatchObject([
      { event: 'PLACED' },
      { event: 'PAYMENT_RECEIVED' },
      { event: 'PAID', checkout: { state: 'PAID' } },
    ])
    await stream.return?.()
  })

  it('a checkout that is not paid shows that it expired', async () => {
    const scene = market.scene()
    const { checkout } = await market.checkout(scene)
    await market.settle()
    const stream = await follow('checkoutUpdated', checkout!.id, { as: scene.buyer })
    market.clock.advance(hours(25))
    await market.settle()
    expect(await frames(stream, 1)).toMatchObject([{ event: 'EXPIRED', checkout: { state: 'EXPIRED' } }])
    await stream.return?.()
  })

  it.each([
    ['orderUpdated', 'orderId'],
    ['shopOrderUpdated', 'shopId'],
    ['checkoutUpdated', 'checkoutId'],
  ] as const)('%s is refused to strangers, and to staff without a reason', async (field, argument) => {
    const { orderIds, sellers, checkoutId } = await market.paidScene()
    const id = { orderId: orderIds[0], shopId: sellers[0].shopIds[0]!, checkoutId }[argument]
    const refused = await follow(field, id, { as: accountForTest() })
    expect(((await refused.next()) as { value: ExecutionResult }).value.errors?.[0]?.extensions).toMatchObject({
      field: argument,
    })
    const unreasoned = await follow(field, id, { as: accountForTest(['admin']) })
    expect(((await unreasoned.next()) as { value: ExecutionResult }).value.errors?.[0]?.extensions).toMatchObject({
      field: 'reason',
    })
    const reasoned = await follow(field, id, { as: accountForTest(['admin']), reason: 'Ticket' })
    await reasoned.return?.()
  })
})
