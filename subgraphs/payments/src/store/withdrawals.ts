import type { Id } from '@pasar/shared/ids'
import { listOfEach, type Order } from '@pasar/shared/subgraph/keyset'
import type { Minor } from '@pasar/shared/money'
import { afterId, type Page } from '@pasar/shared/subgraph/page'
import { lockName } from '@pasar/shared/postgres/seam'
import type { ProviderName } from '../domain/payment.ts'
import type { Bank, WithdrawalState } from '../domain/withdrawal.ts'
import type { Db, Tx } from './database.ts'

/** Where a shop's money goes. */
export interface BankAccount {
  readonly id: Id<'bankAccount'>
  readonly shopId: string
  readonly bank: Bank
  readonly number: string
  readonly holder: string
}

/** Money of a shop on its way to a bank. */
export interface Withdrawal {
  readonly id: Id<'withdrawal'>
  readonly shopId: string
  readonly bankAccountId: string
  /** Where it goes, as the bank account was when it was asked for: the provider must be asked the same each time. */
  readonly bank: Bank
  readonly number: string
  readonly holder: string
  readonly amount: Minor
  readonly state: WithdrawalState
  readonly provider: ProviderName
  readonly providerReference: string | null
  readonly attempts: number
  /** Since when the provider may have it. */
  readonly askedAt: Date | null
  readonly requestedAt: Date
  readonly endedAt: Date | null
}

const accountColumns = `id, shop_id AS "shopId", bank, number, holder`
const columns = `id, shop_id AS "shopId", bank_account_id AS "bankAccountId", bank, number, holder, amount, state, provider,
  provider_reference AS "providerReference", attempts, asked_at AS "askedAt", requested_at AS "requestedAt", ended_at AS "endedAt"`

/** Holds which bank accounts a shop has until the transaction ends: they are counted before one is added. */
export const lockBankAccountsOf = (tx: Tx, shopId: string) => lockName(tx, `bank_account:${shopId}`)

const addAccount = `INSERT INTO bank_account (id, shop_id, bank, number, holder, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (shop_id, bank, number) DO UPDATE SET holder = excluded.holder, removed_at = NULL RETURNING ${accountColumns}`

/** Adds a bank account; one that the shop has already, or had, is that one. */
export const insertBankAccount = async (
  tx: Tx,
  account: BankAccount,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<BankAccount> => {
  const { id, shopId, bank, number, holder } = account
  return (await tx.$queryRawUnsafe<BankAccount[]>(addAccount, id, shopId, bank, number, holder, by, now))[0]!
}

const hide = `UPDATE bank_account SET removed_at = coalesce(removed_at, $3) WHERE id = $1 AND shop_id = $2`

/** Takes a bank account off its shop's list; false when the shop has never had it. */
export const hideBankAccount = async (
  tx: Tx,
  { bankAccountId, shopId }: { readonly bankAccountId: string; readonly shopId: string },
  now: Date,
): Promise<boolean> => (await tx.$executeRawUnsafe(hide, bankAccountId, shopId, now)) === 1

/** Bank accounts of shops, oldest first. */
export const findBankAccountsOfShops = (db: Db | Tx, shopIds: readonly string[]) =>
  db.$queryRawUnsafe<BankAccount[]>(
    `SELECT ${accountColumns} FROM bank_account WHERE shop_id = ANY($1::text[]) AND removed_at IS NULL ORDER BY id`,
    shopIds,
  )

/** Bank accounts by id, also those that were removed. */
export const findBankAccounts = (db: Db, ids: readonly string[]) =>
  db.$queryRawUnsafe<BankAccount[]>(`SELECT ${accountColumns} FROM bank_account WHERE id = ANY($1::text[])`, ids)

const hold = `SELECT ${accountColumns} FROM bank_account WHERE id = $1 AND removed_at IS NULL FOR SHARE`

/** A bank account that money may go to, which nobody removes until the transaction ends. */
export const lockBankAccount = async (tx: Tx, id: string): Promise<BankAccount | undefined> =>
  (await tx.$queryRawUnsafe<BankAccount[]>(hold, id))[0]

const add = `INSERT INTO withdrawal (id, shop_id, bank_account_id, bank, number, holder, amount, state, provider, next_try_at, requested_by,
    requested_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'REQUESTED', $8, $9, $10, $9)`

/** Puts a withdrawal down. */
export const insertWithdrawal = (tx: Tx, withdrawal: Withdrawal, by: string) => {
  const { id, shopId, bankAccountId, bank, number, holder, amount, provider, requestedAt } = withdrawal
  return tx.$executeRawUnsafe(add, id, shopId, bankAccountId, bank, number, holder, amount, provider, requestedAt, by)
}

/** Withdrawals by id. */
export const findWithdrawals = (db: Db, ids: readonly string[]) =>
  db.$queryRawUnsafe<Withdrawal[]>(`SELECT ${columns} FROM withdrawal WHERE id = ANY($1::text[])`, ids)

const atProvider = `SELECT ${columns} FROM withdrawal WHERE provider = $1 AND (id = $2 OR provider_reference = $2) FOR NO KEY UPDATE`

/** The withdrawal that we or its provider call so, held until the transaction ends. */
export const lockWithdrawal = async (tx: Tx, provider: ProviderName, name: string): Promise<Withdrawal | undefined> =>
  (await tx.$queryRawUnsafe<Withdrawal[]>(atProvider, provider, name))[0]

const byId = `SELECT ${columns} FROM withdrawal WHERE id = $1 FOR NO KEY UPDATE`

/** A withdrawal by its id, held until the transaction ends. */
export const lockWithdrawalById = async (tx: Tx, id: string): Promise<Withdrawal | undefined> =>
  (await tx.$queryRawUnsafe<Withdrawal[]>(byId, id))[0]

const move = `UPDATE withdrawal SET state = $2, provider_reference = coalesce($3, provider_reference),
  ended_at = CASE WHEN $2 IN ('REQUESTED', 'SENT') THEN NULL ELSE $4::timestamptz END WHERE id = $1`

/** Moves a withdrawal on. */
export const moveWithdrawal = (
  tx: Tx,
  id: string,
  { to, reference, now }: { readonly to: WithdrawalState; readonly reference: string | null; readonly now: Date },
) => tx.$executeRawUnsafe(move, id, to, reference, now)

const claim = `UPDATE withdrawal SET attempts = attempts + 1, next_try_at = $2 FROM
  (SELECT id AS due, next_try_at AS due_at FROM withdrawal WHERE state IN ('REQUESTED', 'SENT') AND next_try_at <= $1
    ORDER BY next_try_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED) AS claimed WHERE id = due
  RETURNING ${columns}, due_at AS "dueAt"`

/** A withdrawal that is due, and since when. */
export type DueWithdrawal = Withdrawal & { readonly dueAt: Date }

/** Takes withdrawals that are due and puts their next attempt off, so that no other replica asks at the same time. */
export const claimWithdrawals = (tx: Tx, { now, again, atMost }: { now: Date; again: Date; atMost: number }) =>
  tx.$queryRawUnsafe<DueWithdrawal[]>(claim, now, again, atMost)

const begin = `UPDATE withdrawal SET asked_at = coalesce(asked_at, $3) WHERE id = $1 AND attempts = $2 AND state = 'REQUESTED'`

/** From now on the provider may have it; false when another attempt has begun since this one was claimed, or it is known what became of it. */
export const beginAttempt = async (tx: Tx, { id, attempts }: Withdrawal, now: Date): Promise<boolean> =>
  (await tx.$executeRawUnsafe(begin, id, attempts, now)) === 1

const forget = `UPDATE withdrawal SET asked_at = NULL WHERE id = $1 AND attempts = $2`

/** A first attempt that did not get to the provider leaves nothing there, unless another one has begun meanwhile. */
export const forgetAttempt = async (tx: Tx, { id, attempts, askedAt }: Withdrawal): Promise<void> => {
  if (askedAt === null) await tx.$executeRawUnsafe(forget, id, attempts)
}

/** Says when to ask again. */
export const retryWithdrawal = (tx: Tx, id: string, at: Date) =>
  tx.$executeRawUnsafe(`UPDATE withdrawal SET next_try_at = $2 WHERE id = $1`, id, at)

const addEvent = `INSERT INTO payout_event (withdrawal_id, message_key, provider_status, outcome, received_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (message_key) DO NOTHING`

/** What the provider said of a withdrawal. */
export interface HeardPayout {
  readonly key: string
  readonly word: string
  readonly outcome: 'APPLIED' | 'SUPERSEDED'
  readonly now: Date
}

/** Adds what was said to the withdrawal's log; false when it was there already. */
export const addPayoutEvent = async (tx: Tx, id: string, { key, word, outcome, now }: HeardPayout): Promise<boolean> =>
  (await tx.$executeRawUnsafe(addEvent, id, key, word, outcome, now)) === 1

const newestFirst: Order = { columns: [{ sql: 'id', kind: 'text' }], descending: true }

/** The same page of each shop's withdrawals. */
export const findWithdrawalPages = (db: Db, shopIds: readonly string[], page: Page) =>
  listOfEach<Withdrawal>(db, shopIds, { columns, from: 'withdrawal', where: 'shop_id = owner.id', order: newestFirst, page })

const held = `SELECT ${columns} FROM withdrawal
  WHERE state = 'REQUESTED' AND provider = 'MIDTRANS' AND asked_at < $1 AND ($2::text IS NULL OR id > $2) ORDER BY id LIMIT $3`

/** One withdrawal more than the page has of those that wait for a person (see isHeld), oldest first. */
export const findHeldPage = (db: Db, askedBefore: Date, asked: Page) =>
  db.$queryRawUnsafe<Withdrawal[]>(held, askedBefore, afterId(asked) ?? null, asked.first + 1)

const inTransit = `SELECT shop_id AS "ownerId", sum(amount)::bigint AS amount FROM withdrawal
  WHERE shop_id = ANY($1::text[]) AND state IN ('REQUESTED', 'SENT') GROUP BY shop_id`

/** What of shops' money is on its way to a bank. */
export const findInTransit = (db: Db, shopIds: readonly string[]) =>
  db.$queryRawUnsafe<{ ownerId: string; amount: Minor }[]>(inTransit, shopIds)
