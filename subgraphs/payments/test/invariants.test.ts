import { newId } from '@pasar/shared/ids'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { checkStatement } from '../src/store/invariants.ts'
import { account, brokenRules, openMarket, staff, type Asked, type Market } from './market.ts'

let market: Market
let paid: Asked
/** Somebody with more rights than the service: what the database refuses to the service must be broken from outside. */
let superuser: pg.Client
beforeAll(async () => {
  market = await openMarket()
  paid = await market.ask()
  await market.says(paid, 'settlement')
  superuser = new pg.Client({
    connectionString: inject('postgresUrl').replace(/[^/]+$/, new URL(market.databaseUrl).pathname.slice(1)),
  })
  await superuser.connect()
})
afterAll(async () => {
  await superuser.end()
  await market.close()
})

const fields = '{ holds checks { invariant holds broken example } }'
interface Report {
  readonly holds: boolean
  readonly checks: readonly {
    readonly invariant: string
    readonly holds: boolean
    readonly broken: number
    readonly example: string | null
  }[]
}
const brokenIn = ({ checks }: Report) => checks.filter(({ holds }) => !holds).map(({ invariant }) => invariant)
const read = async () => {
  const { data } = await market.execute<{ invariants: Report }>({ query: `{ invariants ${fields} }`, as: staff('support') })
  return data!.invariants
}
const withoutTriggers = async (...statements: readonly string[]) => {
  await superuser.query(`BEGIN; SET LOCAL session_replication_role = replica; ${statements.join('; ')}; COMMIT`)
}

describe('the rules of the books', () => {
  it('hold, and staff sees each of them', async () => {
    const report = await read()
    expect([report.holds, report.checks.length, brokenIn(report)]).toEqual([true, 12, []])
  })

  it('are for staff alone', async () => {
    for (const [as, code] of [
      [account(newId('account')), 'FORBIDDEN'],
      [{ kind: 'guest' } as const, 'UNAUTHENTICATED'],
    ] as const)
      expect((await market.execute({ query: `{ invariants ${fields} }`, as })).errors?.[0]?.extensions?.['code']).toBe(code)
  })

  it('turn red for whoever follows them when one is broken, and green again', async () => {
    const frames = await market.subscribe({ query: `subscription { invariants ${fields} }`, as: staff('support') })
    const next = async () => ((await frames.next()).value as { data: { invariants: Report } }).data.invariants
    expect((await next()).holds).toBe(true)
    const escrow = `ESCROW:${paid.orders[0]!.orderId}`
    await withoutTriggers(`UPDATE account SET balance = balance - 1 WHERE id = '${escrow}'`)
    await market.settle()
    const red = await next()
    expect([red.holds, brokenIn(red)]).toEqual([false, ['BALANCES_FOLLOW_POSTINGS', 'ESCROW_HOLDS_WHAT_IS_LEFT']])
    expect(red.checks.find(({ invariant }) => invariant === 'BALANCES_FOLLOW_POSTINGS')).toMatchObject({
      broken: 1,
      example: escrow,
    })
    await withoutTriggers(`UPDATE account SET balance = balance + 1 WHERE id = '${escrow}'`)
    await market.settle()
    expect((await next()).holds).toBe(true)
    await frames.return?.()
  })

  it('are read for nobody after the first look of who wanted to follow them has failed', async () => {
    await superuser.query('ALTER TABLE posting RENAME TO posting_away')
    const frames = await market.subscribe({ query: `subscription { invariants ${fields} }`, as: staff('support') })
    await expect(frames.next()).rejects.toThrow()
    await superuser.query('ALTER TABLE posting_away RENAME TO posting')
    const looks = () => market.statements.filter((text) => text === checkStatement).length
    const before = looks()
    await market.settle()
    expect(looks()).toBe(before)
    expect((await read()).holds).toBe(true)
    expect(looks()).toBe(before + 1)
  })

  it.each([
    ['SUMS_TO_ZERO', `UPDATE posting SET amount = amount + 1 WHERE account_id = 'PROVIDER_CLEARING'`],
    ['JOURNALS_BALANCE', `INSERT INTO journal (id, kind, reference, posted_at) VALUES ('jnl_empty', 'RELEASE', 'empty', now())`],
    ['NONE_NEGATIVE', `UPDATE account SET may_be_negative = false, balance = -5 WHERE id = 'PROVIDER_CLEARING'`],
    [
      'BALANCES_FOLLOW_POSTINGS',
      `INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, balance, opened_at)
        VALUES ('ESCROW:x', 'ESCROW', 'x', 'CREDIT', false, 'IDR', -7, now())`,
    ],
    ['ESCROW_HOLDS_WHAT_IS_LEFT', `UPDATE payment_order SET escrow = CASE escrow WHEN 'HELD' THEN 'RELEASED' ELSE 'HELD' END`],
    [
      'COURIER_DUES_ARE_BOOKED',
      `INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, balance, opened_at)
        VALUES ('COURIER_DEBT:x', 'COURIER_DEBT', 'x', 'DEBIT', false, 'IDR', 7, now())`,
    ],
    [
      'DEBTS_ARE_PAID_FIRST',
      `INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, balance, opened_at)
        VALUES ('SELLER_BALANCE:x', 'SELLER_BALANCE', 'x', 'CREDIT', false, 'IDR', -5, now()),
          ('SELLER_RECEIVABLE:x', 'SELLER_RECEIVABLE', 'x', 'DEBIT', false, 'IDR', 5, now())`,
    ],
    ['CAPTURED_ONCE', `UPDATE payment SET captured_at = NULL, state = 'PENDING'`],
    [
      'REFUNDS_WITHIN_CAPTURED',
      `INSERT INTO refund (id, order_id, payment_id, buyer_id, shop_id, amount, destination, against, state, next_try_at, created_at, completed_at)
        SELECT 'rfd_x', order_id, payment_id, buyer_id, shop_id, 999999, 'WALLET_BALANCE', 'WALLET', 'COMPLETED', now(), now(), now() FROM payment_order`,
    ],
    [
      'REFUNDS_ARE_OWED',
      `INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, balance, opened_at)
        VALUES ('REFUND_PAYABLE:x', 'REFUND_PAYABLE', 'x', 'CREDIT', false, 'IDR', -7, now())`,
    ],
    [
      'DISPUTES_ARE_SETTLED_ONCE',
      `INSERT INTO refund (id, order_id, payment_id, buyer_id, shop_id, amount, destination, against, disputed_amount, state, next_try_at, created_at,
          completed_at)
        SELECT 'rfd_x', order_id, payment_id, buyer_id, shop_id, 5, 'ORIGINAL_METHOD', 'DISPUTES', 5, 'COMPLETED', now(), now(), now() FROM payment_order`,
    ],
    [
      'WITHDRAWALS_ARE_ON_THEIR_WAY',
      `INSERT INTO withdrawal (id, shop_id, bank_account_id, bank, number, holder, amount, state, provider, next_try_at, requested_by, requested_at)
        VALUES ('wdr_x', 'shp_x', 'bac_x', 'BCA', '1', 'Siti', 5, 'SENT', 'XENDIT', now(), 'usr_x', now())`,
    ],
  ])('find that %s is broken', async (invariant, statement) => {
    await superuser.query(
      `BEGIN; SET LOCAL session_replication_role = replica; ALTER TABLE account DROP CONSTRAINT account_not_negative; ${statement}`,
    )
    // Only this connection sees what is broken, until it rolls it back: it asks what staff would be told.
    const broken = await brokenRules(superuser)
    await superuser.query('ROLLBACK')
    expect(broken).toContain(invariant)
    expect((await read()).holds).toBe(true)
  })
})
