import { setImmediate as nextTurn } from 'node:timers/promises'

/** Does work that holds everybody up, each piece in a turn of the event loop of its own. */
export type InTurn = <T>(work: () => T) => Promise<T>

/** Lets what waits for the loop go on between two pieces of work, however many there are. */
export function openTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return async (work) => {
    const turn = last.then(() => nextTurn())
    last = turn
    await turn
    return work()
  }
}
