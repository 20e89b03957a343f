import { newId } from '@pasar/shared/ids'
import type { TestSubgraph } from '@pasar/shared/testing/subgraph'

const create = `mutation ($input: PaymentsCreateInput!) { paymentsCreate(input: $input) { __typename ... on PaymentsCreated { paymentId } } }`
const read = `query ($id: ID!) { payment(id: $id) { state instructions { kind bank vaNumber qrString url expiresAt } events { edges { node { providerStatus outcome } } } } }`

interface Seen {
  readonly payment: {
    readonly state: string
    readonly instructions: Record<string, string | null>
    readonly events: {
      readonly edges: readonly { readonly node: { readonly providerStatus: string; readonly outcome: string } }[]
    }
  }
}

/** A purchase that waits for its payment at a simulated provider, and the buttons of that, which are at `buttons`. */
export async function buyAt(payments: TestSubgraph, buttons: string, method: string) {
  const buyer = { kind: 'account', accountId: newId('account'), sessionId: newId('session'), roles: [], shopIds: [] } as const
  const [orderId, shopId, checkoutId] = [newId('order'), newId('shop'), newId('checkout')]
  const orders = [{ orderId, shopId, itemsAmount: 90_000, shippingAmount: 10_000 }]
  const expiresAt = new Date(payments.clock.now().getTime() + 86_400_000).toISOString()
  const input = { checkoutId, buyerId: buyer.accountId, method, amount: 100_000, expiresAt, orders }
  const { data } = await payments.executeAsOrders<{ paymentsCreate: { paymentId: string } }>({
    query: create,
    variables: { input },
  })
  const { paymentId } = data!.paymentsCreate
  const see = async () => {
    const { data, errors } = await payments.execute<Seen>({ query: read, variables: { id: paymentId }, as: buyer })
    if (!data) throw new Error(errors?.[0]?.message)
    return { ...data.payment, events: data.payment.events.edges.map(({ node }) => `${node.providerStatus} ${node.outcome}`) }
  }
  const press = (action: string, body: object = {}) =>
    fetch(`${buttons}/${paymentId}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return { orderId, shopId, checkoutId, buyerId: buyer.accountId, paymentId, see, press }
}
