import type { TestSubgraph } from '@pasar/shared/testing/subgraph'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { add, publish, readCart, startCarts } from './carts-for-test.ts'

let carts: TestSubgraph
beforeAll(async () => {
  carts = await startCarts()
})
afterAll(() => carts.stop())

it('the cart of an erased account is gone, and nobody else’s', async () => {
  const { variantId } = await publish(carts)
  const [gone, stays] = [accountForTest(), accountForTest()]
  for (const as of [gone, stays]) await add(carts, { as }, { variantId })
  const event = { type: 'AccountErased', id: 'users:1', payload: { accountId: gone.accountId } } as const
  await carts.deliver('users', event)
  expect([await readCart(carts, { as: gone }), (await readCart(carts, { as: stays }))?.lines.length]).toEqual([null, 1])
  await carts.deliver('users', event)
  expect((await readCart(carts, { as: stays }))?.lines.length).toBe(1)
})
