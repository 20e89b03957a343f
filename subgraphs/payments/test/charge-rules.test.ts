import { newId, type Id } from '@pasar/shared/ids'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { account, openMarket, staff, type Asked, type Market } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const admin = staff('admin')
const problems = `... on ChargeRuleExists { code message } ... on ChargeRuleInThePast { code message } ... on IdempotencyKeyReused { code }`
const add = (kind: 'CommissionRule' | 'PaymentFeeRule' | 'ShopTaxRule') =>
  `mutation ($input: Add${kind}Input!) { add${kind}(input: $input) { __typename ... on Add${kind}Success { rule { id validFrom } } ${problems} } }`
interface Added {
  readonly __typename: string
  readonly code?: string
  readonly message?: string
  readonly rule?: { readonly id: string; readonly validFrom: string }
}
const say = async (kind: Parameters<typeof add>[0], rule: object, as = admin): Promise<Added> => {
  const input = { note: 'Rapat 12 November', idempotencyKey: newId('movement'), ...rule }
  const { data, errors } = await market.execute<Record<string, Added>>({ query: add(kind), variables: { input }, as })
  if (!data) throw new Error(JSON.stringify(errors?.[0]?.extensions))
  return Object.values(data)[0]!
}
const hours = (n: number) => new Date(market.clock.now().getTime() + n * 3_600_000).toISOString()

interface Stored {
  readonly commission: readonly { readonly basisPoints: number }[]
  readonly paymentFee: string
  readonly incomeTaxExempt: boolean
  readonly vatRegistered: boolean
}
const termsOf = async ({ orders }: Asked): Promise<Stored> =>
  (await market.sql.query<{ terms: Stored }>('SELECT terms FROM payment_order WHERE order_id = $1', [orders[0]!.orderId]))
    .rows[0]!.terms
const charged = async (shop: Id<'shop'>, method = 'BCA_VA') => termsOf(await market.ask({ method, shopIds: [shop] }))
const points = async (shop: Id<'shop'>) => (await charged(shop)).commission[0]!.basisPoints

describe('a rule by which sellers are charged', () => {
  it('counts from its time on, and what was paid for before stays as it was', async () => {
    const shopId = newId('shop')
    const before = await market.ask({ shopIds: [shopId] })
    expect(await say('CommissionRule', { shopId, basisPoints: 250 })).toMatchObject({ __typename: 'AddCommissionRuleSuccess' })
    await say('CommissionRule', { shopId, basisPoints: 100, validFrom: hours(1) })
    expect([await points(shopId), (await termsOf(before)).commission[0]!.basisPoints]).toEqual([250, 400])
    market.clock.advance(3_600_000)
    expect([await points(shopId), await points(newId('shop'))]).toEqual([100, 400])
  })

  it('says what payments cost, and what the tax office knows of a shop', async () => {
    const shopId = newId('shop')
    await say('PaymentFeeRule', { method: 'GOPAY', fixedAmount: 500, basisPoints: 100 })
    await say('ShopTaxRule', { shopId, incomeTaxExempt: true, vatRegistered: false })
    expect(await charged(shopId, 'GOPAY')).toMatchObject({ paymentFee: '1650', incomeTaxExempt: true, vatRegistered: false })
    market.clock.advance(1_000)
    await say('ShopTaxRule', { shopId, incomeTaxExempt: false, vatRegistered: true })
    expect(await charged(shopId)).toMatchObject({ incomeTaxExempt: false, vatRegistered: true })
  })

  it('does not begin in the past, nor twice at the same moment', async () => {
    const shopId = newId('shop')
    const rule = { shopId, basisPoints: 250 }
    expect(await say('CommissionRule', { ...rule, validFrom: hours(-1) })).toMatchObject({ code: 'CHARGE_RULE_IN_THE_PAST' })
    const validFrom = hours(2)
    const all = await Promise.all([1, 2, 3, 4].map(() => say('CommissionRule', { ...rule, validFrom })))
    expect(all.map(({ __typename }) => __typename).toSorted()).toEqual([
      'AddCommissionRuleSuccess',
      ...Array.from({ length: 3 }, () => 'ChargeRuleExists'),
    ])
  })

  it('is not said to exist where only its number is taken, as in a copy of the books whose server was ended at once', async () => {
    const rule = { shopId: newId('shop'), basisPoints: 250, idempotencyKey: newId('movement') }
    const owner = new pg.Client({ connectionString: market.ownerUrl })
    await owner.connect()
    await owner.query(`SELECT setval('commission_rule_id_seq', 1, false)`)
    await owner.end()
    const said: string[] = []
    // Whoever is told that something broke comes again with the same key.
    while (said.at(-1) !== 'AddCommissionRuleSuccess' && said.length < 50)
      said.push((await say('CommissionRule', rule).catch(() => ({ __typename: 'nothing' }))).__typename)
    expect(said).not.toContain('ChargeRuleExists')
    expect(said.at(-1)).toBe('AddCommissionRuleSuccess')
  })

  it('is added once per key, by admin alone, and stands in the audit log with its reason', async () => {
    const rule = { shopId: newId('shop'), basisPoints: 10, idempotencyKey: newId('movement'), note: 'Toko pilihan' }
    const [first, again] = [await say('CommissionRule', rule), await say('CommissionRule', rule)]
    expect(again).toEqual(first)
    expect(await say('CommissionRule', { ...rule, basisPoints: 11 })).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    await market.settle()
    expect(market.published.flatMap(({ type, payload }) => (type === 'StaffActed' ? [payload] : []))).toContainEqual({
      actorId: admin.accountId,
      action: 'charges.addCommissionRule',
      subjectId: first.rule!.id,
      reason: 'Toko pilihan',
    })
    for (const as of [staff('support'), account(newId('account'), ['seller'], [rule.shopId])])
      await expect(say('CommissionRule', { ...rule, idempotencyKey: 'other' }, as)).rejects.toThrow('FORBIDDEN')
    await expect(say('CommissionRule', { ...rule, basisPoints: 10_001 })).rejects.toThrow('basisPoints')
    await expect(say('PaymentFeeRule', { fixedAmount: -1, basisPoints: 0 })).rejects.toThrow('fixedAmount')
    await expect(say('CommissionRule', { ...rule, note: ' ' })).rejects.toThrow('note')
  })

  it('is never changed nor taken away, whoever tries', async () => {
    for (const table of ['commission_rule', 'payment_fee_rule', 'shop_tax_rule'])
      for (const change of [`UPDATE ${table} SET valid_from = now()`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])
        await expect(market.sql.query(change)).rejects.toThrow(/append-only|permission denied/)
  })

  it('is listed for staff, the newest first, page by page', async () => {
    const shopId = newId('shop')
    for (const hour of [1, 2, 3]) await say('CommissionRule', { shopId, basisPoints: hour, validFrom: hours(hour) })
    await say('ShopTaxRule', { shopId, incomeTaxExempt: true, vatRegistered: true })
    const query = `query ($filter: ChargeRuleFilter, $after: String) { chargeRules(filter: $filter, first: 2, after: $after) { pageInfo { endCursor hasNextPage }
      edges { node { __typename ... on CommissionRule { basisPoints shop { id } } ... on PaymentFeeRule { method fixedAmount { amount } } ... on ShopTaxRule { incomeTaxExempt } } } } }`
    type Page = { chargeRules: { pageInfo: { endCursor: string; hasNextPage: boolean }; edges: { node: object }[] } }
    const read = async (filter: object, after?: string) =>
      (await market.execute<Page>({ query, variables: { filter, after }, as: staff('support') })).data!.chargeRules
    const first = await read({ shopId })
    const rest = await read({ shopId }, first.pageInfo.endCursor)
    const rule = (basisPoints: number) => ({ __typename: 'CommissionRule', basisPoints, shop: { id: shopId } })
    expect([...first.edges, ...rest.edges].map(({ node }) => node)).toEqual([
      rule(3),
      rule(2),
      rule(1),
      { __typename: 'ShopTaxRule', incomeTaxExempt: true },
    ])
    expect(rest.pageInfo.hasNextPage).toBe(false)
    expect((await read({ kind: 'PAYMENT_FEE' })).edges[0]!.node).toMatchObject({ __typename: 'PaymentFeeRule' })
    const { errors } = await market.execute({ query, as: account(newId('account'), ['seller']) })
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  })
})
