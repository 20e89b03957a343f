import { byKey, clearable, groupBy, perArguments } from '@pasar/shared/subgraph/loader'
import type { Page } from '@pasar/shared/subgraph/page'
import type { AccountRef } from './domain/chart-of-accounts.ts'
import { findPaymentOrders } from './store/escrow.ts'
import type { Db } from './store/database.ts'
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

/** By-key reads of what moved on the accounts that owners have. */
const statementLoaders = (db: Db, accountsOf: (ids: readonly string[]) => readonly AccountRef[]) =>
  clearable({
    entries: perArguments((page: StatementPage) => groupBy((ids) => findEntries(db, accountsOf(ids), page), 'ownerId')),
    ends: perArguments((period: Period) => byKey((ids) => findPeriodEnds(db, accountsOf(ids), period), 'ownerId')),
  })

/** See statementLoaders. */
export type StatementLoaders = ReturnType<typeof statementLoaders>

/** Every by-key read of payments, fresh for one request: one statement per batch. */
export const openLoaders = (db: Db) =>
  clearable({
    payment: byKey((ids) => findPayments(db, ids), 'id'),
    paymentOfCheckout: byKey((ids) => findPaymentsOfCheckouts(db, ids), 'checkoutId'),
    refund: byKey((ids) => findRefunds(db, ids), 'id'),
    order: byKey((ids) => findPaymentOrders(db, ids), 'orderId'),
    settlement: groupBy((ids) => findSettlements(db, ids), 'orderId'),
    standing: byKey((ids) => findStandings(db, ids), 'shopId'),
    held: byKey((ids) => findHeld(db, ids), 'ownerId'),
    inTransit: byKey((ids) => findInTransit(db, ids), 'ownerId'),
    bankAccount: byKey((ids) => findBankAccounts(db, ids), 'id'),
    bankAccountsOfShop: groupBy((ids) => findBankAccountsOfShops(db, ids), 'shopId'),
    withdrawal: byKey((ids) => findWithdrawals(db, ids), 'id'),
    withdrawalsOfShop: perArguments((page: Page) => groupBy((ids) => findWithdrawalPages(db, ids, page), 'shopId')),
    shopStatement: statementLoaders(db, accountsOfShops),
    walletStatement: statementLoaders(db, accountsOfBuyers),
    wallet: byKey((ids) => findBalances(db, 'BUYER_WALLET', ids), 'ownerId'),
    postings: groupBy((ids) => findPostings(db, ids), 'journalId'),
    events: perArguments((page: Page) => groupBy((ids) => findEventPages(db, ids, page), 'paymentId')),
    refunds: perArguments((page: Page) => groupBy((ids) => findRefundPages(db, ids, page), 'orderId')),
    refundsOfPayment: perArguments((page: Page) => groupBy((ids) => findRefundPagesOfPayments(db, ids, page), 'paymentId')),
  })

/** See openLoaders. */
export type Loaders = ReturnType<typeof openLoaders>
