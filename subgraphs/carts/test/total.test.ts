import { accountForTest } from '@pasar/shared/testing/account'
import type { TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { add, publish, startCarts } from './carts-for-test.ts'

let carts: TestSubgraph
beforeAll(async () => {
  carts = await startCarts()
})
afterAll(() => carts.stop())

const query = 'query ($cart: _Any!) { _entities(representations: [$cart]) { ... on Cart { total { amount } } } }'
const cost = (amount: number) => ({ shippingCost: { amount, currency: 'IDR' } })

it('the total of a cart is its items and what logistics asks for each of its parcels', async () => {
  const as = accountForTest()
  await add(carts, { as }, await publish(carts, { price: 10_000 }))
  const { cart } = await add(carts, { as }, await publish(carts, { price: 5_000 }))
  const total = async (groups: readonly object[]) => {
    const variables = { cart: { __typename: 'Cart', id: cart!.id, groups } }
    return (await carts.execute({ query, variables, as })).data
  }
  expect(await total([cost(9_000), cost(20_000)])).toEqual({ _entities: [{ total: { amount: 44_000 } }] })
  expect(await total([cost(9_000), { shippingCost: null }])).toEqual({ _entities: [{ total: null }] })
})
