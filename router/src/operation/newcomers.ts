import { Unavailable } from '@pasar/shared/problems'

/** How many may wait, and how many of those that have become known meanwhile go on in one turn. */
export interface NewcomersOptions {
  readonly waitingMax: number
  readonly knownPerTurn: number
}

/** Waits for the turn of somebody's operation. Rejects where too many wait, also later where its sender has most of them. */
export type Newcomers = (sender: string, isKnown: () => boolean) => Promise<void>

interface Waiting {
  readonly isKnown: () => boolean
  begin(): void
  refuse(error: Error): void
}

const busy = {
  id: 'Terlalu banyak operasi baru saat ini. Coba lagi sebentar lagi.',
  en: 'Too many new operations right now. Try again in a moment.',
}

const tooMany = () => new Unavailable('the line of new operations', busy)

/**
 * Lets operations that the router does not know yet begin one at a time, each in a turn of the event loop of its own and behind all that
 * has come by then: to read, check and plan one takes longer than all that the router does for one that it knows. A crowd that sends the
 * same waits for the first of them only, and senders take turns: who sends many waits for one after the other.
 */
export function openNewcomers({ waitingMax, knownPerTurn }: NewcomersOptions): Newcomers {
  const line = openLine()
  const next = () => {
    for (let begun = 0; begun < knownPerTurn; begun += 1) {
      const first = line.takeFirst()
      if (!first) return
      const known = first.isKnown()
      first.begin()
      if (!known) break
    }
    if (line.length() > 0) setImmediate(next)
  }
  return (sender, isKnown) => {
    if (line.length() >= waitingMax && !line.makeRoomFor(sender)) return Promise.reject(tooMany())
    if (line.length() === 0) setImmediate(next)
    return new Promise((begin, refuse) => line.add(sender, { isKnown, begin, refuse }))
  }
}

/** A line in which senders take turns. */
function openLine() {
  const lines = new Map<string, Waiting[]>()
  let length = 0
  return {
    length: () => length,
    add(sender: string, waiting: Waiting): void {
      const own = lines.get(sender)
      if (own) own.push(waiting)
      else lines.set(sender, [waiting])
      length += 1
    },
    takeFirst(): Waiting | undefined {
      const [entry] = lines
      if (!entry) return undefined
      const [sender, own] = entry
      const first = own.shift()
      // Behind the others.
      lines.delete(sender)
      if (own.length > 0) lines.set(sender, own)
      length -= 1
      return first
    },
    /** Sends away the last of whoever has most in the line; says no where nobody has more than one more than the sender. */
    makeRoomFor(sender: string): boolean {
      const most = [...lines.values()].reduce((longest, one) => (one.length > longest.length ? one : longest))
      if (most.length <= (lines.get(sender)?.length ?? 0) + 1) return false
      most.pop()!.refuse(tooMany())
      length -= 1
      return true
    },
  }
}
