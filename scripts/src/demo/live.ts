import type { Client, Variables } from './client.ts'
import { Deviation } from './deviation.ts'
import type { Operation } from './operation.ts'

/** A subscription whose frames are kept, so that one may wait for what has come already. */
export interface Stream<F> {
  readonly frames: readonly F[]
  /** The first frame that passes, come or to come; ends the story when none does within the deadline. */
  waitFor(what: string, passes: (frame: F) => boolean): Promise<F>
  /** Resolves as soon as there are so many frames that pass. */
  waitForCount(what: string, count: number, passes: (frame: F) => boolean): Promise<void>
  /** Follows no longer. */
  stop(): void
}

/** As `after`: the whole stream of one order, payment or parcel, so that nothing happens before one listens. */
export const fromTheStart = 'START'

/** What is followed, by whom, and how a frame is told in one line. */
export interface FollowOptions<F> {
  readonly client: Client
  readonly operation: Operation<F>
  readonly variables: Variables
  tell(frame: F): string
}

/** Follows live fields, tells every frame as it comes and counts them. */
export interface Live {
  follow<F>(options: FollowOptions<F>): Stream<F>
  readonly count: () => number
}

interface Waiter {
  /** Looks again; true when it waits no longer. */
  look(): boolean
  fail(error: Deviation): void
}

/** The live side of one telling of the story. */
export function openLive(tell: (line: string) => void, deadlineMs: number): Live {
  let count = 0
  return {
    count: () => count,
    follow<F>({ client, operation, variables, tell: line }: FollowOptions<F>): Stream<F> {
      const frames: F[] = []
      const waiters = new Set<Waiter>()
      let lost: Deviation | undefined
      const hear = (frame: F) => {
        count += 1
        frames.push(frame)
        tell(line(frame))
        for (const waiter of waiters) if (waiter.look()) waiters.delete(waiter)
      }
      const stop = client.follow(operation, variables, {
        next: hear,
        lost: (reason) => {
          lost = new Deviation(`A live connection was lost: ${reason}`)
          for (const waiter of waiters) waiter.fail(lost)
        },
      })
      const until = <T>(what: string, found: () => T | undefined) =>
        lost === undefined ? waiting({ waiters, what, deadlineMs }, found) : Promise.reject(lost)
      return {
        frames,
        stop,
        waitFor: (what, passes) => until(what, () => frames.find(passes)),
        waitForCount: async (what, wanted, passes) => {
          await until(what, () => (frames.filter(passes).length >= wanted ? true : undefined))
        },
      }
    },
  }
}

interface Waiting {
  readonly waiters: Set<Waiter>
  readonly what: string
  readonly deadlineMs: number
}

/** Waits for frames, never for time: the timer only ends what would wait for ever. */
function waiting<T>({ waiters, what, deadlineMs }: Waiting, found: () => T | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = () => fail(new Deviation(`No live frame told of ${what} within ${deadlineMs / 1000} seconds`))
    const timer = setTimeout(late, deadlineMs)
    const fail = (error: Deviation) => {
      clearTimeout(timer)
      waiters.delete(waiter)
      reject(error)
    }
    const look = () => {
      const value = found()
      if (value === undefined) return false
      clearTimeout(timer)
      resolve(value)
      return true
    }
    const waiter = { look, fail }
    if (!look()) waiters.add(waiter)
  })
}
