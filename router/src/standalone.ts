import { readFileSync } from 'node:fs'
import { systemClock } from '@pasar/shared/clock'
import type { Stop } from '@pasar/shared/events/bus'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import type { Log } from '@pasar/shared/log'
import { httpTransport, type SubgraphTransport } from '@pasar/shared/http/transport'
import { Kind, parse, type DefinitionNode } from 'graphql'
import { openAccessIndexUnguarded } from './access/access-index.ts'
import { openTimedCache } from './cache/market-cache.ts'
import type { PersistedOptions } from './persisted/manifest.ts'
import { openRouter, type Router } from './router.ts'
import { serveRouter } from './serve.ts'
import type { Caller } from './subgraph/send.ts'
import { argumentOf } from './supergraph/argument.ts'
import { watchSupergraph } from './supergraph/watch.ts'

/** A router for any supergraph that the gateway can load. */
export interface StandaloneOptions {
  /** Text of the supergraph; it says where its subgraphs are. */
  readonly supergraph: string
  /** Where the text is from; the router follows its changes. Subgraphs that a change adds are not reached. */
  readonly file?: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly log: Log
  /** Whether what is marked as public is kept for its time. */
  readonly cache?: boolean
  /** What the clients were built with. */
  readonly persisted?: PersistedOptions
}

/** A standalone router that answers. */
export interface Standalone {
  readonly url: string
  readonly router: Router
  stop: Stop
}

/**
 * Serves a supergraph without the market: no accounts, no signatures, no access rules. Subgraphs get the clients' Authorization
 * header as it is, and decide by themselves.
 */
export async function openStandalone({
  supergraph,
  file,
  host,
  port,
  log,
  cache = false,
  persisted,
}: StandaloneOptions): Promise<Standalone> {
  const transports = transportsOf(supergraph)
  const router = await openRouter({
    supergraph: bothTexts(supergraph),
    transports,
    signer: { headers: async (_, caller: Caller) => ({ ...caller.handedOn }) },
    verifyAccessToken: undefined,
    handOn: ['authorization'],
    clock: systemClock,
    log,
    settings: { NODE_ENV: 'development', CORS_ORIGINS: [], TRUSTED_PROXIES: [], ...unbounded },
    readAccess: openAccessIndexUnguarded,
    ...(cache && { cache: openTimedCache() }),
    persisted,
  })
  const http = await serveRouter(router, { host, port, log, routes: [], ready: async () => undefined })
  const stopWatching = file === undefined ? undefined : watchFile(router, file, log)
  const stop = async () => {
    await stopWatching?.()
    await http.stop()
    await router.stop()
    await Promise.all(Object.values(transports).map((transport) => transport.stop()))
  }
  return { url: `http://${hostAndPort(host, http.port)}`, router, stop }
}

const watchFile = (router: Router, file: string, log: Log) =>
  watchSupergraph(router, { files: [file], load: () => bothTexts(readFileSync(file, 'utf8')), log })

const bothTexts = (supergraph: string) => ({ full: supergraph, gateway: supergraph })
/** Whoever stands in front of a router that knows nobody counts its clients. */
const unbounded = { BUDGET_ACCOUNT: 0, BUDGET_ADDRESS: 0, BUDGET_TRIES: 0 }

const transportsOf = (supergraph: string): Readonly<Record<string, SubgraphTransport>> =>
  Object.fromEntries(
    parse(supergraph)
      .definitions.flatMap(graphsOf)
      .map(({ name, url }) => [name, httpTransport(name, url)]),
  )

/** Names and addresses of the subgraphs, as composition wrote them. */
function graphsOf(definition: DefinitionNode): { name: string; url: string }[] {
  if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') return []
  return (definition.values ?? []).map(({ directives = [] }) => {
    const graph = directives.find(({ name }) => name.value === 'join__graph')
    const text = (name: string) => (graph && argumentOf(graph, name)) ?? ''
    return { name: text('name'), url: text('url') }
  })
}
