import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { idParser, type Id } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireOwnShop } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from '../context.ts'
import type { RemoveBankAccountInput } from '../generated/resolvers.ts'
import { hideBankAccount } from '../store/withdrawals.ts'

interface RemovedBankAccount {
  readonly shopId: Id<'shop'>
  readonly bankAccountId: Id<'bankAccount'>
}

const parseShopId = idParser('shop')
const parseBankAccountId = idParser('bankAccount')

/** A shop takes a bank account off its list: no new withdrawal goes there, and those that were asked for go on. */
export function removeBankAccount(ctx: PaymentsContext, input: RemoveBankAccountInput) {
  const shopId = parseShopId(input.shopId, 'shopId')
  const { accountId } = requireOwnShop(ctx.viewer, shopId)
  const bankAccountId = parseBankAccountId(input.bankAccountId, 'bankAccountId')
  const removed: RemovedBankAccount = { shopId, bankAccountId }
  const attempt = { scope: 'removeBankAccount', actor: accountId, key: parseIdempotencyKey(input.idempotencyKey), input: removed }
  return runOnce(ctx, attempt, async (tx) => {
    if (!(await hideBankAccount(tx, removed, ctx.clock.now()))) return problem('BankAccountNotFound', { bankAccountId })
    return { __typename: 'RemoveBankAccountSuccess', ...removed } as const
  })
}
