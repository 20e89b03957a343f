import { limits } from '@pasar/shared/limits'
import { minorUnits } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import type { Line } from './cart.ts'
import { planMerge } from './merge.ts'

const some = { productId: 'prd_1', title: 'Kopi Gayo', variantName: '250 g', imageUrl: null, originRegencyCode: '11.04' }
const size = { weightGrams: 260, lengthMm: 120, widthMm: 80, heightMm: 60 }
const seen = { selected: true, seenPrice: minorUnits(10_000), seenAvailable: 10, seenActive: true }

/** A line written as its id, its group and its variant. */
function line(words: string, quantity = 1): Line {
  const [id, groupId, variantId] = words.split(' ') as [string, string, string]
  const place = { id, cartId: 'crt_1', groupId, variantId, shopId: `shop of ${groupId}`, quantity }
  return { ...some, ...size, ...seen, ...place, price: minorUnits(10_000), available: 10, active: true }
}

const group = (id: string, shopId: string, courierServiceId: string | null = null) => ({ id, shopId, courierServiceId })

describe('a guest cart that goes into an account’s', () => {
  it('adds up what both have, and moves the rest into the group of its shop', () => {
    const own = { lines: [line('a own-1 coffee', 2)], groups: [group('own-1', 'shop-1')] }
    const groups = [group('guest-1', 'shop-1', 'jne_reg'), group('guest-2', 'shop-2')]
    const guest = {
      lines: [line('b guest-1 coffee', 3), line('c guest-1 tea'), line('d guest-2 rice')],
      groups,
    }
    const plan = planMerge(own, guest)
    expect(plan.added).toEqual([{ id: 'a', quantity: 5, selected: true }])
    const [first, second] = plan.groups
    expect([first, second]).toMatchObject([
      { id: 'own-1', shopId: 'shop-1', courierServiceId: 'jne_reg' },
      { shopId: 'shop-2', courierServiceId: null },
    ])
    expect(plan.moved).toMatchObject([
      { lineId: 'c', groupId: 'own-1' },
      { lineId: 'd', groupId: second!.id },
    ])
    expect(plan.emptied).toEqual(['guest-1', 'guest-2'])
    expect(plan.leftOut).toEqual([])
  })

  it('leaves behind what has no room, with its group, but not what the account has already', () => {
    const lines = Array.from({ length: limits.cartLinesMax }, (_, index) => line(`own-${index} own-1 variant-${index}`))
    const guest = {
      lines: [line('new guest-1 tea'), line('old guest-1 variant-7', limits.cartQuantityMax)],
      groups: [group('guest-1', 'shop-9', 'jne_reg')],
    }
    expect(planMerge({ lines, groups: [group('own-1', 'shop-1')] }, guest)).toEqual({
      groups: [],
      moved: [],
      added: [{ id: 'own-7', quantity: limits.cartQuantityMax, selected: true }],
      taken: ['old'],
      emptied: [],
      leftOut: ['tea'],
    })
  })
})
