import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bounds } from '../src/domain/bounds.ts'
import {
  act,
  makeDraft,
  makeProduct,
  makeShop,
  openImport,
  read,
  startMarket,
  text,
  type TestMarket,
  type TestShop,
} from './support.ts'

let market: TestMarket
let shop: TestShop
const support = accountForTest(['support'])

beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})
afterAll(() => market.stop())

type Row = Record<string, unknown>

const report = (as: AccountViewer, about: Row, changes: Row = {}) => {
  market.clock.advance(1_000)
  return act(market, as, [
    'report',
    { reason: 'COUNTERFEIT', ...about, ...changes },
    '... on ReportSuccess { reportId } ... on TooManyReports { code most message }',
  ])
}

/** Reviews of a product, as an import brings them. */
async function importReviews(productId: string, count: number): Promise<readonly string[]> {
  const imports = openImport(market)
  const review = { productId, rating: 1, text: 'Hubungi 0812 3456 7890', authorName: null, createdAt: market.clock.now() }
  const reviews = Array.from({ length: count }, () => ({ ...review, id: newId('review') }))
  await imports.run({ reviews })
  await imports.stop()
  return reviews.map(({ id }) => id)
}

interface Shown {
  readonly id: string
  readonly product: { readonly id: string } | null
  readonly review: { readonly id: string } | null
  readonly reason: string
  readonly note: string | null
  readonly reporter: { readonly id: string } | null
  readonly outcome: string | null
  readonly openReports: number | null
}

interface Page {
  readonly edges: readonly { readonly node: Shown }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
}

const node = 'id product { id } review { id } reason note reporter { id } outcome openReports'
const rest = `edges { node { ${node} } } pageInfo { hasNextPage endCursor }`

const queue = async (filter: Row, page: Row = {}, as: AccountViewer = support) => {
  const query = `query ($filter: ReportFilter, $first: Int, $after: String) {
    reports(filter: $filter, first: $first, after: $after, reason: "Antrean harian") { ${rest} } }`
  return (await read(market, query, { as, variables: { filter, ...page } }))['reports'] as Page
}

const open = async (filter: Row) => (await queue(filter)).edges.map((edge) => edge.node)

const ownOf = async (owner: AccountViewer, as: AccountViewer = owner) => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { reports { ${rest} } } } }`
  const variables = { r: [{ __typename: 'User', id: owner.accountId }] }
  const { _entities } = await read(market, query, { as, variables })
  return (_entities as [{ reports: Page | null }])[0].reports?.edges.map((edge) => edge.node) ?? null
}

const decide = async (field: string, about: Row, as = support) => act(market, as, [field, { ...about, reason: 'Sudah dilihat' }])

describe('a report', () => {
  it('waits for staff with its reason and words, and its own account sees what becomes of it', async () => {
    const [reporter, { productId }] = [accountForTest(), await makeProduct(market, shop)]
    const made = await report(reporter, { productId }, { note: ' Logonya salah ' })
    const shown = {
      id: text(made, 'reportId'),
      product: { id: productId },
      review: null,
      reason: 'COUNTERFEIT',
      note: 'Logonya salah',
    }
    const waiting = { ...shown, reporter: { id: reporter.accountId }, outcome: null }
    expect(await open({ productId })).toEqual([{ ...waiting, openReports: 1 }])
    expect(await ownOf(reporter)).toEqual([{ ...waiting, openReports: null }])
    for (const other of [accountForTest(), support]) expect(await ownOf(reporter, other)).toBeNull()
    await decide('takeDownProduct', { productId })
    expect(await open({ productId })).toEqual([])
    expect(await ownOf(reporter)).toMatchObject([{ outcome: 'TAKEN_DOWN' }])
  })

  it('is one for each account and thing while it is open, also where it is pressed twice at once', async () => {
    const [one, other, { productId }] = [accountForTest(), accountForTest(), await makeProduct(market, shop)]
    const pressed = await Promise.all([1, 2, 3].map(() => report(one, { productId })))
    expect(new Set(pressed.map((made) => text(made, 'reportId'))).size).toBe(1)
    await report(other, { productId }, { reason: 'UNSAFE' })
    expect((await open({ productId })).map(({ openReports }) => openReports)).toEqual([2, 2])
    expect(await decide('dismissReports', { productId })).toEqual({ __typename: 'DismissReportsSuccess' })
    expect(await open({ productId })).toEqual([])
    expect(await ownOf(other)).toMatchObject([{ outcome: 'DISMISSED' }])
    expect(text(await report(one, { productId }), 'reportId')).not.toBe(text(pressed[0], 'reportId'))
    expect(await open({ productId })).toHaveLength(1)
  })

  it('about a review is closed when that is taken down', async () => {
    const [reporter, { productId }] = [accountForTest(), await makeProduct(market, shop)]
    const [reviewId] = await importReviews(productId, 1)
    await report(reporter, { reviewId }, { reason: 'PERSONAL_DATA' })
    expect(await open({ reviewId })).toMatchObject([{ product: null, review: { id: reviewId }, reason: 'PERSONAL_DATA' }])
    await decide('takeDownReview', { reviewId })
    expect(await open({ reviewId })).toEqual([])
    expect(await ownOf(reporter)).toMatchObject([{ outcome: 'TAKEN_DOWN', review: null }])
    expect(await report(accountForTest(), { reviewId })).toEqual({ __typename: 'ReviewNotFound' })
  })

  it('that comes behind the decision is closed when its thing is taken down once more, and the audit log says so', async () => {
    const { productId } = await makeProduct(market, shop)
    const [reviewId] = await importReviews(productId, 1)
    const late = `INSERT INTO report (id, subject_id, reporter_id, reason, created_at) VALUES ($1, $2, 'usr_x', 'OTHER', now())`
    for (const [field, about] of [['takeDownReview', { reviewId }] as const, ['takeDownProduct', { productId }] as const]) {
      const [subjectId] = Object.values(about)
      await decide(field, about)
      expect(await report(accountForTest(), about)).toMatchObject({ __typename: expect.stringMatching(/NotFound$/) as string })
      await market.database.query(late, [newId('report'), subjectId])
      expect(await open(about)).toHaveLength(1)
      for (let time = 0; time < 2; time += 1) await decide(field, about)
      expect(await open(about)).toEqual([])
      await market.settle()
      const acts = market.published.flatMap((event) => (event.type === 'StaffActed' ? [event.payload] : []))
      expect(acts.filter((act) => act.subjectId === subjectId && act.action.endsWith('.takeDown'))).toHaveLength(2)
    }
  })

  it('is refused where an account makes too many within a day', async () => {
    const reporter = accountForTest()
    const { productId } = await makeProduct(market, shop)
    const most = bounds.reportsPerDayMax
    for (const reviewId of await importReviews(productId, most))
      expect(await report(reporter, { reviewId })).toMatchObject({ __typename: 'ReportSuccess' })
    const message = `An account can make at most ${most} reports within 24 hours.`
    expect(await report(reporter, { productId })).toEqual({
      __typename: 'TooManyReports',
      code: 'TOO_MANY_REPORTS',
      most,
      message,
    })
    expect(await report(accountForTest(), { productId })).toMatchObject({ __typename: 'ReportSuccess' })
    market.clock.advance(24 * 3_600_000)
    expect(await report(reporter, { productId })).toMatchObject({ __typename: 'ReportSuccess' })
  })

  it('is about what was for everyone once, and not about a draft', async () => {
    const [draft, withdrawn] = [await makeDraft(market, shop), await makeProduct(market, shop)]
    await act(market, shop.seller, ['withdrawProduct', { productId: withdrawn.productId }])
    expect(await report(accountForTest(), { productId: draft.productId })).toEqual({ __typename: 'ProductNotFound' })
    expect(await report(accountForTest(), { productId: newId('product') })).toEqual({ __typename: 'ProductNotFound' })
    expect(await report(accountForTest(), { productId: withdrawn.productId })).toMatchObject({ __typename: 'ReportSuccess' })
  })

  it.each([
    ['note', { productId: newId('product'), note: 'x'.repeat(bounds.reportNoteCharactersMax + 1) }],
    ['productId', {}],
    ['productId', { productId: newId('product'), reviewId: newId('review') }],
    ['reviewId', { reviewId: 'prd_1' }],
  ])('with a wrong %s is no report', async (field, changes) => {
    const query = `mutation ($input: ReportInput!) { report(input: $input) { __typename } }`
    const { errors } = await market.execute({
      query,
      variables: { input: { reason: 'OTHER', ...changes } },
      as: accountForTest(),
    })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it('loses its words and its account with the account, and still waits', async () => {
    const [reporter, { productId }] = [accountForTest(), await makeProduct(market, shop)]
    await report(reporter, { productId }, { note: 'Saya Ani, penjual aslinya' })
    const { accountId } = reporter
    await market.deliver('users', { type: 'AccountErased', id: `users:${accountId}`, payload: { accountId } })
    expect(await open({ productId })).toMatchObject([{ reason: 'COUNTERFEIT', note: null, reporter: null, openReports: 1 }])
    const { rows } = await market.database.query('SELECT 1 FROM report t WHERE t::text LIKE $1 OR t::text LIKE $2', [
      `%${accountId}%`,
      '%Ani%',
    ])
    expect(rows).toEqual([])
  })
})

describe('the reports of the market', () => {
  it('are read by staff by pages, the oldest first, and for some reasons only', async () => {
    const { productId } = await makeProduct(market, shop)
    const ids: string[] = []
    for (const reason of ['SPAM', 'UNSAFE', 'SPAM'])
      ids.push(text(await report(accountForTest(), { productId }, { reason }), 'reportId'))
    const first = await queue({ productId }, { first: 2 })
    const second = await queue({ productId }, { first: 2, after: first.pageInfo.endCursor })
    const idsOf = (page: Page) => page.edges.map((edge) => edge.node.id)
    expect([idsOf(first), idsOf(second)]).toEqual([ids.slice(0, 2), ids.slice(2)])
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
    expect((await open({ productId, reasons: ['SPAM'] })).map(({ id }) => id)).toEqual([ids[0], ids[2]])
  })

  it('are not told to staff of whose own they are', async () => {
    const { productId } = await makeProduct(market, shop)
    const [author, orderLineId] = [accountForTest(['support']), newId('orderLine')]
    const line = { orderLineId, variantId: newId('variant'), productId, sku: 'x', title: 'x', quantity: 1, unitPrice: 1 }
    const order = { orderId: newId('order'), checkoutId: newId('checkout'), buyerId: author.accountId, shopId: shop.shopId }
    await market.deliver('orders', { type: 'OrderCompleted', payload: { ...order, lines: [line] } })
    const written = [
      'submitReview',
      { orderLineId, rating: 1, text: 'Palsu' },
      '... on SubmitReviewSuccess { review { id } }',
    ] as const
    const reviewId = text(await act(market, author, written), 'review', 'id')
    const about = [{ productId }, { reviewId }]
    for (const one of about) await report(accountForTest(), one)
    const seller = accountForTest(['seller', 'support'], [shop.shopId])
    const found = (as: AccountViewer) => Promise.all(about.map(async (one) => (await queue(one, {}, as)).edges.length))
    const helper = { ...accountForTest(['seller', 'support']), helpedShopIds: [shop.shopId] }
    for (const own of [seller, helper]) expect(await found(own)).toEqual([0, 0])
    expect(await found(author)).toEqual([1, 0])
    expect(await found(accountForTest(['seller', 'support'], [newId('shop')]))).toEqual([1, 1])
    const subjects = (await queue({}, { first: 100 }, seller)).edges.map((edge) => edge.node.review?.id ?? edge.node.product?.id)
    expect(subjects).not.toContain(productId)
  })

  it('are not counted for staff whose own they are about, who have reported it themselves', async () => {
    const { productId } = await makeProduct(market, shop)
    const [reviewId] = await importReviews(productId, 1)
    const helper = { ...accountForTest(['seller', 'support']), helpedShopIds: [shop.shopId] }
    const counted = async (as: AccountViewer) => {
      for (const about of [{ productId }, { reviewId }]) await report(as, about)
      return (await ownOf(as))?.map(({ openReports }) => openReports)
    }
    expect(await counted(accountForTest(['support']))).toEqual([1, 1])
    for (const own of [helper, accountForTest(['seller', 'support'], [shop.shopId])])
      expect(await counted(own)).toEqual([null, null])
    expect(await counted(accountForTest(['support']))).toEqual([4, 4])
  })

  it('are for staff, who say why and leave a trace', async () => {
    const query = `query ($reason: String) { reports(reason: $reason) { edges { cursor } } }`
    const ask = async (reason: string | null, as?: AccountViewer) =>
      (await market.execute({ query, variables: { reason }, ...(as && { as }) })).errors?.[0]?.extensions['code']
    expect(await ask('x')).toBe('UNAUTHENTICATED')
    for (const as of [accountForTest(), shop.seller]) expect(await ask('x', as)).toBe('FORBIDDEN')
    for (const reason of [null, ' ']) expect(await ask(reason, support)).toBe('BAD_USER_INPUT')
    expect(await ask('Aduan 12', support)).toBeUndefined()
    await market.settle()
    expect(market.published.at(-1)).toMatchObject({
      type: 'StaffActed',
      payload: { actorId: support.accountId, action: 'reports.list', subjectId: 'reports', reason: 'Aduan 12' },
    })
  })

  it('are dismissed by staff who have no part in it, and the audit log says why', async () => {
    const { productId } = await makeProduct(market, shop)
    await report(accountForTest(), { productId })
    const query = `mutation ($input: DismissReportsInput!) { dismissReports(input: $input) { __typename } }`
    for (const as of [accountForTest(), accountForTest(['seller', 'support'], [shop.shopId])]) {
      const { errors } = await market.execute({ query, variables: { input: { productId, reason: 'Saya saja' } }, as })
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
    }
    expect(await open({ productId })).toHaveLength(1)
    for (let time = 0; time < 2; time += 1) await decide('dismissReports', { productId }, market.admin)
    await market.settle()
    const acts = market.published.flatMap((event) => (event.type === 'StaffActed' ? [event.payload] : []))
    expect(acts.filter(({ action, subjectId }) => action === 'reports.dismiss' && subjectId === productId)).toEqual([
      { actorId: market.admin.accountId, action: 'reports.dismiss', subjectId: productId, reason: 'Sudah dilihat' },
    ])
    expect(await decide('dismissReports', { reviewId: newId('review') })).toEqual({ __typename: 'ReviewNotFound' })
  })
})
