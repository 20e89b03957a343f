import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hours, openMarket, sellerOf, type Market, type Result } from './market.ts'
import { endVoucher, makeVoucher, termsOf, voucherShop, type VoucherView } from './voucher-shop.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.stop())

const newSeller = () => {
  const shopId = newId('shop')
  return { shopId, seller: sellerOf(shopId) }
}

const inHours = (count: number) => new Date(market.clock.now().getTime() + hours(count)).toISOString()

interface Lists {
  readonly vouchers: { readonly edges: readonly { readonly cursor: string; readonly node: VoucherView }[] } | null
  readonly listedVouchers: readonly VoucherView[]
}

/** A shop's vouchers as somebody sees them. */
async function listsOf(
  shopId: string,
  as: AccountViewer,
  { first = 20, after = null as string | null, reason = null as string | null } = {},
) {
  const node = 'id code state used uses version'
  const query = `query ($of: [_Any!]!, $first: Int, $after: String, $reason: String) { _entities(representations: $of) { ... on Shop {
    vouchers(first: $first, after: $after, reason: $reason) { edges { cursor node { ${node} } } } listedVouchers { ${node} } } } }`
  const variables = { of: [{ __typename: 'Shop', id: shopId }], first, after, reason }
  return (await market.data<{ _entities: [Lists] }>({ query, variables, as }))._entities[0]
}

describe('a shop that makes a voucher', () => {
  it.each([
    ['code', { code: 'AB1' }],
    ['code', { code: 'HEMAT 10' }],
    ['code', { code: 'A'.repeat(21) }],
    ['amount', { percent: 10, maxDiscount: 5_000 }],
    ['amount', { amount: null }],
    ['amount', { amount: 0 }],
    ['amount', { amount: 1_000_000_001 }],
    ['maxDiscount', { amount: null, percent: 10 }],
    ['maxDiscount', { maxDiscount: 5_000 }],
    ['percent', { amount: null, percent: 91, maxDiscount: 5_000 }],
    ['minimumSpend', { minimumSpend: 999 }],
    ['uses', { uses: 0 }],
    ['uses', { uses: 1_000_001 }],
    ['usesPerBuyer', { usesPerBuyer: 1_001 }],
    ['endsAt', { endsAt: '2020-01-01T00:00:00Z' }],
    ['endsAt', { endsAt: '2099-01-01T00:00:00Z' }],
    ['endsAt', { startsAt: '2098-01-01T00:00:00Z' }],
  ])('is told what is wrong with its %s: %o', async (field, change) => {
    const { shopId, seller } = newSeller()
    await expect(makeVoucher(market, seller, termsOf(market, shopId, change))).rejects.toThrow(`"field":"${field}"`)
  })

  it('has a code once, whatever became of its voucher, and another shop may have it, too', async () => {
    const { shopId, seller, voucherId } = await voucherShop(market)
    await endVoucher(market, seller, { voucherId })
    expect(await makeVoucher(market, seller, termsOf(market, shopId, { code: 'hemat10' }))).toMatchObject({
      __typename: 'VoucherCodeTaken',
      voucherCode: 'HEMAT10',
    })
    const other = newSeller()
    expect(await makeVoucher(market, other.seller, termsOf(market, other.shopId))).toMatchObject({
      __typename: 'CreateVoucherSuccess',
    })
  })

  it('makes one for the same key, and none for another wish with it', async () => {
    const { shopId, seller } = newSeller()
    const wish = termsOf(market, shopId)
    const results = await Promise.all(Array.from({ length: 5 }, () => makeVoucher(market, seller, wish)))
    expect(new Set(results.map(({ voucher }) => voucher?.id)).size).toBe(1)
    expect(await makeVoucher(market, seller, { ...wish, uses: 11 })).toMatchObject({ __typename: 'IdempotencyKeyReused' })
  })

  it('is nobody but its own seller', async () => {
    const { shopId, voucherId } = await voucherShop(market)
    const rival = newSeller().seller
    await expect(makeVoucher(market, rival, termsOf(market, shopId, { code: 'LAIN2026' }))).rejects.toThrow('FORBIDDEN')
    expect(await endVoucher(market, rival, { voucherId })).toMatchObject({ __typename: 'VoucherNotFound' })
    expect(await endVoucher(market, rival, { voucherId: newId('voucher') })).toMatchObject({ __typename: 'VoucherNotFound' })
  })

  it('has at most a hundred that are not over, also when several are made at once', async () => {
    const { shopId, seller } = newSeller()
    const make = (number: number) => makeVoucher(market, seller, termsOf(market, shopId, { code: `KODE${number}` }))
    const made: Result[] = []
    for (let number = 0; number < 99; number++) made.push(await make(number))
    const last = await Promise.all([make(99), make(100), make(101)])
    expect(last.map(({ __typename }) => __typename).toSorted()).toEqual([
      'CreateVoucherSuccess',
      'TooManyVouchers',
      'TooManyVouchers',
    ])
    await endVoucher(market, seller, { voucherId: (made[0]!['voucher'] as VoucherView).id })
    expect(await make(200)).toMatchObject({ __typename: 'CreateVoucherSuccess' })
  })
})

describe('a voucher that its shop ends', () => {
  it('is over at once, and stays so; who has seen another version is told', async () => {
    const { seller, voucherId } = await voucherShop(market)
    expect(await endVoucher(market, seller, { voucherId, expectedVersion: 7 })).toMatchObject({
      __typename: 'StaleVoucher',
      version: 1,
    })
    const ended = { __typename: 'EndVoucherSuccess', voucher: { state: 'ENDED', version: 2 } }
    expect(await endVoucher(market, seller, { voucherId, expectedVersion: 1 })).toMatchObject(ended)
    expect(await endVoucher(market, seller, { voucherId })).toMatchObject(ended)
  })

  it('leaves what was bought with it as it was bought', async () => {
    const shop = await voucherShop(market)
    const scene = shop.buys()
    const { checkout } = await shop.buy(scene)
    await endVoucher(market, shop.seller, { voucherId: shop.voucherId })
    await market.pay(checkout!.id, scene.buyer.accountId)
    expect(await market.readCheckout(checkout!.id, scene.buyer)).toMatchObject({ state: 'PAID', total: { amount: 99_000 } })
  })
})

describe("a shop's vouchers", () => {
  it('are listed for the shop with their uses, newest first and page by page; for others only what is shown and runs', async () => {
    const { shopId, seller, buy, used } = await voucherShop(market, { code: 'RAHASIA1' })
    const make = async (code: string, change: object) =>
      makeVoucher(market, seller, termsOf(market, shopId, { code, listed: true, ...change }))
    await make('NANTI', { startsAt: inHours(1) })
    await make('LAMA', { endsAt: inHours(48) })
    await make('SEGERA', { endsAt: inHours(24) })
    const gone = await make('SELESAI', {})
    await endVoucher(market, seller, { voucherId: gone.voucher!.id })
    const up = await make('HABIS', { uses: 1 })
    await buy(undefined, { vouchers: [{ shopId, code: 'HABIS' }] })
    await buy()
    expect(await used()).toBe(1)
    const codes = ['HABIS', 'SELESAI', 'SEGERA', 'LAMA', 'NANTI', 'RAHASIA1']
    const all = (await listsOf(shopId, seller)).vouchers!.edges
    expect(all.map(({ node }) => node.code).toSorted()).toEqual(codes.toSorted())
    expect(all.find(({ node }) => node.id === up.voucher!.id)!.node).toMatchObject({ used: 1, uses: 1 })
    const page = (await listsOf(shopId, seller, { first: 2 })).vouchers!.edges
    const next = (await listsOf(shopId, seller, { first: 100, after: page[1]!.cursor })).vouchers!.edges
    expect([...page, ...next].map(({ node }) => node.id)).toEqual(all.map(({ node }) => node.id))
    const seen = await listsOf(shopId, accountForTest())
    expect(seen.vouchers).toBeNull()
    expect(seen.listedVouchers).toMatchObject([
      { code: 'SEGERA', state: 'RUNNING', used: null, uses: null },
      { code: 'LAMA', used: null },
    ])
  })

  it('are seen by staff who say why, and that stands in the audit log', async () => {
    const { shopId } = await voucherShop(market)
    const support = accountForTest(['support'])
    await expect(listsOf(shopId, support)).rejects.toThrow('"field":"reason"')
    expect((await listsOf(shopId, support, { reason: 'Laporan pembeli' })).vouchers!.edges).toHaveLength(1)
    await market.settle()
    const acts = market.events('StaffActed').filter(({ aggregateId }) => aggregateId === support.accountId)
    expect(acts.map(({ payload }) => payload)).toMatchObject([
      { action: 'vouchers.list', subjectId: shopId, reason: 'Laporan pembeli' },
    ])
  })

  it('show staff how often they are used, also where everybody sees them listed, when the audit log says that they looked', async () => {
    const { shopId, voucherId } = await voucherShop(market, { listed: true })
    const support = accountForTest(['support'])
    const query = `query ($shop: ID!) { _entities(representations: [{ __typename: "Shop", id: $shop }]) { ... on Shop { listedVouchers { id uses used } } } }`
    const listed = (as = accountForTest()) => market.data<object>({ query, variables: { shop: shopId }, as })
    expect(await listed()).toEqual({ _entities: [{ listedVouchers: [{ id: voucherId, uses: null, used: null }] }] })
    expect(await listed(support)).toEqual({ _entities: [{ listedVouchers: [{ id: voucherId, uses: 10, used: 0 }] }] })
    await market.settle()
    const acts = market.events('StaffActed').filter(({ aggregateId }) => aggregateId === support.accountId)
    expect(acts.map(({ payload }) => payload)).toEqual([
      { actorId: support.accountId, action: 'vouchers.list', subjectId: shopId, reason: null },
    ])
  })
})
