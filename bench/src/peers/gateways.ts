import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSupergraph, subgraphSdlText } from '@pasar/schema/load'
import { domains, type Domain } from '@pasar/shared/domains'
import { freePort, startChild, untilAnswers, type Child } from '../common/child.ts'
import { pinned, type Cores } from '../common/cores.ts'
import { contestants, type Place, type Started } from '../router/contestants.ts'
import type { MarketEnvironment } from './market-settings.ts'
import { viewerHeader } from './viewer-header.ts'

/** A gateway in front of the marketplace. */
export interface Gateway {
  readonly name: string
  start(place: Place): Started
}

/** A gateway that answers. */
export interface RunningGateway extends Child {
  readonly name: string
  readonly port: number
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const ours = (environment: MarketEnvironment, urls: Readonly<Record<Domain, string>>, more: NodeJS.ProcessEnv) => ({
  start: ({ port }: Place): Started => ({
    command: [process.execPath, file('../../run-file.mjs'), file('router-process.ts')],
    env: {
      ...environment,
      ...Object.fromEntries(domains.map((domain) => [`SUBGRAPH_URL_${domain.toUpperCase()}`, new URL(urls[domain]).origin])),
      NODE_ENV: 'production',
      PORT: String(port),
      ...more,
    },
  }),
})

const peer = (name: string) => contestants.find((one) => one.name === name)!

/** Everyone, ours first. */
export const gatewaysFor = (environment: MarketEnvironment, urls: Readonly<Record<Domain, string>>): readonly Gateway[] => [
  { name: 'ours, signing', ...ours(environment, urls, {}) },
  { name: 'ours, unsigned', ...ours(environment, urls, { BENCH_UNSIGNED: 'yes' }) },
  ...['vanilla', 'hive-rust', 'grafbase'].map(peer),
]

/** Where a gateway is started. */
export interface GatewayPlace {
  readonly urls: Readonly<Record<Domain, string>>
  readonly folder: string
  readonly cores: Cores | undefined
}

/** Starts one on the core that is measured, and waits until it answers. */
export async function startGateway(gateway: Gateway, { urls, folder, cores }: GatewayPlace): Promise<RunningGateway> {
  const own = join(folder, gateway.name.replaceAll(/\W+/g, '-'))
  mkdirSync(own, { recursive: true })
  const supergraphFile = join(own, 'supergraph.graphql')
  writeFileSync(supergraphFile, addressed(urls))
  const subgraphs = domains.map((name) => ({ name, url: urls[name], sdl: shown(subgraphSdlText(name)) }))
  const port = await freePort()
  const how = gateway.start({ supergraphFile, subgraphs, forward: viewerHeader, port, folder: own, nodeArgs: [] })
  const logFile = join(own, 'log')
  const child = startChild({
    ...how,
    command: pinned(cores?.measured, how.command),
    env: { ...process.env, NODE_ENV: 'production', ...how.env },
    logFile,
  })
  try {
    await untilAnswers(gateway.name, `http://127.0.0.1:${port}/graphql`, { process: child.process, logFile })
  } catch (error) {
    await child.stop()
    throw error
  }
  return { name: gateway.name, port, pid: child.pid, stop: child.stop }
}

/** Grafbase does not compose hidden fields with hidden types that Apollo's composition takes: there the internal commands are seen. */
const shown = (sdl: string): string => sdl.replaceAll(/\s@inaccessible\b/g, '')

/** The supergraph that gateways load, with the addresses of this measurement. */
const addressed = (urls: Readonly<Record<Domain, string>>): string =>
  domains.reduce((text, domain) => text.replaceAll(`http://${domain}.invalid`, urls[domain]), loadSupergraph().gateway)
