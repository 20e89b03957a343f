import type { PasarEvent } from '@pasar/schema/events'
import type { Bus, EventHandler, Stop, Subscription } from '@pasar/shared/events/bus'
import type { Clock } from '@pasar/shared/clock'
import type { Domain } from '@pasar/shared/domains'
import type { HttpRequest, HttpResponse } from '@pasar/shared/http/server'
import { openSigner, type Caller, type SigningKeys, type TrustedIssuers } from '@pasar/shared/identity/signature'
import { signingKeys, trustedIssuers } from '@pasar/shared/identity/keys'
import { openCalls } from '@pasar/shared/subgraph/calls'
import { domains } from '@pasar/shared/domains'
import type { Log } from '@pasar/shared/log'
import { Unavailable } from '@pasar/shared/problems'
import type { Settings } from '@pasar/shared/process/settings'
import type { SubgraphRequest, SubgraphTransport } from '@pasar/shared/http/transport'
import type { Users } from '@pasar/users/subgraph'
import type { ExecutionResult } from 'graphql'
import { openersWith } from '../../openers.ts'

/** What a process of the market can be asked. */
export interface Body extends Pick<Users, 'createAccount' | 'createShop'> {
  execute(request: SubgraphRequest): Promise<ExecutionResult>
  /** Hands a notification from outside to the route that it is for; undefined where there is none. */
  notify(
    request: Pick<HttpRequest, 'path' | 'method' | 'url' | 'headers' | 'body' | 'parameters'>,
  ): Promise<HttpResponse | undefined>
  work(): Promise<number>
  stop: Stop
  /** Ends it at once; nothing is finished. */
  end(): void
}

/** What a process of the market is given: its ways to the rest of it. */
export interface Surroundings {
  call(domain: Domain, request: SubgraphRequest): Promise<ExecutionResult>
  publish(domain: Domain, events: readonly PasarEvent[]): Promise<void>
  consume(subscription: Pick<Subscription, 'group' | 'domains'>, handle: EventHandler): void
  reach(point: string, about: string): Promise<void>
  /** Called before each statement; throws when the process is dead. */
  statement(): void
  /** Says that something happens to the process, where nobody hears of its statements. */
  touch(): void
}

/** What a process of the market is made of. */
export interface BodyParts {
  readonly domain: Domain
  readonly url: string
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
}

/** Gives a process its body: here, or in a process of its own. */
export type Embody = (parts: BodyParts, around: Surroundings) => Promise<Body>

interface Keys {
  readonly signing: (name: Caller) => SigningKeys
  readonly trusted: (domain: Domain) => TrustedIssuers
}

const keysRead = new WeakMap<Settings, Keys>()

/** Keys never change: reading them again would be most of what it costs to open a process. */
function keysOf(settings: Settings): Keys {
  const known = keysRead.get(settings)
  if (known) return known
  const byDomain = new Map(domains.map((domain) => [domain, trustedIssuers(settings, domain)]))
  const byCaller = { orders: signingKeys(settings, 'orders'), users: signingKeys(settings, 'users') }
  const keys: Keys = { signing: (name) => byCaller[name], trusted: (domain) => byDomain.get(domain)! }
  keysRead.set(settings, keys)
  return keys
}

/** Opens the subgraph in this process. */
export const embodyHere: Embody = async ({ domain, url, settings, clock, log }, around) => {
  const { signing, trusted } = keysOf(settings)
  const callsOf = (name: Caller) => openCalls(openSigner(signing(name), clock), transportsOf(around), name)
  const subgraph = await openersWith(callsOf)[domain](
    {
      clock,
      bus: busOf(around),
      log,
      settings,
      trusted: trusted(domain),
      background: false,
      onStatement: () => around.statement(),
      point: (point, about) => around.reach(point, about),
    },
    url,
  )
  const people = subgraph as unknown as Users
  return {
    execute: (request) => subgraph.execute(request),
    notify: async (request) => {
      const route = subgraph.routes.find(({ path, method }) => path === request.path && method === request.method)
      return route?.handle(request)
    },
    work: () => subgraph.work(),
    createAccount: (seed) => people.createAccount(seed),
    createShop: (seed) => people.createShop(seed),
    stop: () => subgraph.stop(),
    end: () => void subgraph.stop().catch(() => undefined),
  }
}

const transportsOf = ({ call }: Surroundings) => {
  const ways = domains.map((domain): [Domain, SubgraphTransport] => [
    domain,
    {
      execute: (request) => call(domain, request),
      subscribe: () => Promise.reject(new Unavailable(domain)),
      stop: async () => undefined,
    },
  ])
  return Object.fromEntries(ways) as Record<Domain, SubgraphTransport>
}

/** The market's bus as one process sees it; nobody follows anything live here. */
const busOf = ({ publish, consume }: Surroundings): Bus => ({
  publish,
  consume: async (subscription) => {
    consume(subscription, subscription.handle)
    return async () => undefined
  },
  follow: async () => async () => undefined,
  announce: async () => undefined,
  wake: async () => undefined,
  listen: async () => async () => undefined,
  heldUpTo: async (_, published) => published,
  stop: async () => undefined,
})
