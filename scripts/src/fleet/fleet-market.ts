import type { Socket } from 'node:net'
import { openFleetRouter } from '@pasar/router/fleet-router'
import type { Router } from '@pasar/router/router'
import { fleetCalls } from '@pasar/shared/process/addresses'
import type { Bus, Stop } from '@pasar/shared/events/bus'
import { domains, type Domain } from '@pasar/shared/domains'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import { listen, type HttpServer } from '@pasar/shared/http/server'
import { fleetBus, openMember } from '@pasar/shared/process/run'
import type { Settings } from '@pasar/shared/process/settings'
import type { Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { workUntilDone, type Market, type MarketOptions } from '../market.ts'
import { openersWith, type Subgraphs } from '../openers.ts'
import { serveSimulators } from '../simulators/serve.ts'
import { withSimulators } from '../simulators/simulators.ts'
import type { Deliveries } from './deliveries.ts'

/** What a fleet in this process is made of. */
export interface FleetMarketOptions extends Omit<MarketOptions, 'bus' | 'http' | 'accounts'> {
  readonly deliveries: Deliveries
  /** What each subgraph's bus goes through. */
  readonly throughBus: (bus: Bus) => Bus
}

/** A fleet that answers. */
export interface FleetMarket extends Market {
  readonly simulatorsUrl: string
  readonly router: Router
  /** Ends a subgraph as the death of its process does: its connections are cut, not closed. */
  kill(domain: Domain): Promise<void>
  /** Opens it again, where it was. */
  revive(domain: Domain): Promise<void>
  /** Opens one more router, which ends with the fleet; gives its address. */
  addRouter(): Promise<string>
}

type Servers = Readonly<Record<Domain, HttpServer>>

interface OpenMember {
  readonly subgraph: Subgraph
  readonly stops: readonly Stop[]
  readonly http: HttpServer
  readonly connections: ReadonlySet<Socket>
}

type Members = Record<Domain, OpenMember>

/** Opens what the processes of a fleet open, in this one. Servers listen first, because everybody is told where everybody is. */
export async function openFleetMarket(options: FleetMarketOptions): Promise<FleetMarket> {
  const { log, deliveries } = options
  const servers = await listenForAll(options)
  const addressed = settingsOf(options.settings, servers)
  const simulators = await serveSimulators({ ...options, settings: addressed, smtpPort: 0 })
  const simulatorsUrl = `http://${hostAndPort(addressed.HOST, simulators.port)}`
  const settings: Settings = withSimulators({ ...addressed, PORT_SIMULATORS: simulators.port }, simulators, simulatorsUrl)
  const open = openerOf({ ...options, settings })
  const entries = domains.map(async (domain) => [domain, await open(domain, servers[domain])] as const)
  const members = Object.fromEntries(await Promise.all(entries)) as Members
  const { onFetch, clock } = options
  const openRouter = () => openFleetRouter({ settings, clock, log, ...(onFetch && { explain: { onFetch } }) })
  const urlOf = ({ port }: { readonly port: number }) => `http://${hostAndPort(settings.HOST, port)}`
  const router = await openRouter()
  const routers = [router]
  const works = domains.map((domain) => () => members[domain].subgraph.work())
  return {
    url: urlOf(router),
    simulatorsUrl,
    cache: router.cache,
    router: router.router,
    kill: async (domain) => {
      const { connections, stops } = members[domain]
      for (const connection of connections) connection.destroy()
      await inOrder(stops)
    },
    revive: async (domain) => {
      const { port } = members[domain].http
      members[domain] = await open(domain, await listen({ host: settings.HOST, port, log }))
    },
    addRouter: async () => {
      const added = await openRouter()
      routers.push(added)
      return urlOf(added)
    },
    subgraphs: Object.fromEntries(domains.map((domain) => [domain, members[domain].subgraph])) as Subgraphs,
    settle: () => workUntilDone([...works, () => simulators.run(), () => deliveries.arrived()]),
    stop: async () => {
      for (const { stops } of routers) await inOrder(stops)
      await Promise.all(domains.map((domain) => inOrder(members[domain].stops)))
      await inOrder(simulators.stops)
    },
  }
}

async function listenForAll({ settings, log }: FleetMarketOptions): Promise<Servers> {
  const listening = domains.map(async (domain) => [domain, await listen({ host: settings.HOST, port: 0, log })] as const)
  return Object.fromEntries(await Promise.all(listening)) as Record<Domain, HttpServer>
}

/** The environment of the fleet's processes; the router and the simulators take free ports. */
const settingsOf = (settings: Settings, servers: Servers): Settings => ({
  ...settings,
  PORT: 0,
  PORT_SIMULATORS: 0,
  ...Object.fromEntries(
    domains.map((domain) => [
      `SUBGRAPH_URL_${domain.toUpperCase()}`,
      `http://${hostAndPort(settings.HOST, servers[domain].port)}`,
    ]),
  ),
})

function openerOf(options: FleetMarketOptions) {
  const { settings, clock, log, background, deliveries, throughBus, onStatement } = options
  const openers = openersWith((name) => fleetCalls(options, name))
  return async (domain: Domain, http: HttpServer): Promise<OpenMember> => {
    const connections = connectionsOf(http)
    const bus = throughBus(deliveries.watch(await fleetBus(settings, log)))
    const count = onStatement && { onStatement: (text: string) => onStatement(domain, text) }
    const which = { domain, open: openers[domain], databaseUrl: options.databaseUrl(domain) }
    const platform = { clock, bus, log, settings, background, ...count }
    return { ...(await openMember(platform, { ...which, listen: async () => http })), http, connections }
  }
}

function connectionsOf({ server }: HttpServer): ReadonlySet<Socket> {
  const connections = new Set<Socket>()
  server.on('connection', (connection: Socket) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  return connections
}

async function inOrder(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops) await stop()
}
