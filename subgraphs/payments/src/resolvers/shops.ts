import { rupiah } from '@pasar/shared/money'
import { balanceOf, bankAccountsOf, resolveWithdrawal, shopEntriesOf, withdrawalsOf } from '../entities.ts'
import type { Resolvers } from '../generated/resolvers.ts'

const shop = ({ shopId }: { readonly shopId: string }) => ({ id: shopId })
const lastDigits = ({ number }: { readonly number: string }): string => number.slice(-4)

/** What shops have, owe and take out. */
export const shops = {
  Shop: {
    balance: (shop, _, ctx) => balanceOf(shop, ctx),
    bankAccounts: (shop, _, ctx) => bankAccountsOf(shop, ctx),
    withdrawals: withdrawalsOf,
  },
  ShopBalance: {
    inTransit: async ({ shopId }, _, { loaders }) => rupiah((await loaders.inTransit.load(shopId))?.amount ?? 0n),
    entries: shopEntriesOf,
  },
  ShopDebt: { shop, amount: ({ amount }) => rupiah(amount) },
  ShopBankAccount: { lastDigits },
  RemoveBankAccountSuccess: { shop },
  Withdrawal: {
    __resolveReference: resolveWithdrawal,
    shop,
    amount: ({ amount }) => rupiah(amount),
    bankAccount: async ({ bankAccountId }, _, { loaders }) => (await loaders.bankAccount.load(bankAccountId))!,
    destination: (withdrawal) => withdrawal,
  },
  WithdrawalDestination: { lastDigits },
  ConcludeWithdrawalSuccess: {
    withdrawal: async ({ withdrawalId }, _, { loaders }) => (await loaders.withdrawal.load(withdrawalId))!,
  },
} satisfies Resolvers
