import type { Random } from '../../attacks/random.ts'
import type { Sent } from '../collector.ts'
import type { Weather } from './weather.ts'

/** When a notification is handed over: as it comes, a round later, while the market works, or when all is over. */
export type When = 'now' | 'later' | 'meanwhile' | 'last'

/** One thing that happens in a life, in a round. */
export type Step = { readonly at: number } & (
  | { readonly does: 'release'; readonly order: number }
  | {
      readonly does: 'refund'
      readonly order: number
      readonly items: number
      readonly shipping: number
      readonly weather?: Weather
    }
  /** Somebody gives back in the provider's own pages, or the bank takes back: so many hundredths of what is left. */
  | { readonly does: 'give back'; readonly share: number; readonly when: When }
  | { readonly does: 'charge back'; readonly share: number; readonly when: When }
  /** A bank asks for so much at Xendit, and decides. */
  | { readonly does: 'dispute'; readonly share: number; readonly when: When }
  | { readonly does: 'end dispute'; readonly by: 'review' | 'win' | 'lose' }
  /** A refund that Xendit has begun fails, or is made after it failed; the newest one. */
  | { readonly does: 'fail refund'; readonly failureCode?: string }
  | { readonly does: 'make refund' }
  /** A shop takes out so many hundredths of what it has earned. */
  | { readonly does: 'withdraw'; readonly share: number; readonly weather?: Weather }
  /** What its bank makes of the newest withdrawal. */
  | { readonly does: 'pay' }
  | { readonly does: 'fail' }
  | { readonly does: 'reverse' }
)

/** A life after the payment, as it is to be lived. */
export interface Plan {
  readonly name: string
  readonly provider: Sent['provider']
  readonly method: string
  readonly orders: readonly { readonly items: number; readonly shipping: number }[]
  readonly steps: readonly Step[]
  /** When the money itself is told. */
  readonly paidTold: When
}

/** Hours of a life, and the one in which no method gives back any more. */
export const rounds = 5
export const lateRound = 5

/** Ways to pay by which nothing can be given back. */
export const virtualAccounts: readonly string[] = ['BCA_VA', 'BNI_VA', 'BRI_VA', 'PERMATA_VA']

/** Takes parts of orders out, never more than is left of them. */
export function openParts(random: Random, orders: Plan['orders']) {
  const left = orders.map((order) => ({ ...order }))
  const take = (isWhole = random.upTo(4) === 0) => {
    const order = random.of([...left.keys()].filter((place) => left[place]!.items > 0))
    const of = left[order]!
    const items = isWhole ? of.items : 1 + random.upTo(of.items)
    const shipping = isWhole || items === of.items ? of.shipping : random.upTo(of.shipping + 1)
    of.items -= items
    of.shipping -= shipping
    return { order, items, shipping }
  }
  const isLeft = () => left.some(({ items }) => items > 0)
  return {
    isLeft,
    /** A refund of a part in some round. */
    refund: (at: number, weather?: Weather): Step[] =>
      isLeft() ? [{ at, does: 'refund', ...take(), ...(weather && { weather }) }] : [],
    /** Refunds of all that is left. */
    rest: (at: number): Step[] => {
      const steps: Step[] = []
      while (isLeft()) steps.push({ at, does: 'refund', ...take(true) })
      return steps
    },
  }
}

/** See openParts. */
export type Parts = ReturnType<typeof openParts>
