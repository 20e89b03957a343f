import { newId } from '@pasar/shared/ids'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMarket, type Asked, type Market } from './market.ts'

let market: Market
let paid: Asked
beforeAll(async () => {
  market = await openMarket()
  paid = await market.ask()
  await market.says(paid, 'settlement')
})
afterAll(() => market.close())

type Work = (client: pg.PoolClient) => Promise<unknown>

/** Runs SQL in one transaction, as anyone with the service's rights could. */
async function inTransaction(work: Work): Promise<void> {
  const client = await market.sql.connect()
  try {
    await client.query('BEGIN')
    await work(client)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

const journal = (client: pg.PoolClient, id = newId('journal')) =>
  client.query(`INSERT INTO journal (id, kind, reference, posted_at) VALUES ($1, 'REFUND', $1, now())`, [id])
const posting = (
  client: pg.PoolClient,
  journalId: string,
  [account, amount, currency = 'IDR']: readonly [string, number, string?],
) =>
  client.query(`INSERT INTO posting (journal_id, account_id, amount, currency, purpose) VALUES ($1, $2, $3, $4, 'REFUND')`, [
    journalId,
    account,
    amount,
    currency,
  ])

/** Posts a journal by hand. */
const post = (movements: readonly (readonly [string, number, string?])[]) => {
  const id = newId('journal')
  return inTransaction(async (client) => {
    await journal(client, id)
    for (const movement of movements) await posting(client, id, movement)
  })
}
const escrow = () => `ESCROW:${paid.orders[0]!.orderId}`
const count = async () => (await market.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM posting')).rows[0]!.n

describe('the database itself', () => {
  it('refuses a journal that does not balance, at its commit', async () => {
    const before = await count()
    await expect(post([['PROVIDER_CLEARING', 5], [escrow(), -4]])).rejects.toThrow('does not balance') // prettier-ignore
    expect(await count()).toBe(before)
  })
  it('refuses a journal without postings', async () => {
    await expect(inTransaction((client) => journal(client))).rejects.toThrow('no postings')
  })
  it('takes a journal that balances', async () => {
    await post([['PROVIDER_CLEARING', 5], [escrow(), -5]]) // prettier-ignore
    await post([['PROVIDER_CLEARING', -5], [escrow(), 5]]) // prettier-ignore
    expect((await market.ledger()).balances[escrow()]).toBe(115_000n)
  })
  it('refuses a posting into a journal that was committed before, balanced or not', async () => {
    const { rows } = await market.sql.query<{ id: string }>('SELECT id FROM journal LIMIT 1')
    await expect(
      inTransaction(async (client) => {
        await posting(client, rows[0]!.id, ['PROVIDER_CLEARING', 1])
        await posting(client, rows[0]!.id, [escrow(), -1])
      }),
    ).rejects.toThrow('is closed')
  })
  it('refuses to let an escrow or a balance fall below zero', async () => {
    await expect(post([['PROVIDER_CLEARING', -115_001], [escrow(), 115_001]])).rejects.toThrow('account_not_negative') // prettier-ignore
  })
  it('refuses a posting that tells another balance than is there after it', async () => {
    const told = (balance: number) =>
      inTransaction(async (client) => {
        const id = newId('journal')
        await journal(client, id)
        await client.query(
          `INSERT INTO posting (journal_id, account_id, amount, currency, purpose, balance_after) VALUES ($1, 'PROVIDER_CLEARING', 1, 'IDR', 'REFUND', NULL),
            ($1, $2, -5, 'IDR', 'REFUND', -115005), ($1, $2, 4, 'IDR', 'REFUND', $3)`,
          [id, escrow(), balance],
        )
        await client.query('SELECT 1 / 0')
      })
    await expect(told(-115_000)).rejects.toThrow('tells a balance that is not there')
    await expect(told(-115_001)).rejects.toThrow('division by zero')
  })
  it('refuses a posting in a currency that the account is not kept in', async () => {
    await expect(post([['PROVIDER_CLEARING', 5, 'USD'], [escrow(), -5, 'USD']])).rejects.toThrow('is not kept in') // prettier-ignore
  })
  it('posts for one step once', async () => {
    const again = `INSERT INTO journal (id, kind, reference, posted_at) SELECT 'jnl_again', kind, reference, now() FROM journal LIMIT 1`
    await expect(market.sql.query(again)).rejects.toThrow('journal_reference_key')
  })
  it.each([
    'UPDATE posting SET amount = amount + 1',
    'DELETE FROM posting',
    'TRUNCATE posting',
    "UPDATE journal SET kind = 'REFUND'",
    'DELETE FROM journal',
    'TRUNCATE journal CASCADE',
    "UPDATE payment_event SET outcome = 'APPLIED'",
    'DELETE FROM payment_event',
    "UPDATE journal SET id = id || 'x'",
    'ALTER TABLE posting DISABLE TRIGGER ALL',
    'ALTER TABLE journal DISABLE TRIGGER journal_balances',
    'DROP TRIGGER journal_balances ON journal',
    'ALTER TABLE account DROP CONSTRAINT account_not_negative',
    'ALTER TABLE posting OWNER TO CURRENT_USER',
    `CREATE OR REPLACE FUNCTION refuse_unbalanced() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    'DROP TABLE posting',
    'DROP SCHEMA public CASCADE',
    'SET ROLE payments_owner',
    'SET session_replication_role = replica',
  ])('gives the service no right to %s', async (statement) => {
    await expect(market.sql.query(statement)).rejects.toThrow(/permission denied|must be owner/)
  })
  it.each([
    'UPDATE account SET balance = 0',
    'UPDATE account SET may_be_negative = true',
    'DELETE FROM account',
    `INSERT INTO account (id, kind, normal_side, may_be_negative, currency, balance, opened_at) VALUES ('X', 'ESCROW', 'CREDIT', false, 'IDR', -5, now())`,
  ])('refuses by itself, whoever asks: %s', async (statement) => {
    await expect(market.sql.query(statement)).rejects.toThrow(/append-only|only through postings|balance of 0/)
  })
  it('lets the service give itself no right', async () => {
    // PostgreSQL warns of a right that was nobody's to give, and goes on.
    await market.sql.query('GRANT ALL ON posting, journal TO CURRENT_USER')
    await expect(market.sql.query('DELETE FROM posting')).rejects.toThrow('permission denied')
  })
  it('refuses changes to who owns it as well', async () => {
    const owner = new pg.Client({ connectionString: market.ownerUrl })
    await owner.connect()
    await owner.query('BEGIN; GRANT UPDATE, DELETE ON posting, journal TO CURRENT_USER; SAVEPOINT here')
    for (const statement of ['UPDATE posting SET amount = 1', 'DELETE FROM posting', 'DELETE FROM journal']) {
      await expect(owner.query(statement)).rejects.toThrow('append-only')
      await owner.query('ROLLBACK TO here')
    }
    await owner.query('ROLLBACK')
    await owner.end()
  })
})
