import type { Viewer } from '@pasar/shared/identity/viewer'
import type { WrittenResult } from '../execution/written-result.ts'
import type { Caller } from '../subgraph/send.ts'
import type { Admitted } from './admit.ts'

/** Lets identical queries that run at the same time for the same viewer be one. */
export interface Sharing {
  query(admitted: Admitted, caller: Caller, run: () => Promise<WrittenResult>): Promise<WrittenResult>
  /** Runs a mutation: what its viewer asks afterwards does not join a query that began before. */
  mutation<T>(caller: Caller, run: () => Promise<T>): Promise<T>
  /** Whoever was just told that something changed: what they ask from now on joins no query that began before. */
  forget(viewer: Viewer): void
}

/**
 * Queries in flight, by whose they are and then by what they ask, in which name. Who asks after something was told to have changed does not
 * join who asked before: `generation` grows with it.
 */
export function openSharing(generation: () => number = () => 0): Sharing {
  const inFlight = new Map<string, Map<string, Promise<WrittenResult>>>()
  const forget = (viewer: Viewer) => void inFlight.delete(holderOf(viewer))
  return {
    query(admitted, caller, run) {
      const holder = holderOf(caller.viewer)
      let own = inFlight.get(holder)
      if (!own) inFlight.set(holder, (own = new Map()))
      const queries = own
      const key = `${generation()}\n${viewerKey(caller)}\n${queryKey(admitted)}`
      const known = queries.get(key)
      if (known) return known
      const running = run().finally(() => {
        if (queries.get(key) === running) queries.delete(key)
        if (queries.size === 0 && inFlight.get(holder) === queries) inFlight.delete(holder)
      })
      queries.set(key, running)
      return running
    },
    async mutation(caller, run) {
      try {
        return await run()
      } finally {
        forget(caller.viewer)
      }
    },
    forget,
  }
}

/** An account in all its sessions and languages; everybody else together. */
const holderOf = (viewer: Viewer): string => (viewer.kind === 'account' ? viewer.accountId : viewer.kind)

/** Everything about an operation that an answer may depend on. */
export const queryKey = ({ query, operationName = '', variables }: Admitted) =>
  `${operationName}\n${JSON.stringify(variables)}\n${query}`

/** Everything about a caller that an answer may depend on. */
export function viewerKey({ viewer, locale, handedOn }: Caller): string {
  const headers = handedOn === undefined ? '' : JSON.stringify(handedOn)
  return viewer.kind === 'guest' ? `guest ${locale} ${headers}` : `${accountKey(viewer)} ${locale} ${headers}`
}

const keys = new WeakMap<Viewer, string>()

/** A viewer's object lives as long as its verified token is remembered. */
function accountKey(viewer: Viewer): string {
  const key = keys.get(viewer) ?? JSON.stringify(viewer)
  keys.set(viewer, key)
  return key
}
