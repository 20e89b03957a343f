import type { PageArguments } from '@pasar/shared/page'
import { rupiah } from '@pasar/shared/money'
import type { Resolvers } from '@pasar/shared/subgraph-schema'
import { addBankAccount } from './commands/add-bank-account.ts'
import { addCommissionRule } from './commands/add-commission-rule.ts'
import { addPaymentFeeRule } from './commands/add-payment-fee-rule.ts'
import { addShopTaxRule } from './commands/add-shop-tax-rule.ts'
import { paymentsCancel } from './commands/payments-cancel.ts'
import { paymentsCreate } from './commands/payments-create.ts'
import { recordCourierStatement } from './commands/record-courier-statement.ts'
import { removeBankAccount, type RemovedBankAccount } from './commands/remove-bank-account.ts'
import { withdraw } from './commands/withdraw.ts'
import { writeOffCourierDue } from './commands/write-off-courier-due.ts'
import type { PaymentsContext } from './context.ts'
import { shopEntryKind, walletEntryKind } from './domain/entries.ts'
import { instalmentsOf } from './domain/methods.ts'
import {
  balanceOf,
  bankAccountsOf,
  eventsOf,
  paymentOfCheckout,
  refundsOf,
  refundsOfPayment,
  resolvePayment,
  resolveRefund,
  resolveWithdrawal,
  settlementOf,
  shopEntriesOf,
  walletEntriesOf,
  walletOf,
  withdrawalsOf,
  type Statement,
} from './entities.ts'
import type { InvariantsReport } from './invariants-watch.ts'
import { followInvariants, readInvariants } from './invariants.ts'
import { parseCheckoutId, parsePaymentsCreate, type PaymentsCreateInput } from './internal.ts'
import { openLoaders } from './loaders.ts'
import {
  findPayment,
  listDebts,
  listDues,
  listJournals,
  listPaymentMethods,
  listRules,
  owedTo,
  readTrialBalance,
  type DuesArguments,
  type JournalsArguments,
  type RulesArguments,
  type StaffListArguments,
} from './queries.ts'
import type { CommissionRule, PaymentFeeRule, ShopTaxRule } from './store/charge-rules.ts'
import type { CourierDue } from './store/courier-dues.ts'
import type { CourierStatement, StatementLineRow } from './store/courier-statements.ts'
import type { Entry, StatementArguments } from './store/entries.ts'
import type { PostingRow, JournalRow } from './store/journals.ts'
import type { PaymentEventRow } from './store/pages.ts'
import type { Payment } from './store/payments.ts'
import type { Refund } from './store/refunds.ts'
import type { ShopDebt } from './store/seller-accounts.ts'
import type { Withdrawal } from './store/withdrawals.ts'
import { followPayment, type PaymentFrame } from './subscriptions.ts'

type Ctx = PaymentsContext
type Root = unknown
interface Ref {
  readonly id: string
}

/** A mutation's resolver; what is read afterwards is read afresh, also when one request holds several mutations. */
const command =
  <I, R>(run: (ctx: Ctx, input: I) => Promise<R>) =>
  async (_: Root, { input }: { readonly input: I }, ctx: Ctx): Promise<R> => {
    const result = await run(ctx, input)
    ctx.loaders = openLoaders(ctx.deps.db)
    return result
  }

/** What every movement on a balance shows; what it is about is looked up as by anybody. */
const entry = {
  amount: ({ amount }: Entry) => rupiah(amount),
  balance: ({ balance }: Entry) => rupiah(balance),
  order: ({ orderId }: Entry) => orderId && { __typename: 'Order', id: orderId },
  refund: ({ refundId }: Entry, _: object, ctx: Ctx) => refundId && resolveRefund({ id: refundId }, ctx),
}

/** What was there before and after the period of a statement, looked up where it is asked for. */
const endOf = (side: 'opening' | 'closing') => async (statement: Statement) => {
  const ends = await statement.ends()
  return ends && rupiah(ends[side])
}
const period = { opening: endOf('opening'), closing: endOf('closing') }

const lastDigits = ({ number }: { readonly number: string }): string => number.slice(-4)

export const resolvers: Resolvers = {
  Query: {
    payment: (_: Root, args: { id: string; reason?: string | null }, ctx: Ctx) => findPayment(ctx, args),
    paymentMethods: (_: Root, { amount }: { amount: bigint }, ctx: Ctx) => listPaymentMethods(ctx, amount),
    trialBalance: (_: Root, args: { reason?: string | null }, ctx: Ctx) => readTrialBalance(ctx, args),
    invariants: (_: Root, args: { reason?: string | null }, ctx: Ctx) => readInvariants(ctx, args),
    ledgerJournals: (_: Root, args: JournalsArguments, ctx: Ctx) => listJournals(ctx, args),
    chargeRules: (_: Root, args: RulesArguments, ctx: Ctx) => listRules(ctx, args),
    courierDues: (_: Root, args: DuesArguments, ctx: Ctx) => listDues(ctx, args),
    shopDebts: (_: Root, args: StaffListArguments, ctx: Ctx) => listDebts(ctx, args),
    paymentsOwed: (_: Root, { accountId }: { accountId: string }, ctx: Ctx) => owedTo(ctx, accountId),
  },
  Mutation: {
    addBankAccount: command(addBankAccount),
    removeBankAccount: command(removeBankAccount),
    withdraw: command(withdraw),
    addCommissionRule: command(addCommissionRule),
    addPaymentFeeRule: command(addPaymentFeeRule),
    addShopTaxRule: command(addShopTaxRule),
    recordCourierStatement: command(recordCourierStatement),
    writeOffCourierDue: command(writeOffCourierDue),
    paymentsCreate: command(({ deps }, input: PaymentsCreateInput) => paymentsCreate(deps, parsePaymentsCreate(input))),
    paymentsCancel: command(({ deps }, input: { readonly checkoutId: string }) =>
      paymentsCancel(deps, parseCheckoutId(input.checkoutId)),
    ),
  },
  ShopBalance: {
    inTransit: async ({ shopId }: { shopId: string }, _: object, { loaders }: Ctx) =>
      rupiah((await loaders.inTransit.load(shopId))?.amount ?? 0n),
    entries: (balance: { shopId: string }, args: StatementArguments, ctx: Ctx) => shopEntriesOf(balance, args, ctx),
  },
  ShopBalanceEntryConnection: period,
  WalletEntryConnection: period,
  ShopBalanceEntry: {
    ...entry,
    kind: (moved: Entry) => shopEntryKind(moved),
    withdrawal: ({ withdrawalId }: Entry, _: object, ctx: Ctx) => withdrawalId && resolveWithdrawal({ id: withdrawalId }, ctx),
  },
  WalletEntry: {
    ...entry,
    kind: (moved: Entry) => walletEntryKind(moved),
    payment: ({ paymentId }: Entry, _: object, ctx: Ctx) => paymentId && resolvePayment({ id: paymentId }, ctx),
  },
  PaymentFeeRule: {
    fixedAmount: ({ fixedAmount }: PaymentFeeRule) => rupiah(fixedAmount),
  },
  CommissionRule: {
    shop: ({ shopId }: CommissionRule) => shopId && { __typename: 'Shop', id: shopId },
  },
  ShopTaxRule: {
    shop: ({ shopId }: ShopTaxRule) => ({ __typename: 'Shop', id: shopId }),
  },
  CourierDue: {
    order: ({ orderId }: CourierDue) => orderId && { __typename: 'Order', id: orderId },
    amount: ({ amount }: CourierDue) => rupiah(amount),
    settled: ({ settled }: CourierDue) => rupiah(settled),
  },
  CourierStatement: {
    received: ({ received }: CourierStatement) => rupiah(received),
  },
  CourierStatementLine: {
    amount: ({ amount }: StatementLineRow) => rupiah(amount),
    matched: ({ matched }: StatementLineRow) => rupiah(matched),
  },
  ShopDebt: {
    shop: ({ shopId }: ShopDebt) => ({ __typename: 'Shop', id: shopId }),
    amount: ({ amount }: ShopDebt) => rupiah(amount),
  },
  RemoveBankAccountSuccess: {
    shop: ({ shopId }: RemovedBankAccount) => ({ __typename: 'Shop', id: shopId }),
  },
  ShopBankAccount: { lastDigits },
  Withdrawal: {
    __resolveReference: (ref: Ref, ctx: Ctx) => resolveWithdrawal(ref, ctx),
    shop: ({ shopId }: Withdrawal) => ({ __typename: 'Shop', id: shopId }),
    amount: ({ amount }: Withdrawal) => rupiah(amount),
    bankAccount: ({ bankAccountId }: Withdrawal, _: object, { loaders }: Ctx) => loaders.bankAccount.load(bankAccountId),
    destination: (withdrawal: Withdrawal) => withdrawal,
  },
  WithdrawalDestination: { lastDigits },
  Subscription: {
    invariants: {
      subscribe: (_: Root, args: { reason?: string | null }, ctx: Ctx) => followInvariants(ctx, args),
      resolve: (report: InvariantsReport) => report,
    },
    paymentUpdated: {
      subscribe: (_: Root, args: { paymentId: string; after?: string | null }, ctx: Ctx) => followPayment(ctx, args),
      resolve: (frame: PaymentFrame) => frame,
    },
  },
  PaymentUpdate: {
    payment: ({ paymentId }: PaymentFrame, _: object, { loaders }: Ctx) => loaders.payment.load(paymentId),
  },
  Payment: {
    __resolveReference: (ref: Ref, ctx: Ctx) => resolvePayment(ref, ctx),
    checkout: ({ checkoutId }: Payment) => ({ __typename: 'Checkout', id: checkoutId }),
    amount: ({ amount }: Payment) => rupiah(amount),
    instalments: ({ method, amount }: Payment) =>
      instalmentsOf(method, amount).map((row, index) => ({ number: index + 1, amount: rupiah(row) })),
    instructions: ({ instructions, expiresAt }: Payment) => instructions && { ...instructions, expiresAt },
    events: (payment: Payment, args: PageArguments, ctx: Ctx) => eventsOf(payment, args, ctx),
    refunds: (payment: Payment, args: PageArguments, ctx: Ctx) => refundsOfPayment(payment, args, ctx),
  },
  PaymentEvent: {
    id: ({ id }: PaymentEventRow) => String(id),
  },
  Refund: {
    __resolveReference: (ref: Ref, ctx: Ctx) => resolveRefund(ref, ctx),
    order: ({ orderId }: Refund) => ({ __typename: 'Order', id: orderId }),
    amount: ({ amount }: Refund) => rupiah(amount),
  },
  LedgerJournal: {
    postings: ({ id }: JournalRow, _: object, { loaders }: Ctx) => loaders.postings.load(id),
  },
  LedgerPosting: {
    amount: ({ amount }: PostingRow) => rupiah(amount),
  },
  Checkout: {
    payment: (ref: Ref, _: object, ctx: Ctx) => paymentOfCheckout(ref, ctx),
  },
  Order: {
    settlement: (ref: Ref, _: object, ctx: Ctx) => settlementOf(ref, ctx),
    refunds: (ref: Ref, args: PageArguments, ctx: Ctx) => refundsOf(ref, args, ctx),
  },
  Shop: {
    balance: (ref: Ref, _: object, ctx: Ctx) => balanceOf(ref, ctx),
    bankAccounts: (ref: Ref, _: object, ctx: Ctx) => bankAccountsOf(ref, ctx),
    withdrawals: (ref: Ref, args: PageArguments, ctx: Ctx) => withdrawalsOf(ref, args, ctx),
  },
  User: {
    walletBalance: (ref: Ref, _: object, ctx: Ctx) => walletOf(ref, ctx),
    walletEntries: (ref: Ref, args: StatementArguments, ctx: Ctx) => walletEntriesOf(ref, args, ctx),
  },
}
