import { limits } from '@pasar/shared/limits'
import { expect, it } from 'vitest'
import { openCrowd, type Wish } from './crowd.ts'

const wish: Wish = { buyerId: 'usr_1', cartId: 'crt_1', key: 'once' }
const placed = { __typename: 'CheckoutPlaced' }

it.each(['CheckoutOutOfStock', 'CheckoutFlashSaleLimited'])(
  'begins a checkout after %s also for whoever was looked for longer than an answer may take, and answers at once',
  async (gone) => {
    let now = 0
    const slowly = async (wishes: readonly Wish[]) => {
      now += limits.checkoutAnswerMs + limits.subgraphTimeoutMs
      return wishes.map(() => true)
    }
    const crowd = openCrowd({ calls: () => Promise.reject(new Error('nobody asks')), findBegun: slowly, now: () => now })
    const kept: number[] = []
    const work = (result: { readonly __typename: string }) => async (withinMs: number) => {
      kept.push(withinMs)
      return result
    }
    // Whoever comes after a thing was found to be gone is looked for first.
    await crowd.inTurn(wish, work({ __typename: gone }))
    expect(await crowd.inTurn(wish, work(placed))).toBe(placed)
    expect(kept).toEqual([limits.checkoutWorkMs, 0])
  },
)
