import type { Random } from '../../attacks/random.ts'
import { kinds } from './kinds.ts'
import { openParts, type Plan } from './script.ts'

/** Ways to pay that each provider can give back by. */
const ways = {
  midtrans: ['GOPAY', 'QRIS', 'SHOPEEPAY', 'KREDIVO', 'AKULAKU', 'CARD'],
  xendit: ['GOPAY', 'QRIS', 'SHOPEEPAY', 'KREDIVO', 'OVO', 'DANA', 'CARD'],
} as const

/** The names of all kinds of lives. */
export const kindNames: readonly string[] = kinds.map(({ name }) => name)

/** Plans so many lives, as many of each kind as of any other. */
export function planLives(count: number, randomOf: (life: number) => Random): readonly Plan[] {
  return Array.from({ length: count }, (_, life) => {
    const random = randomOf(life)
    const { name, of, methods, paidTold = 'now', isOfShop, steps } = kinds[life % kinds.length]!
    const provider = of ?? random.of(['midtrans', 'xendit'] as const)
    const orders = Array.from({ length: isOfShop ? 1 : 1 + random.upTo(2) }, () => ({
      items: (isOfShop ? 100_000 : 20_000) + random.upTo(600_000),
      shipping: random.upTo(30_000),
    }))
    const parts = openParts(random, orders)
    const method = random.of(methods ?? ways[provider])
    return { name, provider, method, orders, paidTold, steps: steps({ random, parts }) }
  })
}
