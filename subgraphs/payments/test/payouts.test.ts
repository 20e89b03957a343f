import { json } from '@pasar/shared/http/server'
import { newId, type Id } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { account, brokenRules, openMarket, type Market } from './market.ts'
import type { ProviderForTest } from './provider-for-test.ts'
import { sellerWithBank, withdrawAll } from './withdrawing.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(async () => {
  Object.assign(market.provider, { down: undefined, losesAnswers: false, refusesPayouts: undefined, holdsPayouts: undefined })
  expect(await brokenRules(market.sql)).toEqual([])
})
afterAll(() => market.close())

const balance = async (id: string) => (await market.ledger()).balances[id] ?? 0n
const stateOf = async (id: string) =>
  (await market.sql.query<{ state: string }>('SELECT state FROM withdrawal WHERE id = $1', [id])).rows[0]!.state

/** A shop that has 90,620 from one order. */
async function paidShop(): Promise<Id<'shop'>> {
  const shop: Id<'shop'> = newId('shop')
  const asked = await market.ask({ shopIds: [shop], orders: [[100_000, 0]] }) // prettier-ignore
  await market.says(asked, 'settlement')
  await market.completed(asked)
  return shop
}

/** A withdrawal that the provider has taken, of all that a shop has. */
async function sent() {
  const shop = await paidShop()
  const id = await withdrawAll(market, shop)
  await market.settle()
  return {
    shop,
    id,
    told: () => market.published.filter(({ aggregateId, type }) => aggregateId === id && type === 'WithdrawalEnded'),
  }
}

it('two withdrawals in one request each show what they have left in the shop', async () => {
  const { as, wish } = await sellerWithBank(market, await paidShop())
  const query = `mutation ($one: WithdrawInput!, $two: WithdrawInput!) {
    one: withdraw(input: $one) { ...Left } two: withdraw(input: $two) { ...Left } }
    fragment Left on WithdrawSuccess { withdrawal { shop { balance { available { amount } inTransit { amount } } } } }`
  const { data } = await market.execute({ query, variables: { one: wish(20_000), two: wish(30_000) }, as })
  const left = (available: number, inTransit: number) => ({
    withdrawal: { shop: { balance: { available: { amount: available }, inTransit: { amount: inTransit } } } },
  })
  expect(data).toEqual({ one: left(70_620, 20_000), two: left(40_620, 50_000) })
})

describe('what the provider says of a payout', () => {
  it('has one effect, told once or many times, one after the other or all at once', async () => {
    const { id, shop, told } = await sent()
    const clearing = await balance('PROVIDER_CLEARING')
    await Promise.all([1, 2, 3, 4].map(() => market.payoutSays(id, 'completed')))
    for (let n = 0; n < 3; n++) expect(await market.payoutSays(id, 'completed')).toBe(200)
    await market.settle()
    expect([await stateOf(id), clearing - (await balance('PROVIDER_CLEARING')), await balance(`PAYOUT:${id}`)]).toEqual([
      'PAID',
      90_620n,
      0n,
    ])
    expect([await balance(`SELLER_BALANCE:${shop}`), told().length]).toEqual([0n, 1])
  })

  it('comes to the same in whatever order its words come', async () => {
    for (const words of [
      ['completed', 'queued', 'processed'],
      ['processed', 'completed', 'approved'],
      ['queued', 'completed', 'queued'],
    ]) {
      // prettier-ignore
      const { id, told } = await sent()
      for (const word of words) expect(await market.payoutSays(id, word)).toBe(200)
      await market.settle()
      expect([await stateOf(id), told().length]).toEqual(['PAID', 1])
    }
  })

  it('puts the money back once when it failed, also after it had arrived', async () => {
    const { id, shop, told } = await sent()
    await market.payoutSays(id, 'completed')
    for (const word of ['failed', 'completed', 'failed', 'queued']) await market.payoutSays(id, word)
    await market.settle()
    expect([await stateOf(id), await balance(`SELLER_BALANCE:${shop}`), told().length]).toEqual(['REVERSED', 90_620n, 2])
    const other = await sent()
    for (const word of ['failed', 'failed', 'completed', 'queued']) await market.payoutSays(other.id, word)
    await market.settle()
    expect([await stateOf(other.id), await balance(`SELLER_BALANCE:${other.shop}`), other.told().length]).toEqual([
      'FAILED',
      90_620n,
      1,
    ])
  })

  it('is heard when it is asked about our withdrawal, however it writes our name', async () => {
    const { id, told } = await sent()
    Object.assign(market.provider.payouts.at(-1)!, { notes: id.toUpperCase(), status: 'completed' })
    market.clock.advance(3_600_000)
    await market.settle()
    expect([await stateOf(id), told().length]).toEqual(['PAID', 1])
  })

  it.each([
    ['says that it is queued', 'queued'],
    ['has never heard of it', undefined],
  ])('is in the log once a day when it stays on its way for two days and the provider %s', async (_, word) => {
    const { id } = await sent()
    const payout = market.provider.payouts.at(-1)!
    Object.assign(payout, word === undefined ? { reference_no: 'another' } : {})
    const warned = async (hours: number) => {
      market.clock.advance(hours * 3_600_000)
      await market.settle()
      return market.warnings.filter(
        ({ message, details }) => message.includes('for days') && JSON.stringify(details).includes(id),
      )
    }
    expect(await warned(47)).toEqual([])
    expect((await warned(2)).map(({ details }) => details)).toEqual([{ withdrawalId: id, attempt: 3, word: word ?? null }])
    for (let hour = 0; hour < 22; hour++) expect(await warned(1)).toHaveLength(1)
    expect(await warned(1)).toHaveLength(2)
    await market.payoutSays(id, 'completed')
    expect(await warned(49)).toHaveLength(2)
  })

  it('is refused when it is not signed with our key, and has no effect when it is not about us', async () => {
    const { id } = await sent()
    expect(await market.payoutSays(id, 'completed', 'another key')).toBe(403)
    expect(await stateOf(id)).toBe('SENT')
    expect(await market.payoutSays(newId('withdrawal'), 'completed')).toBe(200)
  })
})

const refused = json(400, { error_message: 'refused', errors: ['refused'] })
const shut = json(401, { error_message: 'refused', errors: ['refused'] })
const refusedInFront = json(400, { message: 'Bad Request' })
const shutInFront = { status: 401, body: 'Access denied' }

/** A withdrawal of all that a shop has, not asked for yet; `look` says where it stands, and how often it was paid. */
async function requested() {
  const shop = await paidShop()
  const id = await withdrawAll(market, shop)
  const later = async (hours: number) => {
    market.clock.advance(hours * 3_600_000)
    await market.settle()
  }
  const look = async () => [
    await stateOf(id),
    await balance(`SELLER_BALANCE:${shop}`),
    market.provider.payouts.filter(({ key }) => key === id).length,
  ]
  return { id, shop, later, look }
}

/** The same, of which the provider's first answer is lost. */
async function unanswered() {
  const withdrawal = await requested()
  market.provider.losesAnswers = '/payouts'
  await market.settle()
  market.provider.losesAnswers = false
  return withdrawal
}

interface Seen {
  readonly id: string
  readonly bank: string
  readonly holder: string
  readonly lastDigits: string
}

/** The bank accounts of a shop, and those that its withdrawals were asked for and go to, as its seller sees them in one answer. */
async function banksOf(shop: Id<'shop'>) {
  const fields = 'id bank holder lastDigits'
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Shop { bankAccounts { ${fields} }
    withdrawals { edges { node { bankAccount { ${fields} } destination { bank holder lastDigits } } } } } } }`
  type Withdrawal = { bankAccount: Seen; destination: Omit<Seen, 'id'> }
  const { data } = await market.execute<{
    _entities: [{ bankAccounts: Seen[]; withdrawals: { edges: { node: Withdrawal }[] } }]
  }>({
    query,
    variables: { of: [{ __typename: 'Shop', id: shop }] },
    as: account(newId('account'), ['seller'], [shop]),
  })
  const [{ bankAccounts, withdrawals }] = data!._entities
  const made = withdrawals.edges.map(({ node }) => node)
  return {
    accounts: bankAccounts,
    named: made.map(({ bankAccount }) => bankAccount),
    destinations: made.map(({ destination }) => destination),
  }
}

describe('a withdrawal of which the first answer of the provider got lost', () => {
  it('is asked for again, and paid once', async () => {
    const { later, look } = await unanswered()
    expect(await look()).toEqual(['REQUESTED', 0n, 1])
    await later(1)
    expect(await look()).toEqual(['SENT', 0n, 1])
  })

  it('is not sent again when the provider may have forgotten it, and waits for somebody who looks', async () => {
    const { later, look } = await unanswered()
    await later(49)
    expect(await look()).toEqual(['REQUESTED', 0n, 1])
    await later(49)
    expect(await look()).toEqual(['REQUESTED', 0n, 1])
  })

  it('is not asked for once more where its failure is told while another one is sent before it', async () => {
    const slow = await unanswered()
    market.clock.advance(1_000)
    const told = await unanswered()
    market.clock.advance(3_600_000)
    const { calls } = market.provider
    const posts = () => calls.filter((call) => call.startsWith('POST ') && call.endsWith('/payouts')).length
    const before = posts()
    let answer = () => {}
    market.provider.holdsPayouts = new Promise<void>((resolve) => {
      answer = resolve
    })
    const sending = market.settle()
    await vi.waitFor(() => expect(posts()).toBe(before + 1))
    expect(await market.payoutSays(told.id, 'failed')).toBe(200)
    answer()
    await sending
    expect(posts()).toBe(before + 1)
    expect([(await slow.look())[0], await told.look()]).toEqual(['SENT', ['FAILED', 90_620n, 1]])
  })

  it('is found by what the provider says of it, also when it is not sent any more', async () => {
    const soon = await unanswered()
    expect(await market.payoutSays(soon.id, 'completed')).toBe(200)
    expect(await soon.look()).toEqual(['PAID', 0n, 1])
    const late = await unanswered()
    await late.later(49)
    expect(await market.payoutSays(late.id, 'failed')).toBe(200)
    expect(await late.look()).toEqual(['FAILED', 90_620n, 1])
  })

  it('goes to the holder that it was asked for when the seller names another one meanwhile', async () => {
    const { shop, later, look } = await unanswered()
    await sellerWithBank(market, shop, 'Siti Aminah')
    await later(1)
    expect(await look()).toEqual(['SENT', 0n, 1])
    expect(market.provider.payouts.at(-1)!.body).toContain('"Siti"')
    expect((await banksOf(shop)).destinations).toEqual([{ bank: 'BCA', holder: 'Siti', lastDigits: '7890' }])
  })

  it('names the bank account as it is now, so that one answer does not say two things of one account', async () => {
    const { shop } = await unanswered()
    await sellerWithBank(market, shop, 'Siti Aminah')
    const { accounts, named } = await banksOf(shop)
    expect(accounts).toMatchObject([{ holder: 'Siti Aminah' }])
    expect(named).toEqual(accounts)
  })

  it('is on its way also when the provider would not take it any more: it answers as before', async () => {
    const { later, look } = await unanswered()
    market.provider.refusesPayouts = refused
    await later(1)
    expect(await look()).toEqual(['SENT', 0n, 1])
  })

  it('is not on the balance again when the provider refuses our name alone: it was asked for in other words', async () => {
    const { later, look } = await unanswered()
    Object.assign(market.provider.payouts.at(-1)!, { body: 'as an older release asked' })
    await later(1)
    expect(await look()).toEqual(['REQUESTED', 0n, 1])
  })
})

describe('a withdrawal of which nobody but the provider’s own pages can say whether the bank has it', () => {
  const admin = account(newId('account'), ['admin'])
  const query = `mutation ($input: ConcludeWithdrawalInput!) { concludeWithdrawal(input: $input) { __typename
    ... on ConcludeWithdrawalSuccess { withdrawal { id state endedAt } } ... on WithdrawalNotHeld { code state } } }`
  const conclude = (
    id: string,
    finding: string,
    { as = admin, key = newId('movement') }: { as?: typeof admin; key?: string } = {},
  ) =>
    market.execute<{ concludeWithdrawal: object }>({
      query,
      variables: { input: { withdrawalId: id, finding, note: 'Dilihat di halaman Iris', idempotencyKey: key } },
      as,
    })
  const concluded = async (...args: Parameters<typeof conclude>) => (await conclude(...args)).data?.concludeWithdrawal

  it.each([
    { finding: 'ARRIVED', state: 'PAID', onBalance: 0n, action: 'withdrawal.arrived' },
    { finding: 'NOT_SENT', state: 'FAILED', onBalance: 90_620n, action: 'withdrawal.notSent' },
  ])('ends once as staff have found it there: $finding', async ({ finding, state, onBalance, action }) => {
    const { id, later, look } = await unanswered()
    await later(25)
    const clearing = await balance('PROVIDER_CLEARING')
    const key = newId('movement')
    const answers = await Promise.all([1, 2, 3].map(() => concluded(id, finding, { key })))
    const endedAt = market.clock.now().toISOString()
    expect(answers).toEqual(answers.map(() => ({ __typename: 'ConcludeWithdrawalSuccess', withdrawal: { id, state, endedAt } })))
    expect(await concluded(id, finding)).toEqual({ __typename: 'WithdrawalNotHeld', code: 'WITHDRAWAL_NOT_HELD', state })
    await later(49)
    expect(await look()).toEqual([state, onBalance, 1])
    expect([await balance(`PAYOUT:${id}`), clearing - (await balance('PROVIDER_CLEARING'))]).toEqual([0n, 90_620n - onBalance])
    const told = market.published.filter(({ aggregateId, type }) => aggregateId === id && type === 'WithdrawalEnded')
    expect(told.map(({ payload }) => payload)).toMatchObject([{ state, amount: 90_620 }])
    const acts = market.published.flatMap(({ type, payload }) => (type === 'StaffActed' ? [payload] : []))
    expect(acts.filter(({ subjectId }) => subjectId === id)).toEqual([
      { actorId: admin.accountId, action, subjectId: id, reason: 'Dilihat di halaman Iris' },
    ])
  })

  it('is not ended by staff before that, nor one that nobody has asked for, or that the provider has', async () => {
    const early = await unanswered()
    await early.later(23)
    expect(await concluded(early.id, 'NOT_SENT')).toMatchObject({ code: 'WITHDRAWAL_NOT_HELD', state: 'REQUESTED' })
    const shutOut = await requested()
    market.provider.refusesPayouts = shut
    await shutOut.later(49)
    expect(await concluded(shutOut.id, 'NOT_SENT')).toMatchObject({ code: 'WITHDRAWAL_NOT_HELD', state: 'REQUESTED' })
    market.provider.refusesPayouts = undefined
    const { id } = await sent()
    market.clock.advance(49 * 3_600_000)
    expect(await concluded(id, 'NOT_SENT')).toMatchObject({ code: 'WITHDRAWAL_NOT_HELD', state: 'SENT' })
    expect(await concluded(newId('withdrawal'), 'ARRIVED')).toEqual({ __typename: 'WithdrawalNotFound' })
  })

  it('is found by staff from the day on when it may be ended until it is, page by page, and nobody else is shown any', async () => {
    const list = `query ($first: Int, $after: String) { heldWithdrawals(first: $first, after: $after, reason: "Tugas pagi") {
      edges { node { id state amount { amount } shop { id } } } pageInfo { hasNextPage endCursor } } }`
    type Page = { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    type Held = Awaited<ReturnType<typeof unanswered>>
    const support = account(newId('account'), ['support'])
    const ask = (variables: object, as: typeof admin = support) =>
      market.execute<{ heldWithdrawals: Page }>({ query: list, variables: { ...variables }, as })
    const page = async (variables: object) => (await ask(variables)).data!.heldWithdrawals
    const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id)
    market.clock.advance(25 * 3_600_000)
    await market.settle()
    const { edges: before } = await page({ first: 100 })
    const [one, other] = [await unanswered(), await unanswered()].toSorted((a, b) => (a.id < b.id ? -1 : 1)) as [Held, Held]
    await sent()
    await other.later(24)
    expect((await page({ first: 100 })).edges).toEqual(before)
    await other.later(1)
    const ids = [...before.map(({ node }) => node.id), one.id, other.id]
    const first = await page({ first: ids.length - 1 })
    const rest = await page({ first: ids.length - 1, after: first.pageInfo.endCursor })
    expect([...idsOf(first), ...idsOf(rest)]).toEqual(ids)
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false])
    expect(rest.edges).toEqual([
      { node: { id: other.id, state: 'REQUESTED', amount: { amount: 90_620 }, shop: { id: other.shop } } },
    ])
    await concluded(one.id, 'ARRIVED')
    await market.payoutSays(other.id, 'completed')
    expect(idsOf(await page({ first: 100 }))).toEqual(before.map(({ node }) => node.id))
    await market.settle()
    const acts = market.published.flatMap(({ type, payload }) => (type === 'StaffActed' ? [payload] : []))
    expect(acts.filter(({ actorId }) => actorId === support.accountId)).toEqual(
      Array.from({ length: 5 }, () => ({
        actorId: support.accountId,
        action: 'withdrawals.held',
        subjectId: 'withdrawals',
        reason: 'Tugas pagi',
      })),
    )
    const seller = account(newId('account'), ['seller'], [other.shop])
    expect((await ask({}, seller)).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('is not ended by support, by its seller, or by an admin whose shop’s it is', async () => {
    const { id, shop, later, look } = await unanswered()
    await later(25)
    const people = [
      account(newId('account'), ['support']),
      account(newId('account'), ['seller'], [shop]),
      account(newId('account'), ['seller', 'admin'], [shop]),
    ]
    for (const as of people)
      expect((await conclude(id, 'NOT_SENT', { as })).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
    expect(await look()).toEqual(['REQUESTED', 0n, 1])
  })

  it('is on the balance again where the bank sends back what staff saw arrive, and warned of where it pays what staff did not find', async () => {
    const back = await unanswered()
    await back.later(25)
    await concluded(back.id, 'ARRIVED')
    expect(await market.payoutSays(back.id, 'failed')).toBe(200)
    expect(await back.look()).toEqual(['REVERSED', 90_620n, 1])
    const gone = await unanswered()
    await gone.later(25)
    await concluded(gone.id, 'NOT_SENT')
    expect(await market.payoutSays(gone.id, 'completed')).toBe(200)
    expect(await gone.look()).toEqual(['FAILED', 90_620n, 1])
    const warned = market.warnings
      .filter(({ details }) => JSON.stringify(details).includes(gone.id))
      .map(({ message }) => message)
    expect(warned).toContain('the bank has a withdrawal that is on the balance again: somebody must look')
  })
})

/** A withdrawal that the provider has refused, though its answer is not here yet; what it does from now on is for the test to say. */
async function refusedSilently(then: Partial<ProviderForTest>) {
  const withdrawal = await requested()
  const { calls } = market.provider
  const before = calls.length
  let tell = () => {}
  const holdsPayouts = new Promise<void>((resolve) => {
    tell = resolve
  })
  Object.assign(market.provider, { refusesPayouts: refused, holdsPayouts })
  const first = market.settle()
  await vi.waitFor(() => expect(calls.length).toBeGreaterThan(before))
  Object.assign(market.provider, { refusesPayouts: undefined, holdsPayouts: undefined, ...then })
  const answers = async () => {
    tell()
    await first
  }
  return { ...withdrawal, answers }
}

describe('a refusal that comes late, because whoever asked stood still meanwhile', () => {
  it.each([
    ['was taken', false, ['SENT', 0n, 1]],
    ['was taken, and whose answer got lost', '/payouts', ['REQUESTED', 0n, 1]],
  ])('puts nothing back on the balance after another attempt that %s', async (_, losesAnswers, becomes) => {
    const { later, look, answers } = await refusedSilently({ losesAnswers })
    await later(1)
    await answers()
    expect(await look()).toEqual(becomes)
    market.provider.losesAnswers = false
    await later(1)
    expect(await look()).toEqual(['SENT', 0n, 1])
  })

  it('does not keep the next attempt from being refused', async () => {
    const { later, look, answers } = await refusedSilently({ down: '/payouts' })
    await later(1)
    await answers()
    expect(await look()).toEqual(['REQUESTED', 0n, 0])
    Object.assign(market.provider, { down: undefined, refusesPayouts: refused })
    await later(1)
    expect(await look()).toEqual(['FAILED', 90_620n, 0])
  })
})

describe('a withdrawal that the provider never had', () => {
  it.each([
    ['is sent when the provider lets us in again, however long that takes', [shut, undefined], ['SENT', 0n]],
    ['is sent when the door in front of the provider lets us in again', [shutInFront, undefined], ['SENT', 0n]],
    ['is on the balance again when the provider then refuses it', [shut, refused], ['FAILED', 90_620n]],
  ])('%s', async (_, [first, then], becomes) => {
    const { later, look } = await requested()
    market.provider.refusesPayouts = first
    await later(0)
    await later(49)
    expect(await look()).toEqual(['REQUESTED', 0n, 0])
    market.provider.refusesPayouts = then
    await later(1)
    expect((await look()).slice(0, 2)).toEqual(becomes)
  })

  it('is not on the balance again because of what something in front of the provider says, and sent when that is gone', async () => {
    const { later, look } = await requested()
    market.provider.refusesPayouts = refusedInFront
    await later(0)
    expect(await look()).toEqual(['REQUESTED', 0n, 0])
    market.provider.refusesPayouts = undefined
    await later(1)
    expect(await look()).toEqual(['SENT', 0n, 1])
  })

  it('is on the balance again when the provider was down first and then refuses it', async () => {
    const { later, look } = await requested()
    market.provider.down = '/payouts'
    await later(0)
    market.provider.down = undefined
    market.provider.refusesPayouts = refused
    await later(1)
    expect(await look()).toEqual(['FAILED', 90_620n, 0])
  })

  it('is sent when the provider lets us in again, also when an attempt died before it asked', async () => {
    const { id, later, look } = await requested()
    const providerIs = (name: string) => market.sql.query('UPDATE withdrawal SET provider = $2 WHERE id = $1', [id, name])
    await providerIs('XENDIT')
    await later(0)
    await providerIs('MIDTRANS')
    market.provider.refusesPayouts = shut
    await later(1)
    await later(49)
    market.provider.refusesPayouts = undefined
    await later(1)
    expect(await look()).toEqual(['SENT', 0n, 1])
  })
})
