import type { Stop } from '@pasar/shared/events/bus'
import { systemClock } from '@pasar/shared/clock'
import { domains } from '@pasar/shared/domains'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import type { Settings } from '@pasar/shared/process/settings'
import { eventsHandedOver } from '../handed-over.ts'
import { prepareDatabases } from '../prepare.ts'
import { dataFolder } from '../paths.ts'
import { startChild, type Child } from './child.ts'
import { fleetEnvironment } from './environment.ts'

/** How to start a fleet on this machine. */
export interface FleetOptions {
  readonly env: NodeJS.ProcessEnv
  readonly settings: Settings
  readonly say: (line: string) => void
  /** Aborted when the fleet is not wanted any more: nothing further is started, and what was is stopped. */
  readonly stopping?: AbortSignal
}

/** A fleet that answers. */
export interface Fleet {
  /** Where people and clients reach it. */
  readonly url: string
  /** Process id by name: `router`, `orders`, …; a fault test ends one and sees it come back. */
  pid(name: string): number | undefined
  /** Stops the router first and the databases last. */
  stop: Stop
}

/** Starts databases, simulators, six subgraphs and the router; resolves when all of them are ready. */
export async function startFleet({ env, settings, say, stopping }: FleetOptions): Promise<Fleet> {
  const dataDir = dataFolder(settings)
  const databases = await prepareDatabases({ env, dataDir, settings, clock: systemClock, say, ...(stopping && { stopping }) })
  const children: Child[] = []
  const stop = async () => {
    for (const child of children.toReversed()) await child.stop()
    await databases.stop()
  }
  try {
    const common = { env: fleetEnvironment({ env, settings, databaseUrl: databases.urlFor }), say }
    const start = async (name: string, main: string) => {
      stopping?.throwIfAborted()
      children.push(await startChild({ name, main, ...common }))
    }
    if (settings.NODE_ENV !== 'production') await start('simulators', 'scripts/src/simulators/main.ts')
    // Two at a time: each of these processes compiles as it loads, and a small machine has two cores.
    for (let first = 0; first < domains.length; first += 2)
      await Promise.all(domains.slice(first, first + 2).map((domain) => start(domain, `subgraphs/${domain}/src/main.ts`)))
    await eventsHandedOver(databases, stopping)
    await start('router', 'router/src/main.ts')
  } catch (error) {
    await stop()
    throw error
  }
  const url = `http://${hostAndPort(settings.HOST, settings.PORT)}`
  return { url, pid: (name) => children.find((child) => child.name === name)?.pid(), stop }
}
