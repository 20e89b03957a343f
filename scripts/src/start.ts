import '@pasar/shared/process/young-memory'
import { once } from 'node:events'
import type { Stop } from '@pasar/shared/events/bus'
import { systemClock } from '@pasar/shared/clock'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import { listen, type HttpServer } from '@pasar/shared/http/server'
import { withFreshKeys } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { fleetBus } from '@pasar/shared/process/run'
import { reachRedis } from '@pasar/shared/events/reach-redis'
import { readSettings, type Settings } from '@pasar/shared/process/settings'
import { runCommand } from './command.ts'
import { demoCommand } from './demo/find-market.ts'
import { eventsHandedOver } from './handed-over.ts'
import { dataFolder } from './paths.ts'
import { prepareDatabases } from './prepare.ts'
import { demoAccounts } from '@pasar/router/pages/demo-accounts'
import { StartProblem } from './start-problem.ts'
import { stopAsked } from './stop-asked.ts'

const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`

/** `npm start`: the whole market in one process, from nothing. */
await runCommand(async () => {
  const settings = readSettings(withFreshKeys(process.env))
  const log = openLog(settings.LOG_LEVEL, 'pasar')
  const stopping = stopAsked()
  const http = await listenOrSay(settings, log)
  const dataDir = dataFolder(settings)
  console.log('Starting the market …')
  const stops: Stop[] = [async () => void http.server.close()]
  try {
    if (settings.REDIS_URL !== undefined) await reachRedis(settings.REDIS_URL, console.log)
    const databases = await prepareDatabases({
      env: process.env,
      dataDir,
      settings,
      clock: systemClock,
      say: console.log,
      stopping,
    })
    stops.unshift(databases.stop)
    console.log(`Databases are ready (${seconds()}); opening six subgraphs and the router`)
    // The market's code needs the database clients, which may just have been made.
    const { openMarket } = await import('./market.ts')
    const bus = settings.REDIS_URL === undefined ? memoryBus() : await fleetBus(settings, log)
    const common = { settings, bus, clock: systemClock, log, http, dataDir, background: true, accounts: demoAccounts }
    const beforeOpening = () => eventsHandedOver(databases, stopping)
    const market = await openMarket({ ...common, databaseUrl: databases.urlFor, beforeOpening })
    stops.unshift(market.stop)
    say(market.url, settings)
    if (!stopping.aborted) await once(stopping, 'abort')
  } catch (error) {
    if (!stopping.aborted) throw error
  } finally {
    await stopAll(stops)
  }
  process.exit(0)
})

async function stopAll(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops) await stop()
}

async function listenOrSay(settings: Settings, log: ReturnType<typeof openLog>): Promise<HttpServer> {
  try {
    return await listen({ host: settings.HOST, port: settings.PORT, log })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new StartProblem(
        `Port ${settings.PORT} is taken by another program: stop it, or choose another with PORT=${settings.PORT + 1} npm start.`,
      )
    throw new StartProblem(`Pasar cannot listen on ${hostAndPort(settings.HOST, settings.PORT)} (${code ?? String(error)}).`)
  }
}

function say(url: string, settings: Settings): void {
  const lines = [
    '',
    `Pasar is open after ${seconds()}.`,
    '',
    `  Start here   ${url}`,
    `  Graph        ${url}/graphql${settings.NODE_ENV === 'production' ? '' : '   (a playground for browsers)'}`,
  ]
  const development = [
    `  Simulators   ${url}/simulators   (payment provider, couriers, mail)`,
    '',
    '  Demo accounts',
    ...demoAccounts.map(({ role, email, password }) => `    ${role.padEnd(7)} ${email}  ${password}`),
    '',
    `  Try first: open the playground and run its first tab, or "${demoCommand(url)}" in another terminal.`,
  ]
  console.log([...lines, ...(settings.NODE_ENV === 'production' ? [] : development), '', '  Ctrl-C stops it.'].join('\n'))
}
