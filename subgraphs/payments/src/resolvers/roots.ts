import { command, streamed } from '@pasar/shared/subgraph/resolvers'
import { addBankAccount } from '../commands/add-bank-account.ts'
import { addCommissionRule } from '../commands/add-commission-rule.ts'
import { addPaymentFeeRule } from '../commands/add-payment-fee-rule.ts'
import { addShopTaxRule } from '../commands/add-shop-tax-rule.ts'
import { concludeWithdrawal } from '../commands/conclude-withdrawal.ts'
import { paymentsCancel } from '../commands/payments-cancel.ts'
import { paymentsCreate } from '../commands/payments-create.ts'
import { recordCourierStatement } from '../commands/record-courier-statement.ts'
import { removeBankAccount } from '../commands/remove-bank-account.ts'
import { withdraw } from '../commands/withdraw.ts'
import { writeOffCourierDue } from '../commands/write-off-courier-due.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import {
  findPayment,
  listDebts,
  listDues,
  listHeld,
  listJournals,
  listPaymentMethods,
  listRules,
  owedTo,
  readInvariants,
  readTrialBalance,
} from '../queries.ts'
import { followInvariants, followPayment } from '../subscriptions.ts'

/** Root fields. */
export const roots = {
  Query: {
    payment: (_, args, ctx) => findPayment(ctx, args),
    paymentMethods: (_, { amount }, ctx) => listPaymentMethods(ctx, amount),
    trialBalance: (_, args, ctx) => readTrialBalance(ctx, args),
    invariants: (_, args, ctx) => readInvariants(ctx, args),
    ledgerJournals: (_, args, ctx) => listJournals(ctx, args),
    chargeRules: (_, args, ctx) => listRules(ctx, args),
    courierDues: (_, args, ctx) => listDues(ctx, args),
    shopDebts: (_, args, ctx) => listDebts(ctx, args),
    heldWithdrawals: (_, args, ctx) => listHeld(ctx, args),
    paymentsOwed: (_, { accountId }, ctx) => owedTo(ctx, accountId),
  },
  Mutation: {
    addBankAccount: command(addBankAccount),
    removeBankAccount: command(removeBankAccount),
    withdraw: command(withdraw),
    concludeWithdrawal: command(concludeWithdrawal),
    addCommissionRule: command(addCommissionRule),
    addPaymentFeeRule: command(addPaymentFeeRule),
    addShopTaxRule: command(addShopTaxRule),
    recordCourierStatement: command(recordCourierStatement),
    writeOffCourierDue: command(writeOffCourierDue),
    paymentsCreate: command(paymentsCreate),
    paymentsCancel: command(paymentsCancel),
  },
  Subscription: {
    invariants: streamed(followInvariants),
    paymentUpdated: streamed(followPayment),
  },
} satisfies Resolvers
