import { errorDetails, type Log } from '@pasar/shared/log'
import type { Clock } from '@pasar/shared/clock'
import type { Viewer } from '@pasar/shared/identity/viewer'
import type { VerifiedToken } from '../identity/access-token.ts'
import type { VoidTokens } from '../identity/void-tokens.ts'
import { addressKey } from '../identity/client-address.ts'
import { routerLimits } from '../safety/limits.ts'
import type { Leave } from './follower.ts'
import { openSeats, type Seats } from './seats.ts'

/** Why the router ends a connection that did nothing wrong. */
export type Closing = 'token expired' | 'session ended' | 'going away'

/** Says which of some sessions go on no longer. */
export type EndedSessions = (sessionIds: readonly string[]) => Promise<readonly string[]>

/** What watching connections takes. */
export interface ConnectionsOptions {
  readonly clock: Clock
  readonly log: Log
  /** Undefined for a router that knows no sessions. */
  readonly endedSessions?: EndedSessions | undefined
  readonly voidTokens?: Pick<VoidTokens, 'whyVoid' | 'onMore'> | undefined
}

/** A client's open connection: a socket, or an event stream. */
export interface Connection {
  /** Says who holds it, and by which token; false when that account holds too many. */
  signIn(viewer: Viewer, token: VerifiedToken | undefined): boolean
  /** Takes a place for one subscription; undefined when its holder has too many. */
  subscribe(): Leave | undefined
  leave(): void
}

/** The open connections of all clients. */
export interface Connections {
  /** Opens one; undefined when there are too many. `close` is called when it has to end. */
  open(address: string, close: (why: Closing) => void): Connection | undefined
  /** Ends every connection and takes no more. */
  stop(): void
}

/** Sessions that are looked up at once. */
const sessionsAtOnce = 500

/** Opens the book of connections: who holds how many, until when, and whether the session still goes on. */
export function openConnections(options: ConnectionsOptions): Connections {
  const book: Book = { open: new Set(), options, places: openPlaces() }
  const { endedSessions, voidTokens, log } = options
  let checking = false
  const check = async (ended: EndedSessions) => {
    if (checking) return
    checking = true
    await endRevoked(book, ended).catch((error: unknown) => log.warn(errorDetails(error), 'sessions could not be checked'))
    checking = false
  }
  const beat = endedSessions && setInterval(() => void check(endedSessions), routerLimits.sessionCheckMs)
  beat?.unref()
  const stopListening = voidTokens?.onMore(() => {
    for (const connection of book.open) connection.endIfVoid()
  })
  let stopped = false
  return {
    open(address, close) {
      const release = stopped ? undefined : book.places.connections.take(holderAt(address), routerLimits.connectionsPerAddressMax)
      return release && new OpenConnection(book, { address, close, release })
    },
    stop() {
      stopped = true
      clearInterval(beat)
      void stopListening?.()
      for (const connection of book.open) connection.close('going away')
    },
  }
}

interface Book {
  readonly open: Set<OpenConnection>
  readonly options: ConnectionsOptions
  readonly places: ReturnType<typeof openPlaces>
}

const openPlaces = (): Readonly<Record<'connections' | 'accounts' | 'subscriptions', Seats>> => ({
  connections: openSeats(routerLimits.connectionsMax),
  accounts: openSeats(routerLimits.connectionsMax),
  subscriptions: openSeats(routerLimits.subscriptionsMax),
})

const holderAt = (address: string) => `address ${addressKey(address)}`

async function endRevoked({ open }: Book, endedSessions: EndedSessions): Promise<void> {
  const ids = [...new Set([...open].flatMap(({ sessionId }) => sessionId ?? []))]
  for (let from = 0; from < ids.length; from += sessionsAtOnce) {
    const ended = new Set<string | undefined>(await endedSessions(ids.slice(from, from + sessionsAtOnce)))
    for (const connection of open)
      if (connection.sessionId !== undefined && ended.has(connection.sessionId)) connection.close('session ended')
  }
}

class OpenConnection implements Connection {
  readonly close: (why: Closing) => void
  sessionId: string | undefined
  #token: VerifiedToken | undefined
  readonly #book: Book
  readonly #releases: Leave[]
  #holder: string
  #subscriptionsMax: number = routerLimits.subscriptionsPerAddressMax
  #expiry: NodeJS.Timeout | undefined
  #left = false

  constructor(book: Book, opened: { readonly address: string; readonly close: (why: Closing) => void; readonly release: Leave }) {
    this.close = opened.close
    this.#book = book
    this.#holder = holderAt(opened.address)
    this.#releases = [opened.release]
    book.open.add(this)
  }

  signIn(viewer: Viewer, token: VerifiedToken | undefined): boolean {
    if (this.#left || viewer.kind !== 'account') return !this.#left
    const { places, options } = this.#book
    const release = places.accounts.take(viewer.accountId, routerLimits.connectionsPerAccountMax)
    if (!release) return false
    this.#releases.push(release)
    this.#holder = viewer.accountId
    this.#subscriptionsMax = routerLimits.subscriptionsPerAccountMax
    this.sessionId = viewer.sessionId
    if (!token) return true
    this.#token = token
    this.#endAfter(token.expires.getTime() - options.clock.now().getTime())
    // It may have become void while it waited for its turn.
    this.endIfVoid()
    return true
  }

  /** At once, where its session has ended; where there are other rights now, the answer that brings a token with them may be on its way over it. */
  endIfVoid(): void {
    const why = this.#token && this.#book.options.voidTokens?.whyVoid(this.#token)
    if (why === undefined) return
    this.#token = undefined
    if (why === 'rights changed') return this.#endAfter(routerLimits.changedRightsMs)
    setImmediate(() => {
      if (!this.#left) this.close(why)
    })
  }

  #endAfter(ms: number): void {
    clearTimeout(this.#expiry)
    this.#expiry = setTimeout(() => this.close('token expired'), Math.max(0, ms)).unref()
  }

  subscribe(): Leave | undefined {
    return this.#book.places.subscriptions.take(this.#holder, this.#subscriptionsMax)
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    this.#book.open.delete(this)
    clearTimeout(this.#expiry)
    for (const release of this.#releases) release()
  }
}
