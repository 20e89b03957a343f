import type { Follower } from './follower.ts'
import type { OrderEvent } from './market.ts'

/** What became of one follower. */
export interface Followed {
  readonly name: string
  readonly frames: number
  readonly missing: number
  readonly twice: number
  readonly inOrder: boolean
  /** Frames that were what a query said while the market stood still. */
  readonly asQueried: number
  readonly ends: Readonly<Record<string, number>>
  /** Whether its connection ended for no other reason than it was to: never, once for each frame, or by its token. */
  readonly endedAsMeant: boolean
}

type Followable = Pick<Follower, 'name' | 'frames' | 'ends' | 'endsBy'>

/** What followers must hear of an order that is bought and brought. */
const wholeLife = ['PLACED', 'PAID', 'ACCEPTED', 'READY_TO_SHIP', 'SHIPPED', 'DELIVERED', 'COMPLETED']

/** Whether an order's own log has all of that, and nothing else. */
export const isWholeLife = (events: readonly Pick<OrderEvent, 'event'>[]): boolean =>
  events.map(({ event }) => event).join() === wholeLife.join()

/** What became of a follower, against what the order's own log says of it. */
export function judge({ name, frames, ends, endsBy }: Followable, events: readonly OrderEvent[], asQueried: number): Followed {
  const cursors = frames.map(({ cursor }) => cursor)
  return {
    name,
    frames: frames.length,
    missing: events.filter(({ cursor }) => !cursors.includes(cursor)).length,
    twice: cursors.length - new Set(cursors).size,
    inOrder: frames.every(({ cursor, event }, index) => events[index]?.cursor === cursor && events[index]?.event === event),
    asQueried,
    ends,
    endedAsMeant: endedAsMeant({ ends, endsBy }, frames.length),
  }
}

/** Cut once for each frame; ended by its token as often as that was over; and never otherwise. */
function endedAsMeant({ ends, endsBy }: Pick<Followable, 'ends' | 'endsBy'>, frames: number): boolean {
  const reasons = Object.keys(ends)
  if (endsBy === undefined) return reasons.length === 0
  return reasons.length === 1 && (endsBy === 'cut' ? ends['cut'] === frames : reasons[0] === endsBy)
}

/** Whether it has seen every event once, in order, each as a query said it then, and was cut off for no other reason than it was to. */
export const isWhole = ({ missing, twice, inOrder, frames, asQueried, endedAsMeant: asMeant }: Followed, events: number) =>
  missing === 0 && twice === 0 && inOrder && frames === events && asQueried === events && asMeant
