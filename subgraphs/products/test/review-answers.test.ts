import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writtenReview } from './review-scene.ts'
import { act, makeProduct, makeShop, read, startMarket, type TestMarket, type TestShop } from './support.ts'

let market: TestMarket
let shop: TestShop
const support = accountForTest(['support'])
const reason = 'Menghina pembeli'

beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})

afterAll(() => market.stop())

/** A review, its author and what it is about. */
async function reviewed() {
  const buyer = accountForTest()
  const product = await makeProduct(market, shop)
  return { buyer, productId: product.productId, reviewId: await writtenReview(market, shop, { buyer, product }) }
}

const answer = (reviewId: string, text: string, as: AccountViewer = shop.seller) =>
  act(market, as, [
    'answerReview',
    { reviewId, text },
    '... on AnswerReviewSuccess { review { id answer { text answeredAt } } } ... on AnswerTakenDown { code reason message }',
  ])

/** The same of somebody who has seen a version of the review. */
const answerSeen = (reviewId: string, text: string, expectedVersion: unknown) =>
  act(market, shop.seller, [
    'answerReview',
    { reviewId, text, expectedVersion },
    '... on AnswerReviewSuccess { review { version answer { text } } } ... on StaleReview { code version message }',
  ])

/** The version of a review that a page shows. */
async function versionOf(reviewId: string): Promise<unknown> {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Review { version } } }`
  const { _entities } = await read(market, query, { variables: { r: [{ __typename: 'Review', id: reviewId }] } })
  return (_entities as { version: unknown }[])[0]!.version
}

const move = (field: string, reviewId: string, as = support) => act(market, as, [field, { reviewId, reason }])

/** What the page of a product shows below its only review; of what staff have decided, nobody is told who is not signed in. */
async function shownOn(productId: string, as?: AccountViewer): Promise<unknown> {
  const answer = as ? 'text moderation { reason }' : 'text'
  const query = `query ($id: ID!) { product(id: $id) { reviews { edges { node { answer { ${answer} } } } } } }`
  const { product } = await read(market, query, { variables: { id: productId }, ...(as && { as }) })
  return (product as { reviews: { edges: { node: { answer: unknown } }[] } }).reviews.edges[0]?.node.answer
}

/** What has been told of a review since it was written. */
async function toldOf(reviewId: string): Promise<readonly unknown[]> {
  await market.settle()
  const events = market.published.filter(
    ({ aggregateId, payload }) => aggregateId === reviewId || ('subjectId' in payload && payload.subjectId === reviewId),
  )
  return events.slice(1).map(({ type, payload }) => [type, payload])
}

describe('the answer of a shop to a review', () => {
  it('is read below it by everyone, can be put in other words, and be taken back', async () => {
    const { buyer, productId, reviewId } = await reviewed()
    expect(await shownOn(productId)).toBeNull()
    const answeredAt = market.clock.now().toISOString()
    const given = await answer(reviewId, ' Terima kasih! ')
    expect(given).toEqual({
      __typename: 'AnswerReviewSuccess',
      review: { id: reviewId, answer: { text: 'Terima kasih!', answeredAt } },
    })
    market.clock.advance(1_000)
    // The same words are no change.
    expect(await answer(reviewId, 'Terima kasih!')).toEqual(given)
    expect(await shownOn(productId)).toEqual({ text: 'Terima kasih!' })
    for (const as of [accountForTest(), shop.seller, support])
      expect(await shownOn(productId, as)).toEqual({ text: 'Terima kasih!', moderation: null })
    expect(await answer(reviewId, 'Terima kasih, kami tunggu lagi')).toMatchObject({
      review: { answer: { text: 'Terima kasih, kami tunggu lagi', answeredAt: market.clock.now().toISOString() } },
    })
    expect(await answer(reviewId, ' ')).toMatchObject({ review: { answer: null } })
    expect(await answer(reviewId, '')).toMatchObject({ review: { answer: null } })
    expect(await shownOn(productId)).toBeNull()
    const changed = { reviewId, productId }
    const answered = { authorId: buyer.accountId, shopId: shop.shopId }
    expect(await toldOf(reviewId)).toEqual(
      [{ ...changed, answered }, changed, changed].map((payload) => ['ReviewAnswerChanged', payload]),
    )
  })

  it('is one, also where two of the shop answer at the same moment', async () => {
    const { productId, reviewId } = await reviewed()
    const helper: AccountViewer = { ...accountForTest(['seller']), helpedShopIds: [shop.shopId] }
    const given = await Promise.all([answer(reviewId, 'Satu'), answer(reviewId, 'Dua', helper)])
    expect(given.map(({ __typename }) => __typename)).toEqual(['AnswerReviewSuccess', 'AnswerReviewSuccess'])
    expect(['Satu', 'Dua']).toContain(((await shownOn(productId)) as { text: string }).text)
  })

  it('writes over no answer that its seller has not seen, and is what it was when the same words come again', async () => {
    const { productId, reviewId } = await reviewed()
    const seen = await versionOf(reviewId)
    const given = await Promise.all([answerSeen(reviewId, 'Satu', seen), answerSeen(reviewId, 'Dua', seen)])
    const [first, late] = given.toSorted((a, b) => (String(a['__typename']) < String(b['__typename']) ? -1 : 1))
    const now = await versionOf(reviewId)
    expect(late).toMatchObject({ __typename: 'StaleReview', code: 'STALE_REVIEW', version: now })
    const { text } = (await shownOn(productId)) as { text: string }
    expect(first).toMatchObject({ __typename: 'AnswerReviewSuccess', review: { version: now, answer: { text } } })
    expect(await answerSeen(reviewId, text, seen)).toEqual(first)
    expect(await answerSeen(reviewId, 'Tiga', now)).toMatchObject({ review: { answer: { text: 'Tiga' } } })
    expect(await versionOf(reviewId)).not.toBe(now)
  })

  it('is not put below what staff have decided about since its seller looked, nor where its author was erased', async () => {
    const [decided, erased] = [await reviewed(), await reviewed()]
    const seen = await versionOf(decided.reviewId)
    expect(await versionOf(erased.reviewId)).toBe(seen)
    for (const field of ['takeDownReview', 'restoreReview']) await move(field, decided.reviewId)
    const { accountId } = erased.buyer
    await market.deliver('users', { type: 'AccountErased', id: `users:${accountId}`, payload: { accountId } })
    for (const { reviewId, productId } of [decided, erased]) {
      expect(await answerSeen(reviewId, 'Pak Budi, terima kasih', seen)).toMatchObject({ code: 'STALE_REVIEW' })
      expect(await shownOn(productId)).toBeNull()
    }
  })

  it('is given by whoever acts for the shop, and by nobody else', async () => {
    const { buyer, productId, reviewId } = await reviewed()
    const other = await makeShop(market)
    for (const as of [other.seller, { ...buyer, roles: ['seller'] as const }])
      expect((await answer(reviewId, 'Hai', as))['__typename']).toBe('ReviewNotFound')
    expect((await answer(newId('review'), 'Hai'))['__typename']).toBe('ReviewNotFound')
    const query = `mutation ($input: AnswerReviewInput!) { answerReview(input: $input) { __typename } }`
    const code = async (as?: AccountViewer) => {
      const { errors } = await market.execute({ query, variables: { input: { reviewId, text: 'Hai' } }, ...(as && { as }) })
      return errors?.[0]?.extensions['code']
    }
    expect([await code(), await code(buyer), await code(support)]).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN'])
    expect(await shownOn(productId)).toBeNull()
  })

  it.each([
    ['text', { text: 'x'.repeat(1_001) }],
    ['reviewId', { reviewId: 'prd_1' }],
  ])('is refused with a wrong %s', async (field, changes) => {
    const query = `mutation ($input: AnswerReviewInput!) { answerReview(input: $input) { __typename } }`
    const input = { reviewId: newId('review'), text: 'Hai', ...changes }
    const { errors } = await market.execute({ query, variables: { input }, as: shop.seller })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it('goes down with its review, to which nobody answers meanwhile, and comes back with it', async () => {
    const { buyer, productId, reviewId } = await reviewed()
    await answer(reviewId, 'Terima kasih!')
    await move('takeDownReview', reviewId)
    expect(await shownOn(productId)).toBeUndefined()
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Review { text answer { text } } } }`
    const variables = { r: [{ __typename: 'Review', id: reviewId }] }
    for (const as of [buyer, support])
      expect(await read(market, query, { variables, as })).toEqual({ _entities: [{ text: 'Barang bagus', answer: null }] })
    for (const words of ['Anda bohong', '']) expect((await answer(reviewId, words))['__typename']).toBe('ReviewNotFound')
    await move('restoreReview', reviewId)
    expect(await shownOn(productId)).toEqual({ text: 'Terima kasih!' })
  })

  it('goes with the account of whoever wrote the review', async () => {
    const { buyer, productId, reviewId } = await reviewed()
    await answer(reviewId, 'Terima kasih, Bu Ani!')
    await move('takeDownReviewAnswer', reviewId)
    const other = await reviewed()
    await answer(other.reviewId, 'Terima kasih, Bu Ani!')
    for (const { accountId } of [buyer, other.buyer])
      await market.deliver('users', { type: 'AccountErased', id: `users:${accountId}`, payload: { accountId } })
    for (const id of [productId, other.productId]) expect(await shownOn(id, shop.seller)).toBeNull()
    const { rows } = await market.database.query<{ kept: string }>('SELECT r::text AS kept FROM review r WHERE id = ANY($1)', [
      [reviewId, other.reviewId],
    ])
    expect(rows).toHaveLength(2)
    for (const { kept } of rows) for (const words of ['Bu Ani', reason]) expect(kept).not.toContain(words)
    expect((await toldOf(other.reviewId)).at(-1)).toEqual([
      'ReviewUnsigned',
      { reviewId: other.reviewId, productId: other.productId },
    ])
  })
})

describe('an answer that staff take down', () => {
  it('is read by its shop with the reason, and by nobody else but staff, whose look stands in the audit log', async () => {
    const { buyer, productId, reviewId } = await reviewed()
    await answer(reviewId, 'Anda bohong')
    expect(await move('takeDownReviewAnswer', reviewId)).toEqual({ __typename: 'TakeDownReviewAnswerSuccess' })
    const down = { text: 'Anda bohong', moderation: { reason } }
    for (const as of [undefined, buyer, accountForTest(), (await makeShop(market)).seller])
      expect(await shownOn(productId, as)).toBeNull()
    const helper: AccountViewer = { ...accountForTest(['seller']), helpedShopIds: [shop.shopId] }
    for (const as of [shop.seller, helper, support]) expect(await shownOn(productId, as)).toEqual(down)
    expect(await move('restoreReviewAnswer', reviewId)).toEqual({ __typename: 'RestoreReviewAnswerSuccess' })
    expect(await shownOn(productId)).toEqual({ text: 'Anda bohong' })
    const { accountId: actorId } = support
    const act = (action: string, why: string | null) => ['StaffActed', { actorId, action, subjectId: reviewId, reason: why }]
    const changed = ['ReviewAnswerChanged', { reviewId, productId }]
    const told = await toldOf(reviewId)
    expect(told).toHaveLength(6)
    expect(told.filter((event) => (event as unknown[])[0] === 'StaffActed')).toEqual([
      act('answer.takeDown', reason),
      act('answer.look', null),
      act('answer.restore', reason),
    ])
    const answered = { authorId: buyer.accountId, shopId: shop.shopId }
    const given = ['ReviewAnswerChanged', { reviewId, productId, answered }]
    expect(told.filter((event) => (event as unknown[])[0] !== 'StaffActed')).toEqual([given, changed, changed])
  })

  it('is neither put in other words nor taken back by its shop until they restore it', async () => {
    const { productId, reviewId } = await reviewed()
    await answer(reviewId, 'Anda bohong')
    await move('takeDownReviewAnswer', reviewId)
    for (const words of ['Anda pembohong', ''])
      expect(await answer(reviewId, words)).toEqual({
        __typename: 'AnswerTakenDown',
        code: 'ANSWER_TAKEN_DOWN',
        reason,
        message: expect.any(String) as string,
      })
    expect(await shownOn(productId, shop.seller)).toMatchObject({ text: 'Anda bohong' })
    await move('restoreReviewAnswer', reviewId)
    expect(await answer(reviewId, 'Maaf, kami salah')).toMatchObject({ review: { answer: { text: 'Maaf, kami salah' } } })
  })

  it('leaves the review, its stars and the reports about it', async () => {
    const { productId, reviewId } = await reviewed()
    await answer(reviewId, 'Anda bohong')
    await act(market, accountForTest(), ['report', { reviewId, reason: 'OFFENSIVE', note: 'Balasannya' }])
    for (let time = 0; time < 2; time += 1) await move('takeDownReviewAnswer', reviewId)
    const query = `query ($id: ID!, $filter: ReportFilter) { product(id: $id) { rating { count } reviews { edges { node { id } } } }
      reports(filter: $filter, reason: "Antrean harian") { edges { node { review { id answer { text } } } } } }`
    const variables = { id: productId, filter: { reviewId } }
    expect(await read(market, query, { variables, as: support })).toEqual({
      product: { rating: { count: 1 }, reviews: { edges: [{ node: { id: reviewId } }] } },
      reports: { edges: [{ node: { review: { id: reviewId, answer: { text: 'Anda bohong' } } } }] },
    })
  })

  it('is for staff to decide, of whom none wrote the review or acts for the shop, and is there to be taken down', async () => {
    const { buyer, reviewId } = await reviewed()
    for (const field of ['takeDownReviewAnswer', 'restoreReviewAnswer']) {
      expect((await move(field, reviewId))['__typename']).toBe('ReviewNotAnswered')
      expect((await move(field, newId('review')))['__typename']).toBe('ReviewNotFound')
    }
    await answer(reviewId, 'Terima kasih!')
    const code = async (field: string, as: AccountViewer) => {
      const query = `mutation ($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { __typename } }`
      const { errors } = await market.execute({ query, variables: { input: { reviewId, reason } }, as })
      return errors?.[0]?.extensions['code']
    }
    const ownStaff = [
      { ...buyer, roles: ['support'] as const },
      accountForTest(['seller', 'support'], [shop.shopId]),
      { ...accountForTest(['seller', 'support']), helpedShopIds: [shop.shopId] },
    ]
    for (const field of ['takeDownReviewAnswer', 'restoreReviewAnswer'])
      for (const as of [accountForTest(), shop.seller, ...ownStaff]) expect(await code(field, as)).toBe('FORBIDDEN')
  })
})
