import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPayments } from '@pasar/payments/subgraph'
import { serve, type HttpServer } from '@pasar/shared/http/server'
import { newId } from '@pasar/shared/ids'
import { openLog } from '@pasar/shared/log'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { startForTest, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMidtransSimulator } from '../src/simulators/midtrans.ts'
import { openXenditSimulator } from '../src/simulators/xendit.ts'

const add = `mutation ($input: AddBankAccountInput!) { addBankAccount(input: $input) { __typename
  ... on AddBankAccountSuccess { bankAccount { id bank holder lastDigits } } ... on Problem { code message } } }`
const take = `mutation ($input: WithdrawInput!) { withdraw(input: $input) { __typename
  ... on WithdrawSuccess { withdrawal { id state amount { amount } bankAccount { lastDigits } } } ... on Problem { code message } } }`
const seen = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Shop { balance { available { amount } inTransit { amount } }
  bankAccounts { id } withdrawals { edges { node { id state } } } } } }`

interface Seen {
  readonly balance: { readonly available: { readonly amount: number }; readonly inTransit: { readonly amount: number } } | null
  readonly bankAccounts: readonly unknown[]
  readonly withdrawals: { readonly edges: readonly { readonly node: { readonly id: string; readonly state: string } }[] }
}

describe.each(['midtrans', 'xendit'] as const)('a seller who takes money out through %s', (provider) => {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-payouts-'))
  const log = openLog('silent', 'simulator')
  let http: HttpServer
  let payments: TestSubgraph
  let simulator: { run(): Promise<number>; stop(): Promise<void> }
  let postgres: ReturnType<typeof openPostgres>
  let base: string
  beforeAll(async () => {
    http = await serve([], { host: '127.0.0.1', port: 0, log })
    base = `http://127.0.0.1:${http.port}`
    const env = { PAYMENT_PROVIDER_URL: `${base}/simulators/midtrans`, XENDIT_URL: `${base}/simulators/xendit` }
    payments = await startForTest('payments', openPayments, { ...env, PAYMENT_PROVIDER: provider })
    const common = { folder, clock: payments.clock, log, background: false, notificationUrl: `${base}/notifications/${provider}` }
    const keys = {
      serverKey: 'SB-Mid-server-pasar-development',
      payoutKey: 'IRIS-pasar-development',
      merchantKey: 'iris-development-merchant-key',
    }
    const opened =
      provider === 'midtrans'
        ? openMidtransSimulator({ ...common, ...keys })
        : openXenditSimulator({ ...common, secretKey: 'xnd_development_pasar', callbackToken: 'xendit-development-token' })
    simulator = opened
    http.mount([...opened.routes, ...payments.subgraph.routes])
    postgres = openPostgres({ url: payments.databaseUrl, connectionsMax: 2 })
  })
  afterAll(async () => {
    await postgres.stop()
    await simulator.stop()
    await payments.stop()
    await http.stop()
    rmSync(folder, { recursive: true })
  })

  /** A shop with a balance, as if orders of it had been released. */
  async function shopWith(amount: number) {
    const shopId = newId('shop')
    const journal = newId('journal')
    await postgres.pool.query(
      `WITH made AS (INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, opened_at) VALUES
        ('SELLER_BALANCE:' || $1, 'SELLER_BALANCE', $1, 'CREDIT', false, 'IDR', now()),
        ('COMMISSION', 'COMMISSION', NULL, 'CREDIT', true, 'IDR', now()) ON CONFLICT DO NOTHING)
        INSERT INTO journal (id, kind, reference, posted_at) VALUES ($2, 'RELEASE', $2, now())`
        .replaceAll('$1', `'${shopId}'`)
        .replaceAll('$2', `'${journal}'`) +
        `; INSERT INTO posting (journal_id, account_id, amount, currency, purpose) VALUES
        ('${journal}', 'SELLER_BALANCE:${shopId}', -${amount}, 'IDR', 'SELLER_SHARE'), ('${journal}', 'COMMISSION', ${amount}, 'IDR', 'SELLER_SHARE')`,
    )
    const seller: AccountViewer = {
      kind: 'account',
      accountId: newId('account'),
      sessionId: newId('session'),
      roles: ['seller'],
      shopIds: [shopId],
    }
    const ask = async <T>(query: string, input: object, as = seller) => {
      const { data, errors } = await payments.execute<Record<string, T>>({ query, variables: { input }, as })
      if (!data) throw new Error(errors?.[0]?.message)
      return Object.values(data)[0]!
    }
    const look = async (as = seller) => {
      const of = [{ __typename: 'Shop', id: shopId }]
      return (await payments.execute<{ _entities: [Seen] }>({ query: seen, variables: { of }, as })).data!._entities[0]
    }
    const account = { shopId, bank: 'BCA', number: '123-456 7890', holder: 'Toko Maju', idempotencyKey: newId('movement') }
    const added = await ask<{ bankAccount: { id: string } }>(add, account)
    const withdraw = (wanted: number, key: string = newId('movement'), bankAccountId = added.bankAccount.id) =>
      ask<{ __typename: string; code?: string; message?: string; withdrawal: { id: string } }>(take, {
        shopId,
        bankAccountId,
        amount: wanted,
        idempotencyKey: key,
      })
    const numbers = async () => {
      const { balance, withdrawals } = await look()
      const states = withdrawals.edges.map(({ node }) => node.state)
      return [balance!.available.amount, balance!.inTransit.amount, ...states]
    }
    const press = async (id: string, action: string, body: object = {}) => {
      const headers = { 'content-type': 'application/json' }
      const path = `${base}/simulators/${provider}/payouts/${id}/${action}`
      expect((await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(200)
      await simulator.run()
    }
    return { shopId, seller, added, ask, look, withdraw, numbers, press, account }
  }
  const sum = async () => (await postgres.pool.query<{ sum: string }>('SELECT sum(amount) FROM posting')).rows[0]!.sum

  it('has it at the bank, and no longer on the balance', async () => {
    const { withdraw, numbers, added } = await shopWith(500_000)
    expect(added).toMatchObject({ bankAccount: { bank: 'BCA', holder: 'Toko Maju', lastDigits: '7890' } })
    expect(await withdraw(300_000)).toMatchObject({ __typename: 'WithdrawSuccess', withdrawal: { amount: { amount: 300_000 } } })
    expect(await numbers()).toEqual([200_000, 300_000, 'REQUESTED'])
    await payments.settle()
    expect(await numbers()).toEqual([200_000, 300_000, 'SENT'])
    payments.clock.advance(2_000)
    await simulator.run()
    expect(await numbers()).toEqual([200_000, 0, 'PAID'])
    expect(await sum()).toBe('0')
  })

  it('has it on the balance again when the bank does not take it, or sends it back later', async () => {
    const { withdraw, numbers, press } = await shopWith(500_000)
    const { withdrawal: failed } = await withdraw(100_000)
    await payments.settle()
    await press(failed.id, 'fail', { duplicate: 2, forge: true, reorder: true })
    expect(await numbers()).toEqual([500_000, 0, 'FAILED'])
    const { withdrawal: reversed } = await withdraw(200_000)
    await payments.settle()
    await press(reversed.id, 'pay', { duplicate: 1 })
    expect(await numbers()).toEqual([300_000, 0, 'PAID', 'FAILED'])
    await press(reversed.id, 'reverse', { duplicate: 3, forge: true })
    expect(await numbers()).toEqual([500_000, 0, 'REVERSED', 'FAILED'])
    expect(await sum()).toBe('0')
  })

  it('hears of it by asking when the notification got lost', async () => {
    const { withdraw, numbers } = await shopWith(50_000)
    const { withdrawal } = await withdraw(50_000)
    await payments.settle()
    const url = `${base}/simulators/${provider}/payouts/${withdrawal.id}/pay`
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{ "delaySeconds": 86400 }' })
    payments.clock.advance(3_600_000)
    await payments.settle()
    expect(await numbers()).toEqual([0, 0, 'PAID'])
  })

  it('takes out once what was asked for twice, and never more than there is', async () => {
    const { withdraw, numbers, ask, shopId, added } = await shopWith(100_000)
    const many = await Promise.all(Array.from({ length: 8 }, () => withdraw(60_000)))
    expect(many.map(({ __typename }) => __typename).toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => 'ShopBalanceTooSmall'),
      'WithdrawSuccess',
    ])
    const [first, again] = [await withdraw(20_000, 'once'), await withdraw(20_000, 'once')]
    expect(again).toEqual(first)
    expect((await withdraw(20_001, 'once')).code).toBe('IDEMPOTENCY_KEY_REUSED')
    expect((await withdraw(9_999)).code).toBe('WITHDRAWAL_TOO_SMALL')
    expect((await withdraw(20_001)).message).toContain('Rp20.000')
    expect((await withdraw(10_000, 'other', newId('bankAccount'))).code).toBe('BANK_ACCOUNT_NOT_FOUND')
    expect(await numbers()).toEqual([20_000, 80_000, 'REQUESTED', 'REQUESTED'])
    const other = await shopWith(100_000)
    expect((await other.withdraw(10_000, 'theirs', added.bankAccount.id)).code).toBe('BANK_ACCOUNT_NOT_FOUND')
    await expect(
      ask(take, { shopId, bankAccountId: added.bankAccount.id, amount: 10_000, idempotencyKey: 'x' }, other.seller),
    ).rejects.toThrow('not your shop')
  })

  it('is seen by nobody else, and keeps few bank accounts', async () => {
    const { look, withdraw, ask, account } = await shopWith(100_000)
    await withdraw(10_000)
    const stranger = (await shopWith(20_000)).seller
    expect(await look(stranger)).toEqual({ balance: null, bankAccounts: [], withdrawals: { edges: [] } })
    for (let n = 0; n < 4; n++) await ask(add, { ...account, number: `99999${n}`, idempotencyKey: `n${n}` })
    expect(await ask(add, { ...account, number: '888888', idempotencyKey: 'more' })).toMatchObject({
      code: 'TOO_MANY_BANK_ACCOUNTS',
    })
    await expect(ask(add, { ...account, number: '12x', idempotencyKey: 'bad' })).rejects.toThrow('number: expected')
    expect((await look()).bankAccounts).toHaveLength(5)
  })
})
