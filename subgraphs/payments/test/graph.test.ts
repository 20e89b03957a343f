import { newId, type Id } from '@pasar/shared/ids'
import { encodeCursor } from '@pasar/shared/subgraph/page'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { account, openMarket, staff, type Asked, type Market } from './market.ts'

let market: Market
let asked: Asked
let strangers: readonly (readonly [string, Viewer])[]
let buyer: Viewer
let seller: Viewer
beforeAll(async () => {
  market = await openMarket()
  const shops = [newId('shop'), newId('shop')]
  asked = await market.ask({ orders: [[100_000, 15_000], [40_000, 0]], shopIds: shops }) // prettier-ignore
  await market.says(asked, 'settlement')
  await market.completed(asked, 0)
  await market.cancelled(asked, 1)
  await market.settle()
  buyer = account(asked.buyerId)
  seller = account(newId('account'), ['seller'], [shops[0]!])
  strangers = [
    ['a guest', { kind: 'guest' }],
    ['another buyer', account(newId('account'))],
    ['another seller', account(newId('account'), ['seller'], [newId('shop')])],
  ]
})
afterAll(() => market.close())

const entities = async <T>(viewer: Viewer, representations: readonly { __typename: string; id: string }[], selection: string) => {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`
  const { data, errors } = await market.execute<{ _entities: readonly T[] }>({
    query,
    variables: { of: representations },
    as: viewer,
  })
  if (!data) throw new Error(errors?.[0]?.message)
  return data._entities
}
const noted = async (action: string) => {
  await market.settle()
  return market.published.flatMap((event) =>
    event.type === 'StaffActed' && event.payload.action === action ? [event.payload] : [],
  )
}
const ofOrder = (index: number) => ({ __typename: 'Order', id: asked.orders[index]!.orderId })
const everything = () => [
  { __typename: 'Payment', id: asked.paymentId },
  { __typename: 'Checkout', id: asked.checkoutId },
  ofOrder(0),
  { __typename: 'Shop', id: asked.orders[0]!.shopId },
  { __typename: 'User', id: asked.buyerId },
]
const fields = `... on Payment { id state } ... on Checkout { payment { id } } ... on Order { settlement { held { amount } } refunds { edges { node { id } } } }
  ... on Shop { balance { available { amount } held { amount } } } ... on User { walletBalance { amount } }`

describe('who sees what of the money, also when asked for by id', () => {
  it('shows strangers nothing', async () => {
    for (const [name, viewer] of strangers) {
      const expected = [
        null,
        { payment: null },
        { settlement: null, refunds: { edges: [] } },
        { balance: null },
        { walletBalance: null },
      ]
      expect(await entities(viewer, everything(), fields), name).toEqual(expected)
    }
  })
  it("shows the buyer the payment and the balance, and not the seller's side", async () => {
    expect(await entities(buyer, everything(), fields)).toEqual([
      { id: asked.paymentId, state: 'CAPTURED' },
      { payment: { id: asked.paymentId } },
      { settlement: null, refunds: { edges: [] } },
      { balance: null },
      { walletBalance: { amount: 40_000 } },
    ])
  })
  it("shows the seller the own orders' settlement and the shop's balance, and not the buyer's side", async () => {
    expect(await entities(seller, [...everything(), ofOrder(1)], fields)).toEqual([
      null,
      { payment: null },
      { settlement: { held: { amount: 0 } }, refunds: { edges: [] } },
      { balance: { available: { amount: 91_766 }, held: { amount: 0 } } },
      { walletBalance: null },
      { settlement: null, refunds: { edges: [] } },
    ])
  })
  it('shows support everything, and each look is in the audit log', async () => {
    const support = staff('support')
    const [payment, checkout, order, shop, user] = await entities<Record<string, unknown>>(support, everything(), fields)
    expect(
      [payment, checkout?.['payment'], order?.['settlement'], shop?.['balance'], user?.['walletBalance']].every(Boolean),
    ).toBe(true)
    for (const [action, subjectId] of [
      ['payment.look', asked.paymentId],
      ['settlement.look', asked.orders[0]!.orderId],
      ['shop-balance.look', asked.orders[0]!.shopId],
      ['wallet.look', asked.buyerId],
    ] as const)
      expect(
        (await noted(action)).some((act) => act.actorId === support.accountId && act.subjectId === subjectId),
        action,
      ).toBe(true)
  })

  it('notes all that support looks at in one step at once, and each look once, whatever else is looked at there', async () => {
    const support = staff('support')
    const before = market.statements.length
    const twice = 'settlement { held { amount } } first: refunds(first: 1) { edges { cursor } } refunds { edges { cursor } }'
    await entities(support, [ofOrder(0), ofOrder(1)], `... on Order { ${twice} }`)
    const writes = market.statements.slice(before).filter((text) => text.includes('INSERT INTO outbox_event'))
    const looks = async (action: string) => (await noted(action)).filter(({ actorId }) => actorId === support.accountId)
    const ids = (acts: readonly { readonly subjectId: string }[]) => acts.map(({ subjectId }) => subjectId).toSorted()
    const orders = asked.orders.map(({ orderId }) => orderId).toSorted()
    expect([ids(await looks('settlement.look')), ids(await looks('refund.look')), writes.length]).toEqual([orders, orders, 1])
  })
})

describe('payment(id)', () => {
  const query = `query ($id: ID!, $reason: String) { payment(id: $id, reason: $reason) { id method amount { formatted } checkout { id }
    instructions { kind bank vaNumber expiresAt } events(first: 1) { edges { cursor node { providerStatus outcome } } pageInfo { hasNextPage endCursor } } } }`
  it('tells the buyer how it was to be paid and what the provider said, page by page', async () => {
    const { data, errors } = await market.execute<{ payment: Record<string, never> }>({
      query,
      variables: { id: asked.paymentId },
      as: buyer,
    })
    expect(errors).toBeUndefined()
    expect(data?.payment).toMatchObject({
      method: 'BCA_VA',
      amount: { formatted: 'Rp155.000' },
      checkout: { id: asked.checkoutId },
      instructions: { kind: 'VIRTUAL_ACCOUNT', bank: 'bca', vaNumber: '812345678901' },
      events: { edges: [{ node: { providerStatus: 'pending', outcome: 'APPLIED' } }], pageInfo: { hasNextPage: true } },
    })
  })
  it('is not there for others', async () => {
    for (const [name, viewer] of strangers) {
      const { data, errors } = await market.execute<{ payment: unknown }>({
        query,
        variables: { id: asked.paymentId },
        as: viewer,
      })
      expect(data?.payment ?? null, name).toBeNull()
      expect(errors?.[0]?.extensions?.['code']).toBe(viewer.kind === 'guest' ? 'UNAUTHENTICATED' : undefined)
    }
  })
  it("keeps support's reason in the audit log, and bounds it", async () => {
    const support = staff('support')
    await market.execute({ query, variables: { id: asked.paymentId, reason: ' a complaint ' }, as: support })
    expect(await noted('payment.look')).toContainEqual({
      actorId: support.accountId,
      action: 'payment.look',
      subjectId: asked.paymentId,
      reason: 'a complaint',
    })
    const long = { id: asked.paymentId, reason: 'x'.repeat(500) }
    expect((await market.execute({ query, variables: long, as: support })).errors).toBeUndefined()
    const { errors } = await market.execute({ query, variables: { ...long, reason: `${long.reason}x` }, as: support })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'reason' })
  })
  it('names what is wrong with an id', async () => {
    const { errors } = await market.execute({ query, variables: { id: asked.checkoutId }, as: buyer })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'id' })
  })
})

describe('the settlement of an order', () => {
  it("has rows that sum exactly to the ledger's postings of that order's escrow", async () => {
    const selection = `... on Order { settlement { rows { kind amount { amount } } held { amount } } refunds { edges { node { amount { amount } destination state order { id } } } } }`
    type Row = { kind: string; amount: { amount: number } }
    const [released, refunded] = await entities<{ settlement: { rows: Row[]; held: { amount: number } } }>(
      staff('support'),
      [ofOrder(0), ofOrder(1)],
      selection,
    )
    const rows = (of: typeof released) => of!.settlement.rows.map(({ kind, amount }) => [kind, amount.amount])
    expect(rows(released)).toEqual([
      ['ITEMS', 100_000],
      ['SHIPPING', 15_000],
      ['SELLER_SHARE', -91_766],
      ['COURIER_SHARE', -15_000],
      ['COMMISSION', -4_000],
      ['PAYMENT_FEE', -2_968],
      ['VAT', -766],
      ['INCOME_TAX', -500],
    ])
    expect(rows(refunded)).toEqual([['ITEMS', 40_000], ['REFUND', -40_000]]) // prettier-ignore
    for (const [index, settlement] of [released!.settlement, refunded!.settlement].entries()) {
      const sql = 'SELECT -sum(amount)::int AS sum FROM posting WHERE account_id = $1'
      const { rows } = await market.sql.query<{ sum: number }>(sql, [`ESCROW:${asked.orders[index]!.orderId}`])
      expect(settlement.held.amount).toBe(rows[0]!.sum)
    }
    expect(refunded).toMatchObject({
      refunds: {
        edges: [
          {
            node: { amount: { amount: 40_000 }, destination: 'WALLET_BALANCE', state: 'COMPLETED', order: { id: ofOrder(1).id } },
          },
        ],
      },
    })
  })
})

describe('the ledger for staff', () => {
  const trial = `{ trialBalance(reason: "month end") { rows { kind accounts debit { amount } credit { amount } balance { amount } } debit { amount } credit { amount } sum { amount } } }`
  it('balances, and the look is in the audit log', async () => {
    const support = staff('support')
    const { data } = await market.execute<{
      trialBalance: Record<string, { amount: number }> & { rows: { kind: string; balance: { amount: number } }[] }
    }>({ query: trial, as: support })
    const { rows, debit, credit, sum } = data!.trialBalance
    expect(Object.fromEntries(rows.map(({ kind, balance }) => [kind, balance.amount]))).toEqual({
      PROVIDER_CLEARING: 155_000,
      ESCROW: 0,
      SELLER_BALANCE: -91_766,
      COMMISSION: -4_000,
      PAYMENT_FEE: -2_968,
      VAT_PAYABLE: -766,
      INCOME_TAX_PAYABLE: -500,
      COURIER_COSTS: -15_000,
      BUYER_WALLET: -40_000,
    })
    expect([sum?.amount, debit?.amount]).toEqual([0, credit?.amount])
    expect((await noted('ledger.trial-balance')).at(-1)).toMatchObject({ actorId: support.accountId, reason: 'month end' })
  })
  it('is closed to everyone else', async () => {
    for (const [viewer, code] of [
      [buyer, 'FORBIDDEN'],
      [seller, 'FORBIDDEN'],
      [{ kind: 'guest' } as const, 'UNAUTHENTICATED'],
    ] as const)
      // prettier-ignore
      expect((await market.execute({ query: trial, as: viewer })).errors?.[0]?.extensions?.['code']).toBe(code)
    const journals = await market.execute({ query: '{ ledgerJournals { edges { cursor } } }', as: staff('support') })
    expect(journals.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  })
  it('lists journals newest first, page by page, by kind, order and time', async () => {
    const query = `query ($filter: LedgerJournalFilter, $first: Int, $after: String) { ledgerJournals(filter: $filter, first: $first, after: $after) {
      edges { node { kind reference postings { accountKind ownerId purpose amount { amount } } } } pageInfo { hasNextPage endCursor } } }`
    type Page = {
      edges: { node: { kind: string; postings: { amount: { amount: number } }[] } }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
    const list = async (variables: object) =>
      (await market.execute<{ ledgerJournals: Page }>({ query, variables: { ...variables }, as: staff('admin') })).data!
        .ledgerJournals
    const kinds = ({ edges }: Page) => edges.map(({ node }) => node.kind)
    const first = await list({ first: 2 })
    const rest = await list({ first: 2, after: first.pageInfo.endCursor })
    expect([...kinds(first), ...kinds(rest)]).toEqual(['REFUND', 'RELEASE', 'CAPTURE'])
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false])
    for (const { node } of first.edges) expect(node.postings.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(0)
    expect(kinds(await list({ filter: { kind: 'CAPTURE' } }))).toEqual(['CAPTURE'])
    expect(kinds(await list({ filter: { orderId: asked.orders[0]!.orderId } }))).toEqual(['RELEASE', 'CAPTURE'])
    expect(kinds(await list({ filter: { to: '2026-01-01T00:00:00Z' } }))).toEqual([])
  })
  it.each([
    ['ledgerJournals', 'LedgerJournalFilter', { orderId: '' }],
    ['chargeRules', 'ChargeRuleFilter', { shopId: '' }],
  ])('shows not everything where %s is asked for one thing and its id is empty', async (field, type, filter) => {
    const query = `query ($filter: ${type}) { ${field}(filter: $filter) { edges { cursor } } }`
    const { errors } = await market.execute({ query, variables: { filter }, as: staff('admin') })
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
  })
})

describe('a cursor of another list', () => {
  it.each(['courierDues', 'shopDebts', 'heldWithdrawals'])('is refused by %s', async (list) => {
    const query = `query ($after: String) { ${list}(after: $after) { edges { cursor } } }`
    const { errors } = await market.execute({ query, variables: { after: encodeCursor([5]) }, as: staff('admin') })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  })

  it('is refused by what hangs on an order, a payment or a shop', async () => {
    const of = [
      { __typename: 'Order', id: asked.orders[0]!.orderId },
      { __typename: 'Payment', id: asked.paymentId },
      { __typename: 'Shop', id: asked.orders[0]!.shopId },
    ]
    const query = `query ($of: [_Any!]!, $after: String) { _entities(representations: $of) {
      ... on Order { refunds(after: $after) { edges { cursor } } }
      ... on Payment { backToBuyer: refunds(after: $after) { edges { cursor } } }
      ... on Shop { withdrawals(after: $after) { edges { cursor } } } } }`
    const { errors } = await market.execute({ query, variables: { of, after: encodeCursor([5]) }, as: staff('admin') })
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(Array(3).fill('BAD_USER_INPUT'))
  })
})

describe('ways to pay', () => {
  const query = `query ($amount: MinorUnits!) { paymentMethods(amount: $amount) { method available minimum { amount } refundsTo refundWindowDays } }`
  it('say which take an amount', async () => {
    const { data } = await market.execute<{ paymentMethods: { method: string; available: boolean }[] }>({
      query,
      variables: { amount: 15_000_000 },
    })
    const unavailable = data!.paymentMethods.filter(({ available }) => !available).map(({ method }) => method)
    expect([data!.paymentMethods.length, unavailable]).toEqual([17, ['QRIS', 'OVO', 'DANA', 'WALLET', 'COD']])
  })
  it.each([0, -5, 2 ** 53, '15000'])('refuse the amount %j', async (amount) => {
    const { errors } = await market.execute({ query, variables: { amount } })
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
  })
})

describe('statements', () => {
  const cost = async (count: number) => {
    const shop: Id<'shop'> = newId('shop')
    const many = await market.ask({
      orders: Array.from({ length: count }, () => [10_000, 500] as const),
      shopIds: Array.from({ length: count }, () => shop),
    })
    await market.says(many, 'settlement')
    await market.settle()
    const viewer = account(many.buyerId, ['seller'], [shop])
    const of = [
      ...many.orders.map(({ orderId }) => ({ __typename: 'Order', id: orderId })),
      { __typename: 'Checkout', id: many.checkoutId },
      { __typename: 'Shop', id: shop },
      { __typename: 'User', id: many.buyerId },
    ]
    const selection = `... on Order { settlement { rows { kind } } refunds { edges { cursor } } } ... on Checkout { payment { state events { edges { cursor } } } }
      ... on Shop { balance { available { amount } } } ... on User { walletBalance { amount } }`
    const before = market.statements.length
    await entities(viewer, of, selection)
    return market.statements.length - before
  }
  it('for entities do not grow with their number', async () => {
    const few = await cost(2)
    expect([few, await cost(60)]).toEqual([8, 8])
  })
  it('for a page of journals do not grow with its length', async () => {
    const query = `query ($first: Int!) { ledgerJournals(first: $first) { edges { node { postings { purpose } } } } }`
    const count = async (first: number) => {
      const before = market.statements.length
      await market.execute({ query, variables: { first }, as: staff('admin') })
      return market.statements.length - before
    }
    expect(await count(1)).toBe(await count(100))
  })
})
