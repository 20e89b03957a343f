import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Called at each boundary of a process's work, such as `productsReserve.committing`. Production has none; tests and proofs end the process
 * there, hold it up, or let a rival go first.
 */
export type Point = (name: string, about: string) => Promise<void>

/**
 * The boundaries of a command or a notification, of an event's consumer, of due work and of a publication. `committing` lies inside the
 * transaction, after its last statement; `committed` before anybody hears of it. Both are there only where a transaction changes something.
 * `asking` lies before somebody outside the market is asked: what was noted before that is committed, and nobody has heard of it.
 */
export const boundaries = {
  command: ['received', 'committing', 'committed', 'replying'],
  consumer: ['received', 'committing', 'committed', 'handled'],
  worker: ['committing', 'committed'],
  outside: ['asking'],
  publication: ['publishing', 'published'],
} as const

/** What a process is at: the name that its boundaries begin with, what it is about, and who wants to know. */
export interface Work {
  readonly name: string
  readonly about: string
  readonly point: Point
}

const present = new AsyncLocalStorage<Work | undefined>()

/** Runs something as the named work; work without a point has no boundaries, also where its caller's has. */
export const during = <T>(work: Work | undefined, run: () => Promise<T>): Promise<T> =>
  work === undefined && present.getStore() === undefined ? run() : present.run(work, run)

/** Called where a boundary lies; does nothing in work without a point. */
export function reach(boundary: string, work: Work | undefined = present.getStore()): Promise<void> | undefined {
  return work?.point(`${work.name}.${boundary}`, work.about)
}

/** The work that this process is at here; undefined where nobody wants to know of its boundaries. */
export const presentWork = (): Work | undefined => present.getStore()
