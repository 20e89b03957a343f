import type { Domain } from '@pasar/shared/domains'
import { newId } from '@pasar/shared/ids'
import { act, type Act, type Came } from '../world/acts.ts'
import type { World } from '../world/world.ts'

/** What somebody did with a key and was told that it is done. */
export interface Done {
  readonly domain: Domain
  /** The mutation. */
  readonly field: string
  readonly actorId: string
  readonly key: string
  /** Absent where it was done to a whole checkout, empty where to none. */
  readonly orderId: string | undefined
  /** When it was answered, in the market's time. */
  readonly at: number
}

/** What a mutation is about: an order, its whole checkout, or neither. */
export type Input = { readonly orderId?: string; readonly [what: string]: unknown }

/** What somebody wants of one subgraph. */
export interface Wish extends Omit<Act, 'input' | 'success'> {
  readonly input: Input
  /** Where it carries no key, what is asked again must be harmless by itself. */
  readonly isKeyed?: boolean
}

/** Asks until there is an answer. */
export type Insist = <T = object>(wish: Wish) => Promise<Came<T>>

interface Insisting {
  readonly world: World
  readonly heal: () => Promise<void>
  /** What was answered is noted here. */
  readonly done: Done[]
}

/** Who does not answer is asked so often at most. */
export const triesMax = 60

/** Whatever does not answer is asked again with the same key, as clients do; each answer is given time to have its effects. */
export function insister({ world, heal, done }: Insisting): Insist {
  // A shop takes money out in more than one story.
  const told = newId('movement')
  return async <T>({ isKeyed = true, ...wish }: Wish) => {
    const { field, domain, as, input } = wish
    const key = `${field} ${told} ${JSON.stringify(input)}`.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 255)
    for (let tries = 1; tries <= triesMax; tries++) {
      const asked = { ...wish, input: isKeyed ? { ...input, idempotencyKey: key } : input }
      const came = await act<T>(world, asked).catch(() => undefined)
      await heal()
      if (!came) continue
      if (came.code === undefined && isKeyed)
        done.push({ domain, field, actorId: as.accountId, key, orderId: aboutOf(input), at: world.clock.now().getTime() })
      return came
    }
    throw new Error(`${field} was not answered ${triesMax} times`)
  }
}

const aboutOf = (input: Input): string | undefined => input.orderId ?? ('checkoutId' in input ? undefined : '')

/** The same, where a refusal is a fault of the proof. */
export const mustInsist =
  (insist: Insist): Insist =>
  async <T>(wish: Wish) => {
    const came = await insist<T>(wish)
    if (came.code !== undefined) throw new Error(`${wish.field} was refused: ${JSON.stringify(came)}`)
    return came
  }
