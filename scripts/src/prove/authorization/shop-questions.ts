import type { Question, Who } from './others.ts'
import { ask, ofShop } from './questions.ts'
import type { Belongings } from './read-belongings.ts'

const owner: readonly Who[] = ['seller']

/** A mutation of a shop, as far as it says whether it was made. */
const change = (name: string, input: string, shopId: string): Question =>
  ask(
    `mutation ($id: ID!) { ${name}(input: { shopId: $id, ${input} }) { __typename ... on Problem { code } } }`,
    { id: shopId },
    { at: [name], owners: owner },
  )

/** What of a shop is its owner's alone, and what is for whoever helps there, too. */
export function questionsAboutShop({ shopId, orderId }: Belongings): readonly Question[] {
  const inShop = (fields: string, at: readonly string[], owners: readonly Who[]) =>
    ask(`query ($id: ID!) { shop(id: $id) { ${fields} } }`, { id: shopId }, { at: ['shop', ...at], owners })
  return [
    change('addBankAccount', 'bank: BCA, number: "1234567890", holder: "Siti", idempotencyKey: "rekening"', shopId),
    inShop('bankAccounts { lastDigits holder }', ['bankAccounts', '0'], owner),
    inShop('balance { available { amount } entries(first: 5) { edges { cursor } } }', ['balance'], owner),
    ask(
      'query ($id: ID!) { order(id: $id) { settlement { held { amount } } } }',
      { id: orderId },
      { at: ['order', 'settlement'], owners: owner },
    ),
    change('changeShop', 'description: "Kopi dari lereng gunung."', shopId),
    change('inviteShopMember', 'email: "tamu@proof.example"', shopId),
    inShop('members { name email }', ['members'], owner),
    inShop('invitations { email }', ['invitations'], owner),
    inShop('owner { id }', ['owner'], owner),
    inShop('warehouses(first: 5) { edges { node { contactName phone street } } }', ['warehouses'], ofShop),
    inShop('productCounts { status count }', ['productCounts'], ofShop),
    inShop('flashSales(first: 5) { edges { cursor } }', ['flashSales'], ofShop),
    inShop('vouchers(first: 5) { edges { cursor } }', ['vouchers'], ofShop),
  ]
}
