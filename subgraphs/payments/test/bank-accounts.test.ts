import { newId, type Id } from '@pasar/shared/ids'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { account, openMarket, staff, type Market } from './market.ts'
import { sellerWithBank, withdrawAll } from './withdrawing.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const sellerOf = (shop: Id<'shop'>) => account(newId('account'), ['seller'], [shop])
type Answer = { __typename: string; bankAccount?: { id: string }; bankAccountId?: string; maximum?: number }

const answers = {
  addBankAccount: '... on AddBankAccountSuccess { bankAccount { id } } ... on TooManyBankAccounts { maximum }',
  removeBankAccount: '... on RemoveBankAccountSuccess { bankAccountId shop { id } } ... on BankAccountNotFound { bankAccountId }',
  withdraw: '... on BankAccountNotFound { bankAccountId }',
}

async function act(as: Viewer, name: keyof typeof answers, input: object): Promise<Answer> {
  const type = name[0]!.toUpperCase() + name.slice(1)
  const query = `mutation ($input: ${type}Input!) { result: ${name}(input: $input) { __typename ${answers[name]} } }`
  const variables = { input: { idempotencyKey: newId('movement'), ...input } }
  const { data, errors } = await market.execute<{ result: Answer }>({ query, variables, as })
  if (!data) throw new Error(String(errors?.[0]?.extensions?.['code']))
  return data.result
}

/** A seller's shop, whose bank accounts the seller adds and removes. */
function openShop() {
  const shop: Id<'shop'> = newId('shop')
  const as = sellerOf(shop)
  const add = (number: string, holder = 'Siti') => act(as, 'addBankAccount', { shopId: shop, bank: 'BCA', number, holder })
  const remove = (bankAccountId: string, more: object = {}) =>
    act(as, 'removeBankAccount', { shopId: shop, bankAccountId, ...more })
  const idOf = async (answer: Promise<Answer>) => (await answer).bankAccount!.id
  return { shop, as, add, remove, idOf }
}

/** The last digits of the accounts that are on a shop's list, and of those that its withdrawals were asked for and go to. */
async function seen(shop: Id<'shop'>) {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Shop { bankAccounts { id lastDigits }
    withdrawals { edges { node { state bankAccount { lastDigits } destination { lastDigits } } } } } } }`
  type Digits = { lastDigits: string }
  type Shop = {
    bankAccounts: Digits[]
    withdrawals: { edges: { node: { state: string; bankAccount: Digits; destination: Digits } }[] }
  }
  const of = [{ __typename: 'Shop', id: shop }]
  const { data } = await market.execute<{ _entities: [Shop] }>({ query, variables: { of }, as: sellerOf(shop) })
  const [{ bankAccounts, withdrawals }] = data!._entities
  return [
    bankAccounts.map(({ lastDigits }) => lastDigits),
    withdrawals.edges.map(({ node }) => `${node.state} ${node.bankAccount.lastDigits} to ${node.destination.lastDigits}`),
  ]
}

describe('a bank account that was mistyped', () => {
  it('is removed, which makes room for another one', async () => {
    const { shop, add, remove, idOf } = openShop()
    const mistyped = await idOf(add('1000000009'))
    for (const number of ['1000000002', '1000000003', '1000000004', '1000000005']) await add(number)
    expect(await add('1000000001')).toEqual({ __typename: 'TooManyBankAccounts', maximum: 5 })
    expect(await remove(mistyped)).toMatchObject({ __typename: 'RemoveBankAccountSuccess', bankAccountId: mistyped })
    await add('1000000001')
    expect((await seen(shop))[0]).toEqual(['0002', '0003', '0004', '0005', '0001'])
    expect((await add('1000000009')).__typename).toBe('TooManyBankAccounts')
  })

  it('is removed once, however often that is asked for, and is back when it is added again', async () => {
    const { shop, add, remove, idOf } = openShop()
    const id = await idOf(add('1000000001'))
    const idempotencyKey = newId('movement')
    for (const key of [{ idempotencyKey }, { idempotencyKey }, {}])
      expect((await remove(id, key)).__typename).toBe('RemoveBankAccountSuccess')
    expect((await seen(shop))[0]).toEqual([])
    expect(await idOf(add('1000000001', 'Siti Aminah'))).toBe(id)
    await remove(id, { idempotencyKey })
    expect((await seen(shop))[0]).toEqual(['0001'])
  })

  it('takes no new withdrawal, and what is on its way there goes on', async () => {
    const shop: Id<'shop'> = newId('shop')
    const asked = await market.ask({ shopIds: [shop], orders: [[100_000, 0]] }) // prettier-ignore
    await market.says(asked, 'settlement')
    await market.completed(asked)
    const { as, wish } = await sellerWithBank(market, shop)
    const { bankAccountId } = wish(10_000)
    await withdrawAll(market, shop)
    await act(as, 'removeBankAccount', { shopId: shop, bankAccountId })
    await market.settle()
    expect(await seen(shop)).toEqual([[], ['SENT 7890 to 7890']])
    expect(await act(as, 'withdraw', wish(10_000))).toEqual({ __typename: 'BankAccountNotFound', bankAccountId })
  })

  it('is removed by those of its own shop alone', async () => {
    const { shop, add, idOf } = openShop()
    const bankAccountId = await idOf(add('1000000001'))
    const other = openShop()
    expect(await other.remove(bankAccountId)).toEqual({ __typename: 'BankAccountNotFound', bankAccountId })
    const wanted = { shopId: shop, bankAccountId }
    for (const [viewer, code] of [
      [other.as, 'FORBIDDEN'],
      [staff('admin'), 'FORBIDDEN'],
      [{ kind: 'guest' } as const, 'UNAUTHENTICATED'],
    ] as const)
      await expect(act(viewer, 'removeBankAccount', wanted)).rejects.toThrow(code)
    expect((await seen(shop))[0]).toEqual(['0001'])
  })
})

describe('a shop that names many bank accounts at once', () => {
  it('has as many as it may have, and no more', async () => {
    const { shop, add } = openShop()
    const added = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => add(`100000000${n}`)))
    const made = added.filter(({ __typename }) => __typename === 'AddBankAccountSuccess')
    expect([made.length, (await seen(shop))[0]!.length]).toEqual([5, 5])
  })
})
