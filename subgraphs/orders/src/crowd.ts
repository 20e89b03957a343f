import type { Calls } from '@pasar/shared/calls'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { openSlots } from '@pasar/shared/slots'
import type { CheckoutProblem } from './domain/checkout.ts'

/** Who wants to buy which cart. */
export interface Wish {
  readonly buyerId: string
  readonly cartId: string
}

interface Line {
  readonly variantId: string
  readonly quantity: number
}

const wanted = `query ($input: CartsWantedInput!) { cartsWanted(input: $input) { variantId quantity } }`
const short = `query ($input: ProductsShortInput!) { productsShort(input: $input) { variantId available } }`

const busy = {
  id: 'Terlalu banyak yang membeli saat ini. Coba lagi sebentar lagi.',
  en: 'Too many people are buying right now. Try again in a moment.',
}

/**
 * When everybody buys at once: a process works on a few checkouts at a time, first come first served, and sends those away for a moment who
 * would wait too long. Who had to wait is told that a thing is gone before a checkout is begun that would only find that out and undo itself;
 * whether it is there still decides the reservation alone.
 */
export function openCrowd(calls: Calls) {
  const { checkoutsAtOnce: atOnce, checkoutsWaitingMax: waitingMax, checkoutsWaitingMs: waitingMs } = limits
  const inTurn = openSlots({ atOnce, waitingMax, waitingMs, what: 'checkout', busy })
  const findSoldOut = async ({ buyerId, cartId }: Wish): Promise<CheckoutProblem | undefined> => {
    const ask = { requestId: cartId }
    const variables = { input: { accountId: buyerId, cartId } }
    const { cartsWanted: lines } = await calls<{ cartsWanted: Line[] }>({ ...ask, domain: 'carts', query: wanted, variables })
    if (lines.length === 0) return undefined
    const asked = { ...ask, domain: 'products', query: short, variables: { input: { lines } } } as const
    const { productsShort: lacking } = await calls<{ productsShort: { variantId: string; available: number }[] }>(asked)
    return lacking.length === 0 ? undefined : problem('CheckoutOutOfStock', { lines: lacking })
  }
  return {
    inTurn,
    /** What the market lacks of a cart that is in no checkout. Where nobody answers, the checkout itself will find out. */
    soldOut: (wish: Wish) => findSoldOut(wish).catch(() => undefined),
  }
}

/** Keeps a crowd in line; see openCrowd. */
export type Crowd = ReturnType<typeof openCrowd>
