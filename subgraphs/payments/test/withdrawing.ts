import { newId, type Id } from '@pasar/shared/ids'
import { account, type Market } from './market.ts'

/** A seller of a shop, who has named a bank account; the same again is that one, of another holder. */
export async function sellerWithBank(market: Market, shop: Id<'shop'>, holder = 'Siti') {
  const as = account(newId('account'), ['seller'], [shop])
  const query = `mutation ($input: AddBankAccountInput!) { addBankAccount(input: $input) { ... on AddBankAccountSuccess { bankAccount { id } } } }`
  const input = { shopId: shop, idempotencyKey: newId('movement'), bank: 'BCA', number: '1234567890', holder }
  const { data } = await market.execute<{ addBankAccount: { bankAccount: { id: string } } }>({ query, as, variables: { input } })
  const bankAccountId = data!.addBankAccount.bankAccount.id
  return { as, wish: (amount: number) => ({ shopId: shop, bankAccountId, amount, idempotencyKey: newId('movement') }) }
}

/** A shop takes out all that it has; answers the withdrawal's id. */
export async function withdrawAll(market: Market, shop: Id<'shop'>): Promise<string> {
  const { as, wish } = await sellerWithBank(market, shop)
  const query = `mutation ($input: WithdrawInput!) { withdraw(input: $input) { ... on WithdrawSuccess { withdrawal { id } } } }`
  const input = wish(Number((await market.ledger()).balances[`SELLER_BALANCE:${shop}`]))
  const { data } = await market.execute<{ withdraw: { withdrawal: { id: string } } }>({ query, as, variables: { input } })
  return data!.withdraw.withdrawal.id
}
