import { Unavailable } from '@pasar/shared/problems'

/** How many may wait, and how many of those that have become known meanwhile go on in one turn. */
export interface NewcomersOptions {
  readonly waitingMax: number
  readonly knownPerTurn: number
}

/** Waits for the turn of an operation. Rejects where too many wait already. */
export type Newcomers = (isKnown: () => boolean) => Promise<void>

interface Waiting {
  readonly isKnown: () => boolean
  begin(): void
}

const busy = {
  id: 'Terlalu banyak operasi baru saat ini. Coba lagi sebentar lagi.',
  en: 'Too many new operations right now. Try again in a moment.',
}

/**
 * Lets operations that the router does not know yet begin one at a time, each in a turn of the event loop of its own and behind all that
 * has come by then: to read, check and plan one takes longer than all that the router does for one that it knows. A crowd that sends the
 * same waits for the first of them only.
 */
export function openNewcomers({ waitingMax, knownPerTurn }: NewcomersOptions): Newcomers {
  const waiting: Waiting[] = []
  const next = () => {
    for (let begun = 0; begun < knownPerTurn; begun += 1) {
      const first = waiting.shift()
      if (!first) return
      const known = first.isKnown()
      first.begin()
      if (!known) break
    }
    if (waiting.length > 0) setImmediate(next)
  }
  return (isKnown) => {
    if (waiting.length >= waitingMax) return Promise.reject(new Unavailable('the line of new operations', busy))
    if (waiting.length === 0) setImmediate(next)
    return new Promise((resolve) => waiting.push({ isKnown, begin: resolve }))
  }
}
