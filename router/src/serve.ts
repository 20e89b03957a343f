import type { Stop } from '@pasar/shared/events/bus'
import { listen, type HttpServer, type ListenOptions, type Route } from '@pasar/shared/http/server'
import { healthRoutes } from '@pasar/shared/subgraph/server'
import { graphqlPath } from '@pasar/shared/http/transport'
import { preflightRoute, withCors } from './http/cors.ts'
import { graphqlRoutes } from './http/graphql-routes.ts'
import { sharedCheck } from './http/shared-check.ts'
import { openConnections } from './live/connections.ts'
import { attachSockets } from './live/socket.ts'
import type { Router } from './router.ts'

/** What is served beside the graph. */
export interface MountOptions {
  /** Pages, simulators, notifications of providers; a GET route at the graph's path is the playground. */
  readonly routes: readonly Route[]
  /** Rejects while a subgraph is not ready. */
  ready(): Promise<void>
}

/** Mounts the router on a server that listens already. Stopping ends the sockets and event streams; the server and the router are stopped by whoever opened them. */
export function mountRouter(router: Router, http: HttpServer, { routes, ready }: MountOptions): { stop: Stop } {
  const isPlayground = ({ method, path }: Route) => method === 'GET' && path === graphqlPath
  const connections = openConnections(router.options)
  const graph = graphqlRoutes({ router, connections, playground: routes.find(isPlayground) })
  const others = routes.filter((route) => !isPlayground(route))
  const { CORS_ORIGINS: origins } = router.options.settings
  const { voidTokens, clock } = router.options
  const isReady = async () => {
    await voidTokens?.known()
    await ready()
  }
  const health = healthRoutes(sharedCheck(isReady, clock))
  http.mount([...health, ...graph, ...others, preflightRoute(origins)], withCors(origins))
  const sockets = attachSockets(router, http.server, connections)
  const stop = async () => {
    connections.stop()
    await sockets.stop()
  }
  return { stop }
}

/** Listens and mounts the router; its stop finishes what is in flight, sockets first. */
export async function serveRouter(router: Router, options: ListenOptions & MountOptions): Promise<HttpServer> {
  const http = await listen(options)
  const sockets = mountRouter(router, http, options)
  const stop = async () => {
    await sockets.stop()
    await http.stop()
  }
  return { ...http, stop }
}

/** Asks a subgraph of a fleet whether it is ready; rejects when it says no, or nothing within two seconds. */
export async function httpReady(url: string): Promise<void> {
  const response = await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(2_000) })
  await response.text()
  if (!response.ok) throw new Error(`${url} is not ready`)
}
