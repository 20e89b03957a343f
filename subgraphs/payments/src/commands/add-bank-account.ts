import { parseBoundedText } from '@pasar/shared/bounded-text'
import { oneOf } from '@pasar/shared/expectations'
import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { idParser, newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { BadInput, problem } from '@pasar/shared/problems'
import { requireOwnShop } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from '../context.ts'
import { banks } from '../domain/withdrawal.ts'
import type { AddBankAccountInput } from '../generated/resolvers.ts'
import { findBankAccountsOfShops, insertBankAccount, lockBankAccountsOf } from '../store/withdrawals.ts'

const parseShopId = idParser('shop')
/** More than this is somebody else's. */
const accountsMax = 5

function parse({ bank, number, holder }: AddBankAccountInput) {
  if (!banks.includes(bank)) throw new BadInput('bank', oneOf(banks))
  const digits = number.replaceAll(/[\s.-]/g, '')
  if (!/^\d{6,20}$/.test(digits)) throw new BadInput('number', { id: '6 sampai 20 angka', en: '6 to 20 digits' })
  return { bank, number: digits, holder: parseBoundedText(holder, 'holder', [1, limits.nameCharactersMax]) }
}

/** A shop names a bank account that its money may go to. */
export function addBankAccount(ctx: PaymentsContext, input: AddBankAccountInput) {
  const shopId = parseShopId(input.shopId, 'shopId')
  const { accountId } = requireOwnShop(ctx.viewer, shopId)
  const account = { id: newId('bankAccount'), shopId, ...parse(input) }
  const { id: _, ...wanted } = account
  const attempt = { scope: 'addBankAccount', actor: accountId, key: parseIdempotencyKey(input.idempotencyKey), input: wanted }
  return runOnce(ctx, attempt, async (tx) => {
    await lockBankAccountsOf(tx, shopId)
    const known = await findBankAccountsOfShops(tx, [shopId])
    const isNew = !known.some(({ bank, number }) => bank === account.bank && number === account.number)
    if (isNew && known.length >= accountsMax) return problem('TooManyBankAccounts', { maximum: accountsMax })
    const bankAccount = await insertBankAccount(tx, account, { by: accountId, now: ctx.clock.now() })
    return { __typename: 'AddBankAccountSuccess', bankAccount } as const
  })
}
