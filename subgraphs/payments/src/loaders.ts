import { byKey, clearable, groupBy, perArguments } from '@pasar/shared/loader'
import type { Page } from '@pasar/shared/page'
import type { AccountRef } from './domain/chart-of-accounts.ts'
import { findPaymentOrders } from './store/escrow.ts'
import type { Database } from './store/database.ts'
import {
  accountsOfBuyers,
  accountsOfShops,
  findEntries,
  findPeriodEnds,
  type Period,
  type StatementPage,
} from './store/entries.ts'
import { findPostings } from './store/journals.ts'
import { findBalances, findHeld, findSettlements } from './store/ledger.ts'
import { findEventPages } from './store/payment-events.ts'
import { findPayments, findPaymentsOfCheckouts } from './store/payments.ts'
import { findRefundPages, findRefundPagesOfPayments, findRefunds } from './store/refunds.ts'
import { findStandings } from './store/seller-accounts.ts'
import {
  findBankAccounts,
  findBankAccountsOfShops,
  findInTransit,
  findWithdrawalPages,
  findWithdrawals,
} from './store/withdrawals.ts'

/** By-key reads of what shops take out. */
const withdrawalLoaders = (db: Database) => ({
  inTransit: byKey(
    (ids: readonly string[]) => findInTransit(db, ids),
    ({ ownerId }) => ownerId,
  ),
  bankAccount: byKey(
    (ids: readonly string[]) => findBankAccounts(db, ids),
    ({ id }): string => id,
  ),
  bankAccountsOfShop: groupBy(
    (ids: readonly string[]) => findBankAccountsOfShops(db, ids),
    ({ shopId }) => shopId,
  ),
  withdrawal: byKey(
    (ids: readonly string[]) => findWithdrawals(db, ids),
    ({ id }): string => id,
  ),
  withdrawalsOfShop: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => findWithdrawalPages(db, ids, page),
      ({ shopId }) => shopId,
    ),
  ),
})

/** By-key reads of what moved on the accounts that owners have. */
const statementLoaders = (db: Database, accountsOf: (ids: readonly string[]) => readonly AccountRef[]) =>
  clearable({
    entries: perArguments((page: StatementPage) =>
      groupBy(
        (ids: readonly string[]) => findEntries(db, accountsOf(ids), page),
        ({ ownerId }) => ownerId,
      ),
    ),
    ends: perArguments((period: Period) =>
      byKey(
        (ids: readonly string[]) => findPeriodEnds(db, accountsOf(ids), period),
        ({ ownerId }) => ownerId,
      ),
    ),
  })

/** See statementLoaders. */
export type StatementLoaders = ReturnType<typeof statementLoaders>

const openEach = (db: Database) => ({
  payment: byKey(
    (ids: readonly string[]) => findPayments(db, ids),
    ({ id }): string => id,
  ),
  paymentOfCheckout: byKey(
    (ids: readonly string[]) => findPaymentsOfCheckouts(db, ids),
    ({ checkoutId }) => checkoutId,
  ),
  refund: byKey(
    (ids: readonly string[]) => findRefunds(db, ids),
    ({ id }): string => id,
  ),
  order: byKey(
    (ids: readonly string[]) => findPaymentOrders(db, ids),
    ({ orderId }) => orderId,
  ),
  settlement: groupBy(
    (ids: readonly string[]) => findSettlements(db, ids),
    ({ orderId }) => orderId,
  ),
  standing: byKey(
    (ids: readonly string[]) => findStandings(db, ids),
    ({ shopId }) => shopId,
  ),
  held: byKey(
    (ids: readonly string[]) => findHeld(db, ids),
    ({ ownerId }) => ownerId,
  ),
  ...withdrawalLoaders(db),
  shopStatement: statementLoaders(db, accountsOfShops),
  walletStatement: statementLoaders(db, accountsOfBuyers),
  wallet: byKey(
    (ids: readonly string[]) => findBalances(db, 'BUYER_WALLET', ids),
    ({ ownerId }) => ownerId,
  ),
  postings: groupBy(
    (ids: readonly string[]) => findPostings(db, ids),
    ({ journalId }) => journalId,
  ),
  events: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => findEventPages(db, ids, page),
      ({ paymentId }) => paymentId,
    ),
  ),
  refunds: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => findRefundPages(db, ids, page),
      ({ orderId }) => orderId,
    ),
  ),
  refundsOfPayment: perArguments((page: Page) =>
    groupBy(
      (ids: readonly string[]) => findRefundPagesOfPayments(db, ids, page),
      ({ paymentId }) => paymentId,
    ),
  ),
})

/** Every by-key read of payments, fresh for one request: one statement per batch. */
export const openLoaders = (db: Database) => clearable(openEach(db))

/** See openLoaders. */
export type PaymentLoaders = ReturnType<typeof openLoaders>
