import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { idParser, newId } from '@pasar/shared/ids'
import { minorUnits, rupiah } from '@pasar/shared/money'
import { problem } from '@pasar/shared/problems'
import { requireOwnShop } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from '../context.ts'
import { sellerBalance } from '../domain/chart-of-accounts.ts'
import { withdrawalJournal } from '../domain/journals.ts'
import { withdrawalMin } from '../domain/withdrawal.ts'
import type { WithdrawInput } from '../generated/resolvers.ts'
import { lockBalance, postJournal } from '../store/ledger.ts'
import { insertWithdrawal, lockBankAccount, type Withdrawal } from '../store/withdrawals.ts'

const parseShopId = idParser('shop')
const parseBankAccountId = idParser('bankAccount')

/** A seller takes money of a shop out of the market: it leaves the balance now, and is sent to the bank afterwards. */
export function withdraw(ctx: PaymentsContext, input: WithdrawInput) {
  const shopId = parseShopId(input.shopId, 'shopId')
  const { accountId } = requireOwnShop(ctx.viewer, shopId)
  const bankAccountId = parseBankAccountId(input.bankAccountId, 'bankAccountId')
  const amount = minorUnits(input.amount)
  const wanted = { shopId, bankAccountId, amount }
  const attempt = { scope: 'withdraw', actor: accountId, key: parseIdempotencyKey(input.idempotencyKey), input: wanted }
  return runOnce(ctx, attempt, async (tx) => {
    const account = await lockBankAccount(tx, bankAccountId)
    if (account?.shopId !== shopId) return problem('BankAccountNotFound', { bankAccountId })
    if (amount < withdrawalMin) return problem('WithdrawalTooSmall', { minimum: rupiah(withdrawalMin) })
    const available = await lockBalance(tx, sellerBalance(shopId))
    if (available < amount) return problem('ShopBalanceTooSmall', { available: rupiah(available) })
    const now = ctx.clock.now()
    const provider = ctx.providers.open[0]!.name
    const { bank, number, holder } = account
    const rest = { bank, number, holder, providerReference: null, attempts: 0, askedAt: null, requestedAt: now, endedAt: null }
    const withdrawal: Withdrawal = { ...wanted, ...rest, id: newId('withdrawal'), state: 'REQUESTED', provider }
    await insertWithdrawal(tx, withdrawal, accountId)
    await postJournal(tx, ctx.clock, withdrawalJournal(withdrawal))
    return { __typename: 'WithdrawSuccess', withdrawal } as const
  })
}
