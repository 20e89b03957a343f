import { newId, type Id } from '@pasar/shared/ids'
import { account, type Market } from './market.ts'

/** A shop takes out all that it has; answers the withdrawal's id. */
export async function withdrawAll(market: Market, shop: Id<'shop'>): Promise<string> {
  const seller = account(newId('account'), ['seller'], [shop])
  const add = `mutation ($input: AddBankAccountInput!) { addBankAccount(input: $input) { ... on AddBankAccountSuccess { bankAccount { id } } } }`
  const take = `mutation ($input: WithdrawInput!) { withdraw(input: $input) { ... on WithdrawSuccess { withdrawal { id } } } }`
  const send = async <T>(query: string, input: object) =>
    (
      await market.execute<T>({
        query,
        as: seller,
        variables: { input: { shopId: shop, idempotencyKey: newId('movement'), ...input } },
      })
    ).data!
  const bank = { bank: 'BCA', number: '1234567890', holder: 'Siti' }
  const { addBankAccount } = await send<{ addBankAccount: { bankAccount: { id: string } } }>(add, bank)
  const wanted = {
    bankAccountId: addBankAccount.bankAccount.id,
    amount: Number((await market.ledger()).balances[`SELLER_BALANCE:${shop}`]),
  }
  return (await send<{ withdraw: { withdrawal: { id: string } } }>(take, wanted)).withdraw.withdrawal.id
}
