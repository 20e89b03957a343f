import type { OrdersEvents } from '@pasar/schema/events/orders'
import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import type { TestEvent, TestOperation } from '@pasar/shared/testing/subgraph'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { password, startUsers, viewerOf, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

interface Shown {
  readonly id: string
  readonly kind: string
  readonly text: string
  readonly isRead: boolean
  readonly shop: { readonly name: string } | null
  readonly order: { readonly id: string } | null
  readonly review: { readonly id: string } | null
}

interface Listed {
  readonly unreadNotifications: number
  readonly notifications: {
    readonly edges: readonly { readonly cursor: string; readonly node: Shown }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

type Asking = Pick<Person, 'viewer'>

const fields = 'id kind text occurredAt isRead shop { name } order { id } review { id }'
const ofMe = `query ($first: Int, $after: String, $unreadOnly: Boolean) { me {
  unreadNotifications
  notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
    edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } } } }`
const listOf = ({ viewer }: Asking, variables: Record<string, unknown> = {}, locale: 'id' | 'en' = 'en') =>
  market.ask<Listed>({ query: ofMe, variables, as: viewer, locale })
const told = async (person: Asking, variables?: Record<string, unknown>) =>
  (await listOf(person, variables)).notifications.edges.map(({ node }) => node)
const kindsOf = async (person: Asking, variables?: Record<string, unknown>) =>
  (await told(person, variables)).map(({ kind }) => kind)
const markRead = ({ viewer }: Asking, upTo: string) =>
  market.ask<{ account: { unreadNotifications: number } }>({
    query: `mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) {
      ... on MarkNotificationsReadSuccess { account { unreadNotifications } } } }`,
    variables: { input: { upTo } },
    as: viewer,
  })

let shops = 0
async function newOwner() {
  const person = await market.register('Pemilik Toko')
  const input = { slug: `toko-kabar-${(shops += 1)}`, name: 'Toko Batik', regencyCode: '34.71' }
  const opened = await market.run<{ shop: { id: string }; access: { token: string } }>('openShop', input, {
    as: person.viewer,
    fields: 'shop { id } access { token }',
  })
  return { ...person, viewer: viewerOf(opened.access.token), shopId: opened.shop.id }
}

/** Somebody who has joined the shop. */
async function newHelper({ viewer, shopId }: { viewer: AccountViewer; shopId: string }): Promise<Person> {
  const person = await market.register('Karyawan Rajin')
  await market.run('inviteShopMember', { shopId, email: person.email }, { as: viewer })
  await market.settle()
  const token = /^[\w-]{43}$/m.exec(market.mailbox.to(person.email).at(-1)!.text)![0]
  await market.run('joinShop', { token }, { as: person.viewer })
  return person
}

/** The people of an order, and what its events carry of them. */
async function newOrder() {
  const [buyer, owner] = [await market.register(), await newOwner()]
  const ref = { orderId: newId('order'), checkoutId: newId('checkout'), buyerId: buyer.id, shopId: owner.shopId }
  return { buyer, owner, ref }
}
type OrderOf = Awaited<ReturnType<typeof newOrder>>['ref']

const tell = (event: TestEvent) => market.deliver('orders', event)
const paid = (ref: OrderOf, more: Partial<TestEvent> = {}) =>
  tell({ type: 'OrderPaid', payload: { ...ref, acceptBy: '2026-01-01T00:00:00.000Z' }, ...more } as TestEvent)
const stepped = (ref: OrderOf, step: OrdersEvents['OrderStepped']['step']) =>
  tell({ type: 'OrderStepped', payload: { ...ref, step } })
const cancelled = (ref: OrderOf, { reason, paid: isPaid }: Pick<OrdersEvents['OrderCancelled'], 'reason' | 'paid'>) =>
  tell({ type: 'OrderCancelled', payload: { ...ref, reason, paid: isPaid, lines: [] } })

describe('what happens to an order', () => {
  it('is told to its buyer, to the owner of its shop and to who helps there, each once, however often the event comes', async () => {
    const { buyer, owner, ref } = await newOrder()
    const helper = await newHelper(owner)
    const stranger = await newOwner()
    for (let time = 0; time < 3; time += 1) await paid(ref, { id: `orders:bayar-${ref.orderId}` })
    const about = { isRead: false, order: { id: ref.orderId }, review: null, shop: { name: 'Toko Batik' } }
    expect(await told(buyer)).toEqual([expect.objectContaining({ kind: 'ORDER_PAID', ...about })])
    for (const one of [owner, helper])
      expect(await told(one)).toEqual([expect.objectContaining({ kind: 'SHOP_ORDER_PAID', ...about })])
    expect(await told(stranger)).toEqual([])
  })

  it('is told with one statement for each event, whoever is told', async () => {
    const { owner, ref } = await newOrder()
    await newHelper(owner)
    const before = market.statements.length
    await paid(ref)
    await stepped(ref, 'SHIP_LATE')
    expect(market.statements.slice(before)).toHaveLength(1)
  })

  it('is told to the buyer step by step, newest first, and to the shop where it has to act', async () => {
    const { buyer, owner, ref } = await newOrder()
    await paid(ref)
    await tell({ type: 'OrderShipped', payload: ref })
    await tell({ type: 'OrderDelivered', payload: { ...ref, completeBy: '2026-01-01T00:00:00.000Z' } })
    await stepped(ref, 'RETURN_REQUESTED')
    await stepped(ref, 'RETURN_REFUSED')
    await stepped(ref, 'MEDIATION_ASKED')
    const refund = { refundId: newId('refund'), amount: 1_000, destination: 'ORIGINAL_METHOD' } as const
    await market.deliver('payments', { type: 'RefundCompleted', payload: { ...refund, orderId: ref.orderId, buyerId: buyer.id } })
    expect((await kindsOf(buyer)).toReversed()).toEqual([
      'ORDER_PAID',
      'ORDER_SHIPPED',
      'ORDER_DELIVERED',
      'RETURN_REFUSED',
      'RETURN_IN_MEDIATION',
      'ORDER_REFUNDED',
    ])
    expect((await kindsOf(owner)).toReversed()).toEqual(['SHOP_ORDER_PAID', 'SHOP_RETURN_REQUESTED', 'SHOP_RETURN_IN_MEDIATION'])
  })

  it('is told to a shop of a cancelled order where it was paid and the shop did not reject it', async () => {
    const { buyer, owner, ref } = await newOrder()
    await cancelled(ref, { reason: 'UNPAID', paid: false })
    await cancelled(ref, { reason: 'REJECTED_BY_SELLER', paid: true })
    expect(await kindsOf(owner)).toEqual([])
    await cancelled(ref, { reason: 'CANCELLED_BY_BUYER', paid: true })
    expect(await kindsOf(owner)).toEqual(['SHOP_ORDER_CANCELLED'])
    expect(await kindsOf(buyer)).toHaveLength(3)
  })

  it('is told once to a seller who buys in the own shop: as its buyer', async () => {
    const { owner, ref } = await newOrder()
    await paid({ ...ref, buyerId: owner.id })
    expect(await kindsOf(owner)).toEqual(['ORDER_PAID'])
  })

  it('is told of a review to the shop, with the review', async () => {
    const { owner, ref } = await newOrder()
    const reviewId = newId('review')
    const payload = { reviewId, productId: newId('product'), shopId: ref.shopId, rating: 4 }
    await market.deliver('products', { type: 'ReviewSubmitted', payload })
    expect(await told(owner)).toEqual([expect.objectContaining({ kind: 'SHOP_REVIEWED', review: { id: reviewId }, order: null })])
  })

  it('is told of an answer to the author of the review, once, however often the shop takes it back and answers anew', async () => {
    const { buyer, ref } = await newOrder()
    const payload = { reviewId: newId('review'), productId: newId('product') }
    const answered = { authorId: buyer.id, shopId: ref.shopId }
    for (const one of [payload, { ...payload, answered }, payload, { ...payload, answered }])
      await market.deliver('products', { type: 'ReviewAnswerChanged', payload: one })
    expect(await told(buyer)).toEqual([expect.objectContaining({ kind: 'REVIEW_ANSWERED', review: { id: payload.reviewId } })])
  })

  it('is said in the language of who reads it', async () => {
    const { buyer, ref } = await newOrder()
    await paid(ref)
    const text = async (locale: 'id' | 'en') => (await listOf(buyer, {}, locale)).notifications.edges[0]!.node.text
    expect(await text('en')).toBe('Your order from Toko Batik is paid.')
    expect(await text('id')).toBe('Pesanan Anda di Toko Batik sudah dibayar.')
  })
})

describe('a list of notifications', () => {
  it('goes on by pages, counts what is not read up to a hundred, and stays read up to where its account has seen it', async () => {
    const { buyer, ref } = await newOrder()
    // At the same moment: each gets a place of its own.
    const accepted = { type: 'OrderAccepted', payload: ref } as unknown as TestEvent
    await Promise.all(Array.from({ length: 101 }, () => tell(accepted)))
    const first = await listOf(buyer, { first: 100 })
    expect(first).toMatchObject({ unreadNotifications: 100, notifications: { pageInfo: { hasNextPage: true } } })
    const second = await listOf(buyer, { first: 100, after: first.notifications.pageInfo.endCursor })
    expect(second).toMatchObject({ notifications: { edges: [{}], pageInfo: { hasNextPage: false } } })
    const ids = [first, second].flatMap(({ notifications }) => notifications.edges.map(({ node }) => node.id))
    expect(new Set(ids).size).toBe(101)
    const [newest, next, third] = first.notifications.edges
    expect(await markRead(buyer, third!.cursor)).toEqual({ account: { unreadNotifications: 2 } })
    expect((await told(buyer, { unreadOnly: true })).map(({ id }) => id)).toEqual([newest!.node.id, next!.node.id])
    expect((await told(buyer, { first: 3 })).map(({ isRead }) => isRead)).toEqual([false, false, true])
    expect(await markRead(buyer, second.notifications.edges[0]!.cursor)).toEqual({ account: { unreadNotifications: 2 } })
    expect(await markRead(buyer, newest!.cursor)).toEqual({ account: { unreadNotifications: 0 } })
    await paid(ref)
    expect(await listOf(buyer, { unreadOnly: true })).toMatchObject({ unreadNotifications: 1, notifications: { edges: [{}] } })
  })

  it('is shown to nobody but its account, staff neither', async () => {
    const { buyer, owner, ref } = await newOrder()
    await paid(ref)
    const query = `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) {
      ... on User { notifications { edges { cursor } } unreadNotifications } } }`
    const seenBy = (as: AccountViewer) => market.ask({ query, variables: { id: buyer.id }, as })
    const nothing = [{ notifications: null, unreadNotifications: null }]
    expect(await seenBy(owner.viewer)).toEqual(nothing)
    expect(await seenBy(await market.staff('admin'))).toEqual(nothing)
    expect(await seenBy(buyer.viewer)).toMatchObject([{ notifications: { edges: [{}] }, unreadNotifications: 1 }])
  })

  it.each(['x', 'WzEuNV0', 'WyJhIl0', 'cDE'])('takes no text for a cursor that it has not given: %s', async (cursor) => {
    const { viewer } = await market.register()
    const asked = (operation: TestOperation) => market.refusalOf({ ...operation, as: viewer })
    expect(await asked({ query: ofMe, variables: { after: cursor } })).toMatchObject({ code: 'BAD_USER_INPUT' })
    const mutation = `mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { __typename } }`
    expect(await asked({ query: mutation, variables: { input: { upTo: cursor } } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('upTo') as string,
    })
  })

  it('forgets after ninety days', async () => {
    const { buyer, ref } = await newOrder()
    await paid(ref, { occurredAt: new Date(market.clock.now().getTime() - 91 * 86_400_000).toISOString() })
    await tell({ type: 'OrderShipped', payload: ref })
    await market.settle()
    expect(await kindsOf(buyer)).toEqual(['ORDER_SHIPPED'])
  })
})

describe('an account that is erased', () => {
  it('takes its notifications along, and is told nothing that comes late', async () => {
    const { buyer, ref } = await newOrder()
    await paid(ref)
    expect(await market.run('eraseMe', { password }, { as: buyer.viewer })).toMatchObject({ __typename: 'EraseMeSuccess' })
    await tell({ type: 'OrderShipped', payload: ref })
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    const left = `SELECT account_id FROM notification WHERE account_id = $1 UNION ALL SELECT account_id FROM notification_box WHERE account_id = $1`
    expect((await pool.query(left, [buyer.id])).rows).toEqual([])
    await stop()
  })
})

describe('who follows notifications', () => {
  const following = `subscription ($after: String) { notificationAdded(after: $after) {
    cursor notification { kind order { id } } account { unreadNotifications } } }`
  type Frame = { readonly cursor: string; readonly notification: Pick<Shown, 'kind'>; readonly account: object }
  const follow = async ({ viewer }: Asking, after?: string) => {
    const frames = await market.subscribe({ query: following, as: viewer, ...(after && { variables: { after } }) })
    const next = async () => {
      const { value } = (await frames.next()) as { value: { data: { notificationAdded: Frame } } }
      return value.data.notificationAdded
    }
    return { next, stop: () => frames.return?.() }
  }

  it('is sent what the account is told, as it is told, and what was missed behind a cursor of the stream or of the list', async () => {
    const { buyer, owner, ref } = await newOrder()
    let wakes = 0
    await market.bus.listen('users', buyer.id, () => void (wakes += 1))
    const live = await follow(buyer)
    const waiting = live.next()
    await paid({ ...ref, buyerId: owner.id })
    await paid(ref)
    const first = await waiting
    expect(wakes).toBe(1)
    expect(first).toMatchObject({
      notification: { kind: 'ORDER_PAID', order: { id: ref.orderId } },
      account: { unreadNotifications: 1 },
    })
    await live.stop()
    await tell({ type: 'OrderShipped', payload: ref })
    const [newest, oldest] = (await listOf(buyer)).notifications.edges
    expect(oldest!.cursor).toBe(first.cursor)
    for (const after of [first.cursor, oldest!.cursor]) {
      const again = await follow(buyer, after)
      expect(await again.next()).toMatchObject({ cursor: newest!.cursor, notification: { kind: 'ORDER_SHIPPED' } })
      await again.stop()
    }
    const all = await follow(buyer, 'START')
    expect([(await all.next()).notification.kind, (await all.next()).notification.kind]).toEqual(['ORDER_PAID', 'ORDER_SHIPPED'])
    await all.stop()
  })

  it('has to be signed in, and to come with a cursor of this market', async () => {
    const first = async (as?: AccountViewer, after?: string) => {
      const frames = await market.subscribe({ query: following, ...(as && { as }), ...(after && { variables: { after } }) })
      const { value } = (await frames.next()) as { value: { errors?: readonly { extensions: object }[] } }
      return value.errors?.[0]?.extensions
    }
    expect(await first()).toMatchObject({ code: 'UNAUTHENTICATED' })
    const { viewer } = await market.register()
    for (const after of ['x', Buffer.from('[7]').toString('base64url')])
      expect(await first(viewer, after)).toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})
