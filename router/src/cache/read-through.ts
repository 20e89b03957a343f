import { guest, shopsActedFor, type Viewer } from '@pasar/shared/identity/viewer'
import type { CachedReads, SendFetch } from '../execution/execution.ts'
import type { Admitted } from '../operation/admit.ts'
import { openRecent } from '@pasar/shared/flow/recent'
import { routerLimits } from '../safety/limits.ts'
import type { Caller } from '../subgraph/send.ts'
import type { EntityCache } from './entity-cache.ts'

/** Decides which operations may take values from the cache. */
export interface ReadThrough {
  /** Undefined for an operation that must read everything anew: mutations, and queries of who has just changed something. */
  readsFor(kind: Admitted['kind'], caller: Caller): CachedReads | undefined
  /** Notes that an account has changed something: the event of it may still be on its way. */
  noteWrite(viewer: Viewer): void
}

/** What reading through the cache takes. */
export interface ReadThroughOptions {
  readonly cache: EntityCache
  readonly sendFor: (caller: Caller) => SendFetch
  /** Milliseconds that only grow. */
  readonly now: () => number
}

export function openReadThrough({ cache, sendFor, now }: ReadThroughOptions): ReadThrough {
  const wroteAt = openRecent<number>(routerLimits.recentWritersCharactersMax)
  const hasJustWritten = ({ viewer }: Caller): boolean =>
    viewer.kind === 'account' && now() - (wroteAt.get(viewer.accountId) ?? -Infinity) < routerLimits.ownWritesMs
  return {
    readsFor(kind, caller) {
      if (kind !== 'query' || hasJustWritten(caller)) return undefined
      const { viewer, locale, handedOn } = caller
      const asGuest = viewer.kind === 'guest' && !handsOn(handedOn)
      let send: SendFetch | undefined
      const sendAsGuest: SendFetch = (fetch) => (send ??= sendFor(asNobody(caller)))(fetch)
      return { cache, locale, sendAsGuest, asGuest, mayOwn: !asGuest && mayOwn(viewer) }
    },
    noteWrite(viewer) {
      if (viewer.kind === 'account') wroteAt.set(viewer.accountId, now())
    },
  }
}

function handsOn(headers: Caller['handedOn']): boolean {
  for (const _ in headers) return true
  return false
}

function asNobody(caller: Caller): Caller {
  const { handedOn: _, ...asked } = caller
  return { ...asked, viewer: guest }
}

/** Subgraphs tell owners and staff by their token, too. */
const mayOwn = (viewer: Viewer): boolean =>
  viewer.kind !== 'account' || viewer.roles.length > 0 || shopsActedFor(viewer).length > 0
